"""A small soak: kills of the child, the runner and the bot lose no event."""

from pathlib import Path

from tests.bench.soak import processes
from tests.bench.soak.course import FAULTS, Course
from tests.bench.soak.sending import is_unreadable

EVENTS = 200


def test_kills_lose_no_event(tmp_path: Path) -> None:
    with processes.target(FAULTS) as target_url:
        fates = Course(tmp_path, target_url).run(EVENTS, calm=0)

    unreadable = sum(1 for number in range(1, EVENTS + 1) if is_unreadable(number))
    assert (fates.lost, fates.doubled, fates.unfinished) == ([], [], 0)
    assert fates.once == EVENTS - unreadable
    # One that was sent again, since the runner was killed before it answered, can be there twice.
    assert fates.dead.total() >= unreadable > 0
    assert all("no customer with an id" in reason for reason in fates.dead)
    assert fates.bot_went_on
