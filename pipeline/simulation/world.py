"""What surrounds a running project in one situation: mock systems, and a platform in memory."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipeline.catalogue.model import SystemEntry
from pipeline.clock import SettableClock
from pipeline.plan.model import Plan
from pipeline.platforms.local.protocol import CallRefused
from pipeline.simulation.access import Access
from pipeline.simulation.exchanges import Exchange
from pipeline.simulation.instances import Instances
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.settings import settings
from pipeline.simulation.values import Values

EFFECTIVE = ("created", "updated", "deleted", "called")


@dataclass(frozen=True)
class Sent:
    """One request that reached a system, with what that system did."""

    system: str
    exchange: Exchange
    is_settled: bool = False  # refused for its old token, and sent again with a new one

    @property
    def effective(self) -> bool:
        return self.exchange.effect in EFFECTIVE

    @property
    def refused(self) -> bool:
        """Whether the system itself refused it, and not an ordered fault; not what was gone."""
        ours = self.exchange.fault or self.is_settled
        was_gone = self.exchange.method == "DELETE" and self.exchange.status == 404
        return self.exchange.effect == "refused" and not ours and not was_gone


class World:
    """Fresh for each situation, so that none sees what another left."""

    def __init__(self, plan: Plan, entries: Mapping[str, SystemEntry]) -> None:
        self.clock = SettableClock(datetime.now(UTC))
        self.mocks = {name: MockSystem(entry, self.clock) for name, entry in entries.items()}
        self.sent: list[Sent] = []
        self.issues: list[dict[str, Any]] = []
        self.variables: dict[str, Any] = settings(plan, entries)
        self.complaints: list[str] = []  # what was logged of failures
        self.instances = Instances()
        self._values = Values(self.clock.now)
        self._access = {
            system.name: Access(system, self.mocks[system.name])
            for system in plan.systems
            if system.name in self.mocks
        }

    def config(self, system: str) -> dict[str, str]:
        """What the connection to a system was made with."""
        return self._access[system].config

    def wait(self, seconds: float) -> None:
        """The project waits: time passes for the mocks too."""
        self.clock.advance(seconds)

    def forget_values(self) -> None:
        """As if the run had been cut off before it noted anything."""
        self._values = Values(self.clock.now)

    def log(self, message: dict[str, Any]) -> None:
        if message.get("level") in ("warn", "error"):
            self.complaints.append(f"{message.get('message')} {message.get('fields')}")

    def context(self) -> dict[str, Any]:
        """Whom an invocation runs for, and what it may know of its connections."""
        return {
            "activation": {"id": "static", "user": {"id": "static"}, "variables": self.variables},
            "connections": {
                name: {"base_url": access.base_url, "variables": access.config}
                for name, access in self._access.items()
            },
        }

    def answer(self, execution: str, method: str, params: dict[str, Any]) -> Any:
        """The result of a call of the project; CallRefused says why there is none."""
        if method == "fetch":
            return self._fetch(params)
        if method == "issue":
            return self._raise(params)
        if method == "variable.set":
            self.variables[str(params.get("name"))] = params.get("value")
            return None
        try:
            if method.startswith("workflow."):
                return self.instances.answer(method, params)
            return self._values.answer(execution, method, params)
        except KeyError as error:
            raise CallRefused("NotSupported", f"The dry run has no “{method}”.") from error

    def _fetch(self, params: dict[str, Any]) -> Any:
        name = str(params["system"])
        if name not in self._access:
            raise CallRefused("NotConnected", f"There is no mock of “{name}”.")
        body = params.get("body") or ""
        content = base64.b64decode(body) if params.get("body_base64") else body.encode()
        seen = self.mocks[name].exchanges.count
        try:
            answer = self._access[name].send(
                str(params["method"]), str(params["path"]), params["headers"], content
            )
        finally:
            new = self.mocks[name].exchanges.after(seen)
            self.sent += [Sent(name, one, is_settled=one is not new[-1]) for one in new]
        return {
            "status": answer.status,
            "headers": answer.headers,
            "body": answer.body.decode("utf-8", "replace"),
            "body_base64": False,
        }

    def _raise(self, issue: dict[str, Any]) -> Any:
        same = [one for one in self.issues if one.get("title") == issue.get("title")]
        if issue.get("deduplicate") and same:
            return None
        self.issues.append(issue)
        return {"id": f"issue-{len(self.issues)}"}
