"""What is around a run of a generated project: mock systems, and a platform that keeps values."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import Plan
from pipeline.plan.roots import root
from pipeline.platforms.local.credentials import Request, dress
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.world import EFFECTIVE

SECRETS = {"api_key": "key", "access_token": "token", "username": "me", "password": "word",
           "access_key_id": "me", "secret_access_key": "secret"}  # fmt: skip


class Killed(Exception):
    """The process was killed in the middle of a run."""


@dataclass
class World:
    """What is there whether a process runs or not: systems, kept values, issues.

    Values are kept by whose they are (an activation's, or nobody's) and their key.
    """

    systems: dict[str, MockSystem]
    kept: dict[str, Any] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)
    logs: list[dict[str, Any]] = field(default_factory=list)
    writes: int = 0
    kill_after_write: int | None = None
    rescheduled: int = 0
    started: dict[str, str] = field(default_factory=dict)  # instances: id -> workflow
    running: set[str] = field(default_factory=set)  # those that have not ended

    def connections(self) -> dict[str, Any]:
        """What each connection was made with: a value for all that is asked for."""
        return {
            name: {
                "base_url": "http://mock.invalid" + root(mock.entry.base_url),
                "variables": {item.name: f"my-{item.name}" for item in mock.entry.config},
            }
            for name, mock in self.systems.items()
        }

    def answer(self, method: str, params: dict[str, Any], activation: str) -> Any:
        """The result of a call of a workflow; Killed where that write is its last."""
        owner = activation if params.get("scope") == ":project:" else ""
        match method:
            case "fetch":
                return self._fetch(params)
            case "kv.get":
                key = kept_as(params["key"], owner)
                found = key in self.kept
                return {"found": found, **({"value": self.kept[key]} if found else {})}
            case "kv.set":
                self.kept[kept_as(params["key"], owner)] = params["value"]
            case "kv.delete":
                self.kept.pop(kept_as(params["key"], owner), None)
            case "kv.list":
                return self._listed(params, owner)
            case "workflow.reschedule":
                self.rescheduled += 1
            case "workflow.start":
                return self._start(params["workflow"])
            case "workflow.get":
                return self._instance(params["id"])
            case "issue":
                self.issues.append(params)
                return {"id": str(len(self.issues))}
        return None

    def _fetch(self, params: dict[str, Any]) -> Any:
        mock = self.systems[params["system"]]
        base = httpx.URL("http://mock.invalid").join(params["path"])
        body = (params.get("body") or "").encode()
        request = Request(params["method"], base, dict(params["headers"]), body)
        config = self.connections()[params["system"]]["variables"]
        sent = dress(mock.entry.auth[0], SECRETS, config, request, datetime.now(UTC))
        response = mock.handle(
            sent.method, sent.url.path, sent.url.query.decode(), sent.headers, sent.body
        )
        if mock.exchanges.all()[-1].effect in EFFECTIVE:
            self.writes += 1
            if self.writes == self.kill_after_write:
                raise Killed
        if response.dropped:
            raise ConnectionError("The answer was lost.")
        body = response.body.decode()
        return {
            "status": response.status,
            "headers": response.headers,
            "body": body,
            "body_base64": False,
        }

    def _start(self, workflow: str) -> Any:
        number = f"instance-{len(self.started) + 1}"
        self.started[number] = workflow
        self.running.add(number)
        return self._instance(number)

    def _instance(self, number: str) -> Any:
        return {"id": number, "status": "available" if number in self.running else "completed"}

    def _listed(self, params: dict[str, Any], owner: str) -> Any:
        """A page of what is kept under a prefix; the cursor counts the entries before the next."""
        prefix, first = params["prefix"], int(params.get("after") or 0)
        data = [
            {"key": key, "value": value}
            for (whose, *key), value in ((json.loads(kept), one) for kept, one in self.kept.items())
            if whose == owner and key[: len(prefix)] == prefix
        ]
        end = first + params["limit"]
        return {"entries": data[first:end], "next_cursor": str(end) if end < len(data) else ""}


def kept_as(key: list[str], owner: str = "") -> str:
    """Where a value of an activation, or of nobody, is kept."""
    return json.dumps([owner, *key])


def world(plan: Plan, catalogue: Catalogue) -> World:
    """A fresh mock of each system of a plan."""
    clock = Ticking()
    entries = [catalogue.system(one.name) for one in plan.systems]
    return World(
        {
            # A probe would answer in place of the list whose path it shares.
            entry.name: MockSystem(entry.model_copy(update={"probe": None}), clock)
            for entry in entries
        }
    )


class Ticking:
    """A clock that goes on by a second whenever somebody looks at it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now
