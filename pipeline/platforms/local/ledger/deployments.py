"""Deployments: which version is live in which environment, and what was before."""

import json
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from pipeline.model import Value
from pipeline.platforms.local.ledger.database import Database
from pipeline.platforms.local.protocol import WorkflowInfo
from pipeline.ports import Clock

DeploymentState = Literal["live", "paused", "stopped"]


class Place(NamedTuple):
    """Where a deployment is: one project in one environment."""

    project_id: str
    environment: str

    def __str__(self) -> str:
        return f"{self.project_id}/{self.environment}"


class Deployment(Value):
    project_id: str
    environment: str
    version_id: str
    state: DeploymentState
    workflows: list[WorkflowInfo]
    changed_at: str
    live_since: str  # without a break, whatever the version

    @property
    def place(self) -> Place:
        return Place(self.project_id, self.environment)

    def workflow(self, workflow_id: str) -> WorkflowInfo | None:
        return next((one for one in self.workflows if one.id == workflow_id), None)


class Deployments:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put(self, place: Place, version_id: str, workflows: list[WorkflowInfo]) -> None:
        """Record that a version went live."""
        now = self._now()
        dumped = json.dumps([workflow.model_dump() for workflow in workflows])
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO deployment VALUES (?, ?, ?, 'live', ?, ?, ?) ON CONFLICT (project_id,"
                " environment) DO UPDATE SET version_id = excluded.version_id, state = 'live',"
                " workflows = excluded.workflows, changed_at = excluded.changed_at, live_since ="
                " CASE state WHEN 'live' THEN live_since ELSE excluded.live_since END",
                (*place, version_id, dumped, now, now),
            )
            self._remember(place)

    def set_state(self, place: Place, state: DeploymentState) -> None:
        now = self._now()
        with self._database.transaction():
            changed = self._database.execute(
                "UPDATE deployment SET state = ?, changed_at = ?, live_since = ?"
                " WHERE project_id = ? AND environment = ? AND state <> ?",
                (state, now, now, *place, state),
            )
            if changed:
                self._remember(place)

    def get(self, place: Place) -> Deployment | None:
        found = self._database.row(
            "SELECT * FROM deployment WHERE project_id = ? AND environment = ?", place
        )
        return _deployment(found) if found else None

    def all(self) -> list[Deployment]:
        rows = self._database.rows("SELECT * FROM deployment ORDER BY project_id, environment")
        return [_deployment(row) for row in rows]

    def history(self, place: Place) -> list[dict[str, Any]]:
        """Every change, oldest first: {version_id, state, at}."""
        return self._database.rows(
            "SELECT version_id, state, at FROM deployment_history"
            " WHERE project_id = ? AND environment = ? ORDER BY number",
            place,
        )

    def _remember(self, place: Place) -> None:
        self._database.execute(
            "INSERT INTO deployment_history (project_id, environment, version_id, state, at)"
            " SELECT project_id, environment, version_id, state, changed_at FROM deployment"
            " WHERE project_id = ? AND environment = ?",
            place,
        )

    def _now(self) -> str:
        return self._clock.now().isoformat()


def _deployment(row: dict[str, Any]) -> Deployment:
    return Deployment(**row | {"workflows": [*_workflows(row["workflows"])]})


@lru_cache(1024)  # the schedules look at every deployment every second
def _workflows(text: str) -> tuple[WorkflowInfo, ...]:
    return tuple(WorkflowInfo.model_validate(each) for each in json.loads(text))
