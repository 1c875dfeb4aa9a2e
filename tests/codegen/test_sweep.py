"""Whatever pair of systems is asked for, a project is made or a sentence says why not."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.sandbox.deno import Deno
from tests.codegen.sweep import requests, tried

EVERY = 23  # `make bench` tries them all


def test_every_request_becomes_a_project_or_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deno, "format", lambda _, files: files)
    known = Catalogue.load()
    analyst = OfflineAnalyst(known)
    asked = list(requests(known))
    assert len(asked) > 800
    outcomes = [tried(text, known, analyst) for text in asked[::EVERY]]
    assert sum(not one.reasons for one in outcomes) > len(outcomes) / 4
    assert all(len(reason) > 20 for one in outcomes for reason in one.reasons)
