"""Durable workflows of a project that is played: what was started, and what asked to run again."""

import base64
import json
from typing import Any

_AT_MOST = 20  # runs, so that one that never ends is seen, and not waited for


class Instances:
    """What `workflow.*` calls ask of a platform (`protocol.ts` of the Run SDK has their shapes)."""

    def __init__(self) -> None:
        self._instances: dict[str, dict[str, Any]] = {}
        self._due: list[str] = []
        self._runs = 0

    def answer(self, method: str, params: dict[str, Any]) -> Any:
        """The result of one call; KeyError where there is no such method or instance."""
        match method:
            case "workflow.start":
                return self._start(params)
            case "workflow.get":
                return self._instances[params["id"]]
            case "workflow.reschedule":
                self._due.append(self._instances[params["id"]]["id"])
                return None
        raise KeyError(method)

    def next(self) -> dict[str, Any] | None:
        """The instance whose turn it is; None where all have ended."""
        if not self._due or self._runs == _AT_MOST:
            return None
        self._runs += 1
        instance = self._instances[self._due.pop(0)]
        instance["status"] = "locked"
        return instance

    def ended(self, instance: dict[str, Any], *, ok: bool) -> None:
        """A run of it is over; it is done, unless it asked to run again."""
        again = instance["id"] in self._due
        instance["status"] = "available" if again else "completed" if ok else "failed"

    def _start(self, params: dict[str, Any]) -> dict[str, Any]:
        number = f"instance-{len(self._instances) + 1}"
        self._instances[number] = {
            "id": number, "group": params["workflow"], "status": "available", "attempt": 1,
            "payload": params["data_base64"],
        }  # fmt: skip
        self._due.append(number)
        return self._instances[number]


def payload(instance: dict[str, Any]) -> Any:
    """What an instance was started with."""
    return json.loads(base64.b64decode(instance["payload"]))
