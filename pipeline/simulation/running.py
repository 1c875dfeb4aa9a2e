"""Starting workflows of a staged project in a world, and following them to their end."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.platforms.local.protocol import CallRefused
from pipeline.sandbox.stage import Message, Stage
from pipeline.simulation.instances import payload
from pipeline.simulation.world import World

_SILENT_SECONDS = 20.0
_SECONDS = 120.0  # a whole page of records is many calls, and the machine may be busy


@dataclass(frozen=True)
class Start:
    """What a workflow is started with; `request` is there for a webhook, `instance` for a durable
    workflow."""

    workflow: str
    data: Any = None
    request: dict[str, Any] | None = None
    instance: dict[str, Any] | None = None


@dataclass(frozen=True)
class Fate:
    """How it ended: with an output, or an error by which its event is kept for a replay."""

    ok: bool
    error: str = ""
    data: Any = None


class Invoker:
    """Starts workflows on one stage and answers what they ask, as a runner does."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._numbers = itertools.count(1)

    def run(self, world: World, *starts: Start) -> list[Fate]:
        """Start them at once, then what they start. Gives the fates, those of `starts` first.

        StageError where one does not end.
        """
        fates = self._together(world, *starts)
        while instance := world.instances.next():
            data = payload(instance)
            [fate] = self._together(world, Start(instance["group"], data, instance=instance))
            world.instances.ended(instance, ok=fate.ok)
            fates.append(fate)
        return fates

    def _together(self, world: World, *starts: Start) -> list[Fate]:
        ids = [self._invoke(world, start) for start in starts]
        fates: dict[str, Fate] = {}
        deadline = time.monotonic() + _SECONDS
        while len(fates) < len(ids):
            seconds = min(deadline - time.monotonic(), _SILENT_SECONDS)
            self._follow(world, ids, fates, seconds)
        return [fates[one] for one in ids]

    def _invoke(self, world: World, start: Start) -> str:
        execution = f"dry-run-{next(self._numbers)}"
        message: Message = {
            "type": "invoke", "id": execution, "workflow": start.workflow, "data": start.data,
        }  # fmt: skip
        if start.request is not None:
            message["request"] = start.request
        if start.instance is not None:
            message["instance"] = start.instance
        self._stage.send({**message, **world.context()})
        return execution

    def _follow(
        self, world: World, ids: Sequence[str], fates: dict[str, Fate], seconds: float
    ) -> None:
        message = self._stage.receive(seconds)
        match message.get("type"):
            case "wait":
                world.wait(float(message["milliseconds"]) / 1000)
            case "log" if message["execution"] in ids:
                world.log(message)
            case "call" if message["execution"] in ids:
                self._stage.send({"type": "reply", "id": message["id"], **_reply(world, message)})
            case "result" if message["id"] in ids:
                fates[message["id"]] = _fate(message)


def _reply(world: World, call: Message) -> Message:
    try:
        result = world.answer(call["execution"], call["method"], call["params"])
    except CallRefused as refusal:
        return {"ok": False, "error": {"name": refusal.name, "message": str(refusal)}}
    return {"ok": True, "result": result}


def _fate(result: Message) -> Fate:
    if result["ok"]:
        return Fate(ok=True, data=result.get("data"))
    error = result["error"]
    return Fate(ok=False, error=f"{error['name']}: {error['message']}")
