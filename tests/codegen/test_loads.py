"""Reading much: first loads that are killed, batches that run again by themselves, backfills."""

from typing import Any

import pytest

from tests.codegen.conftest import LARGEST_BATCH, Tried, proving
from tests.codegen.matrix import Pattern, Row
from tests.codegen.matrix.reading import time_of
from tests.codegen.trial import Trial
from tests.codegen.world import Killed, kept_as

MANY = 49  # more than one run takes, and more than a page has


def arrived(trial: Trial) -> int:
    (count,) = trial.counts().values()
    return count


@proving(Pattern.FIRST_LOAD)
def test_a_first_load_goes_on_where_it_was_killed(row: Row, tried: Tried) -> None:
    trial = tried(row, count=MANY)
    trial.world.kill_after_write = 28
    with pytest.raises(Killed):
        trial.run()
    written = [arrived(trial)]
    for _ in range(3):
        trial.world.running.clear()  # the durable workflow that should have read on has failed
        trial.succeed()
        written.append(arrived(trial))
    assert written == [28, LARGEST_BATCH, MANY, MANY]
    before = trial.world.writes
    assert before == MANY + 1, "only the write that nobody noted is done again"
    late = {**row.make(MANY + 1), "updated_at": late_time(MANY)}
    trial.put(row.source, [late])
    trial.succeed()
    assert trial.world.writes == before + 1, "the overlap finds what was written down late"


def late_time(number: int) -> str:
    """Half a minute before the time of that number."""
    return time_of(number - 1).replace(":00Z", ":30Z")


@proving(Pattern.DURABLE_BY_HAND)
def test_a_durable_backfill_runs_again_until_all_is_read(row: Row, tried: Tried) -> None:
    trial = tried(row, count=100)
    asked = {"since": row.make(9)["updated_at"]}
    written = []
    for _ in range(4):
        runs = trial.world.rescheduled
        trial.succeed([asked], durable=True)
        written.append(arrived(trial))
        if trial.world.rescheduled == runs:
            break
    assert written == [40, 80, 92]
    assert trial.world.writes == 92


@proving(Pattern.DURABLE_BY_SCHEDULE)
def test_what_a_schedule_leaves_is_read_by_a_durable_workflow(row: Row, tried: Tried) -> None:
    trial = tried(row, count=100)
    name = f"{row.workflow.name}-rest"
    trial.succeed()
    assert (arrived(trial), trial.world.started) == (LARGEST_BATCH, {"instance-1": name})
    written: list[int] = []
    for _ in range(2):
        trial.succeed()
        assert arrived(trial) == LARGEST_BATCH * (len(written) + 1), "the schedule leaves it alone"
        (outcome,) = trial.succeed(workflow=name, durable=True)
        written.append(outcome["data"]["written"])
    assert (written, trial.world.rescheduled) == ([80, 100], 1)
    trial.world.running.clear()
    trial.put(row.source, [row.make(101)])
    trial.succeed()
    assert (arrived(trial), trial.world.writes) == (101, 101)


@proving(Pattern.BACKFILL)
def test_a_backfill_reads_from_its_date_and_writes_nothing_twice(row: Row, tried: Tried) -> None:
    trial = tried(row)
    cursor = row.workflow.cursor
    assert cursor is not None
    first, second, third = (record[cursor.field] for record in trial.records)
    progress = kept_as([row.workflow.name, "progress"])
    trial.world.kept[progress] = {"since": after(third)}

    def rows(data: Any) -> int:
        trial.succeed([data])
        return arrived(trial)

    assert rows(None) == 0
    assert rows({"since": second}) == 2
    assert rows({"since": second}) == 2
    assert rows({"scheduledTime": "2026-03-01T00:00:00Z"}) == 2
    assert rows({"since": first}) == 3
    assert trial.world.writes == 3


def after(time: Any) -> Any:
    """A time of the source that is later than any of its records by more than an overlap."""
    return time + 10_000 if isinstance(time, int) else "2026-03-02T00:00:00Z"
