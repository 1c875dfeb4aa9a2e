"""The reading of requests holds what it has reached. What is set aside has a floor of its own."""

from pathlib import Path

import pytest

from pipeline.analysts.evaluating import evaluate
from pipeline.analysts.offline import OfflineAnalyst
from pipeline.analysts.requests_file import read_requests
from pipeline.analysts.scoring import Score, totals
from pipeline.catalogue.catalogue import Catalogue

HERE = Path(__file__).parent
FLOORS = {"tuning.yaml": 0.96, "test.yaml": 0.75}  # of whole requests
SCOPE = {"development.yaml": 1.0, "tuning.yaml": 1.0, "test.yaml": 0.95}


def scored(name: str) -> list[Score]:
    catalogue = Catalogue.load()
    requests = read_requests(HERE / name)
    return evaluate(requests, HERE, OfflineAnalyst(catalogue), catalogue, "2026-11-22")


@pytest.mark.parametrize("name", FLOORS)
def test_requests_are_understood(name: str) -> None:
    scores = scored(name)
    wrong = [one.id for one in scores if not one.right]
    assert 1 - len(wrong) / len(scores) >= FLOORS[name], wrong
    right, asked = totals(scores)["scope"]
    assert right / asked >= SCOPE[name]
    assert not any(one.trouble for one in scores)
