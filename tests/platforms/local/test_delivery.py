"""What becomes of events whose child ends, says nothing, or whose end can't be written."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import SystemClock
from pipeline.errors import PlatformError
from pipeline.platforms.local import delivery as delivery_module
from pipeline.platforms.local.channel import ChildGone
from pipeline.platforms.local.delivery import Delivery
from pipeline.platforms.local.lanes import ATTEMPTS
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import Result

PLACE = Place("prj_1", "test")


class ScriptedChild:
    """Ends each invocation as it is told. It is its own home, and always there."""

    def __init__(self, end: Callable[[str], Result]) -> None:
        self.end = end
        self.messages: list[dict[str, Any]] = []
        self.in_work: set[str] = set()

    @property
    def child(self) -> "ScriptedChild":
        return self

    def want_child(self) -> None:
        raise AssertionError("there is one")

    async def invoke(self, execution_id: str, message: dict[str, Any], seconds: float) -> Result:
        self.messages.append(message)
        self.in_work.add(execution_id)
        try:
            await asyncio.sleep(0)
            return self.end(execution_id)
        finally:
            self.in_work.discard(execution_id)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite", SystemClock())


def succeed(execution_id: str) -> Result:
    return Result(type="result", id=execution_id, ok=True, data="done")


def deliver(ledger: Ledger, child: ScriptedChild) -> None:
    """Deliver until nothing is pending or running."""

    async def run() -> None:
        delivery = Delivery(PLACE, ledger, child, lambda _: {})  # type: ignore[arg-type]
        delivery.start()
        async with asyncio.timeout(5):
            while set(ledger.events.counts(PLACE)) & {"pending", "running"}:
                await asyncio.sleep(0.005)
        await delivery.close()

    asyncio.run(run())


def add(ledger: Ledger, body: bytes = b"", **headers: str) -> str:
    request = {"method": "POST", "path": "/", "headers": headers, "query": {}}
    event_id = ledger.events.add(PLACE, "w", "webhook", request=request, body=body)
    assert event_id is not None
    return event_id


def test_an_event_that_ends_its_child_every_time_fails_in_the_end(ledger: Ledger) -> None:
    def die(execution_id: str) -> Result:
        raise ChildGone("its process ended")

    event_id = add(ledger)
    child = ScriptedChild(die)
    deliver(ledger, child)

    event = ledger.events.get(event_id)
    assert (event.state, event.attempts, len(child.messages)) == ("failed", ATTEMPTS, ATTEMPTS)
    assert "its process ended" in event.reason


def test_an_event_without_an_end_fails(ledger: Ledger) -> None:
    def hang(execution_id: str) -> Result:
        raise TimeoutError

    event_id = add(ledger)
    deliver(ledger, ScriptedChild(hang))

    assert "longer than" in ledger.events.get(event_id).reason


def test_an_end_that_cannot_be_written_is_written_later(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_module, "_LEDGER_PAUSE_SECONDS", 0.01)
    finish, failures = ledger.events.finish, iter([True, True, False])

    def full_disk(event_id: str, result: Any) -> None:
        if next(failures):
            raise PlatformError("The disk is full.")
        finish(event_id, result)

    monkeypatch.setattr(ledger.events, "finish", full_disk)
    event_id = add(ledger)
    child = ScriptedChild(succeed)
    deliver(ledger, child)

    assert ledger.events.get(event_id).state == "done"
    assert len(child.messages) == 1


def test_a_claim_that_fails_is_tried_again(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_module, "_LEDGER_PAUSE_SECONDS", 0.01)
    claim, failures = ledger.events.claim, iter([True, True])

    def full_disk(place: Place) -> Any:
        if next(failures, False):
            raise PlatformError("The disk is full.")
        return claim(place)

    monkeypatch.setattr(ledger.events, "claim", full_disk)
    event_id = add(ledger)
    deliver(ledger, ScriptedChild(succeed))

    assert ledger.events.get(event_id).state == "done"


@pytest.mark.parametrize(
    ("body", "content_type", "data"),
    [
        (b'{"id": 1}', "application/json", {"id": 1}),
        (b'{"id": 1}', "text/plain", {"id": 1}),
        (b"a=1&b=2&b=3", "application/x-www-form-urlencoded", {"a": "1", "b": ["2", "3"]}),
        (b"not json", "application/json", "not json"),
        (b"", "application/json", None),
        (b"\xff", "application/octet-stream", "\ufffd"),
    ],
)  # fmt: skip
def test_a_workflows_data_is_the_parsed_body(
    ledger: Ledger, body: bytes, content_type: str, data: Any
) -> None:
    add(ledger, body, **{"content-type": content_type})
    child = ScriptedChild(succeed)
    deliver(ledger, child)

    (message,) = child.messages
    assert message["data"] == data
    assert message["request"]["raw_body"] == body.decode(errors="replace")


def test_events_are_started_in_order(ledger: Ledger) -> None:
    for number in range(30):
        add(ledger, b"%d" % number)
    child = ScriptedChild(succeed)
    deliver(ledger, child)

    assert [message["data"] for message in child.messages] == list(range(30))


def test_an_event_that_ends_its_child_takes_no_other_with_it(ledger: Ledger) -> None:
    ids = [add(ledger) for _ in range(6)]
    deadly = ids[2]
    dying: set[str] = set()

    def end(execution_id: str) -> Result:
        """Whoever is in work beside the deadly one loses the child with it."""
        if deadly in child.in_work:
            dying.update(child.in_work)
        if execution_id in dying:
            dying.discard(execution_id)
            raise ChildGone("its process ended")
        return succeed(execution_id)

    child = ScriptedChild(end)
    deliver(ledger, child)

    states = {event_id: ledger.events.get(event_id).state for event_id in ids}
    assert states == {each: "failed" if each == deadly else "done" for each in ids}
    assert max(ledger.events.get(each).attempts for each in ids if each != deadly) <= 3
