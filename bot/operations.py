"""What people do with a deployed integration: try it, read its logs, pause it, roll it back."""

import time
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from pydantic import JsonValue

from pipeline.artifacts import DeploymentRecord
from pipeline.case import Case, load_case
from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import UserError
from pipeline.integration import Integration
from pipeline.investigating import investigate
from pipeline.ports import IntegrationStore, LogLine, Platform
from pipeline.replies import Deployed, Said, Tried
from pipeline.trial import Rehearsal, Trial, run_trial

_FIELDS_SHOWN = 160  # characters
_LINES_SHOWN = 15


@runtime_checkable
class Pausable(Protocol):
    def pause(self, project_id: str, environment: str) -> None: ...
    def resume(self, project_id: str, environment: str) -> None: ...


@runtime_checkable
class Tryable(Rehearsal, Protocol):
    """A platform with mocks."""


@runtime_checkable
class Investigable(Protocol):
    def events(
        self, project_id: str, environment: str, *, state: str | None = None, limit: int = 100
    ) -> list[Any]: ...
    def event_payload(self, event_id: str) -> JsonValue: ...


class Operations:
    """Each may take a while, and says in the thread what came of it. PlatformError, UserError."""

    def __init__(
        self, store: IntegrationStore, catalogue: Catalogue, platform: Callable[[], Platform]
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._platform = platform

    def send_sample(self, integration_id: str, environment: str) -> None:
        """One sample event through every workflow; only mocks are written to."""
        case, platform = self._live(integration_id, environment)
        if not isinstance(platform, Tryable):
            raise UserError("Samples need the local platform: it has mocks.")
        for workflow in case.plan.workflows:
            tried = _shown(run_trial(platform, case, workflow))
            with self._store.change(integration_id) as integration:
                integration.say(tried)

    def logs(self, integration_id: str, environment: str) -> str:
        """The latest lines."""
        case, platform = self._live(integration_id, environment)
        lines = platform.logs(case.setup.project_id, environment)
        if not lines:
            return f"There are no log lines on {environment} yet."
        return "\n".join(_line(line) for line in lines[-_LINES_SHOWN:])

    def investigate(self, integration_id: str, environment: str) -> None:
        """Compare the latest failed event with the plan; an API that changed leads to an edit."""
        case, platform = self._live(integration_id, environment)
        if not isinstance(platform, Investigable):
            raise UserError(f"The platform {platform.name} keeps no events that can be looked at.")
        failed = platform.events(case.setup.project_id, environment, state="failed", limit=1)
        if not failed:
            raise UserError(f"No event has failed on {environment}.")
        event = failed[0]
        content = platform.event_payload(event.id)
        investigate(case, self._store, event.workflow, event.reason, content)

    def pause(self, integration_id: str, environment: str) -> None:
        self._set_paused(integration_id, environment, paused=True)

    def resume(self, integration_id: str, environment: str) -> None:
        self._set_paused(integration_id, environment, paused=False)

    def roll_back(self, integration_id: str, environment: str) -> None:
        """Make the version before live again."""
        case, platform = self._live(integration_id, environment)
        earlier = self._earlier(case.integration, environment)
        if earlier is None:
            raise UserError(f"There is no earlier version on {environment} to roll back to.")
        record, record_digest = earlier
        info = platform.roll_back(case.setup.project_id, environment, record.version)
        with self._store.change(integration_id) as integration:
            integration.go_live(record, record_digest)
            integration.say(
                Said(
                    key=f"rolled-back:{integration.revision}",
                    text=f"Rolled back: {info.version_id} is live on {environment} again (ran).",
                )
            )

    def _set_paused(self, integration_id: str, environment: str, *, paused: bool) -> None:
        case, platform = self._live(integration_id, environment)
        if not isinstance(platform, Pausable):
            raise UserError(f"The platform {platform.name} can't pause a deployment.")
        change = platform.pause if paused else platform.resume
        change(case.setup.project_id, environment)
        key = f"deployed:{environment}:{case.integration.live[environment].version}"
        with self._store.change(integration_id) as integration:
            shown = self._store.last_reply(integration_id, key)
            if isinstance(shown, Deployed):
                integration.say(shown.model_copy(update={"paused": paused}))
            state = "paused; events are kept" if paused else "live again"
            integration.say(
                Said(
                    key=f"pause:{environment}:{time.time_ns()}",
                    text=f"{environment} is {state} (ran).",
                )
            )

    def _live(self, integration_id: str, environment: str) -> tuple[Case, Platform]:
        case = load_case(self._store, integration_id, self._catalogue)
        if environment not in case.integration.live:
            raise UserError(f"Nothing is live on {environment or 'that environment'}.")
        return case, self._platform()

    def _earlier(
        self, integration: Integration, environment: str
    ) -> tuple[DeploymentRecord, str] | None:
        current = integration.live[environment].version
        for made in reversed(self._store.artifacts(integration.id, "deployment")):
            record = made.artifact
            if (
                isinstance(record, DeploymentRecord)
                and record.environment == environment
                and record.version != current
            ):
                return record, made.digest
        return None


def _shown(trial: Trial) -> Tried:
    rows = [
        [
            f"{item.get('method')} {item.get('path')}",
            str(item.get("status")),
            str(item.get("effect") or ""),
        ]
        for item in trial.exchanges
    ]
    return Tried(
        key=f"tried:{trial.workflow}:{time.time_ns()}",
        workflow=trial.workflow,
        state=trial.state,
        reason=trial.reason,
        requests=rows,
        records=trial.records,
    )


def _line(line: LogLine) -> str:
    """Time, level, what happened, and the fields by which one finds the record."""
    fields = " ".join(f"{name}={value}" for name, value in line.fields.items())
    return f"{line.at:%H:%M:%S} {line.level} {line.message} {fields[:_FIELDS_SHOWN]}".rstrip()
