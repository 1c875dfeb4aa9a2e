"""Both ways, and updates that come late: the newest, or the side that wins, stays."""

from typing import Any

from tests.codegen import matrix
from tests.codegen.conftest import Tried
from tests.codegen.matrix import Row
from tests.codegen.trial import Trial


def both(trial: Trial) -> int:
    """How many writes it took until nothing was left to do."""
    before = trial.world.writes
    for name in ("there", "back", "there", "back"):
        trial.succeed(workflow=name)
    return trial.world.writes - before


def change(trial: Trial, name: str, values: dict[str, Any]) -> None:
    """As a person does it in the system itself."""
    mock, entity = trial.mock(name)
    (record,) = mock.records(entity)
    with mock.lock:
        records = mock._engine.records
        records.update(entity, records.id_of(entity, record), values)


def mirrored(row: Row, tried: Tried) -> Trial:
    """A world in which the source has one record."""
    return tried(row, count=1)


def test_both_ways_end_in_the_newest_and_go_round_no_further(tried: Tried) -> None:
    trial = mirrored(matrix.named("both-ways"), tried)
    assert both(trial) == 1
    change(trial, "hubspot.contact", {"jobtitle": "Chief"})
    assert both(trial) == 1
    change(trial, "salesforce.contact", {"Title": "Owner"})
    assert both(trial) == 1
    change(trial, "hubspot.contact", {"jobtitle": "Earlier"})
    change(trial, "salesforce.contact", {"Title": "Later"})
    assert both(trial) == 1
    (one,), (other,) = trial.found("hubspot.contact"), trial.found("salesforce.contact")
    assert one["jobtitle"] == other["Title"] == "Later"


def test_both_ways_end_in_what_the_winning_side_says(tried: Tried) -> None:
    trial = mirrored(matrix.named("one-side-wins"), tried)
    assert both(trial) == 1
    change(trial, "hubspot.contact", {"jobtitle": "Chief"})
    assert both(trial) == 1
    change(trial, "zendesk.user", {"notes": "Earlier"})
    change(trial, "hubspot.contact", {"jobtitle": "Later"})
    assert both(trial) == 1
    (one,), (other,) = trial.found("hubspot.contact"), trial.found("zendesk.user")
    assert one["jobtitle"] == other["notes"] == "Earlier"


def test_late_updates_change_nothing(tried: Tried) -> None:
    trial = tried(matrix.named("update-only"), count=1)
    seen = []
    for day, note in ((2, "second"), (1, "first"), (3, "third"), (2, "second")):
        order = {**trial.records[0], "customer_note": note,
                 "date_modified_gmt": f"2026-03-0{day}T00:00:00"}  # fmt: skip
        trial.succeed([trial.event(order)])
        (written,) = trial.found("shopify.order")
        seen.append(written["note"])
    assert seen == ["second", "second", "third", "third"]
