"""What fails leaves the rest alone, is kept, and arrives when it is tried again."""

import pytest

from pipeline.simulation.faults import Fault
from tests.codegen import matrix
from tests.codegen.conftest import Tried, proving
from tests.codegen.matrix import Pattern, Row
from tests.codegen.trial import COUNT


@proving(Pattern.DEAD_LETTER)
def test_a_record_that_cannot_be_written_waits_until_it_can(row: Row, tried: Tried) -> None:
    trial = tried(row)
    assert row.refused is not None
    trial.put(row.source, [row.refused])
    inputs = [trial.event(row.refused), *trial.inputs] if row.event else [{}]
    failed, *others = [trial.run(data) for data in inputs]
    assert not failed["ok"]
    assert all(one["ok"] for one in others)
    (target,) = row.arriving
    assert trial.counts() == {target: COUNT}
    assert len(trial.world.issues) == 1, "a person is told what is missing"
    assert str(next(iter(row.refused.values()))) in str(trial.world.logs)
    for name, record in row.mended_by.items():
        trial.put(name, [record])
    trial.succeed(inputs[:1])  # the platform replays an event; a schedule comes by itself
    assert trial.counts() == {target: COUNT + 1}
    trial.succeed(inputs)
    assert trial.counts() == {target: COUNT + 1}


def test_however_many_wait_all_are_tried_again(tried: Tried) -> None:
    trial = tried(matrix.named("known-accounts"), count=0)
    count = 102  # more than a page of kept values
    assert trial.row.refused is not None
    named = ({"hs_object_id": str(number), "dealname": f"Deal {number}"} for number in range(count))
    trial.put(trial.row.source, [{**trial.row.refused, **one} for one in named])
    assert not trial.run()["ok"]
    for name, record in trial.row.mended_by.items():
        trial.put(name, [record])
    trial.succeed()
    assert trial.counts() == {"salesforce.opportunity": count}


OUTAGES = [matrix.named(name) for name in ("table-source", "upsert-found", "known-accounts")]


@pytest.mark.parametrize("row", OUTAGES, ids=lambda row: row.name)
def test_an_outage_of_the_target_loses_nothing(row: Row, tried: Tried) -> None:
    trial = tried(row)
    trial.mock(next(iter(row.arriving)))[0].faults.add(Fault("unavailable", times=8))
    outcomes = [trial.run(data) for data in trial.inputs]
    assert not outcomes[0]["ok"]
    assert "is not available" in trial.world.issues[0]["title"]
    trial.succeed(trial.inputs * 2)
    assert trial.counts() == {name: COUNT for name in row.arriving}
