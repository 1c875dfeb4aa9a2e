"""Control operations on what runs: logs, events, issues, and the mocks' side of it."""

import json
from datetime import datetime
from typing import Any

import httpx
from pydantic import JsonValue

from pipeline.catalogue.signing import secret_of
from pipeline.errors import PlatformError
from pipeline.live.capabilities import EventInfo, News, Tally
from pipeline.platforms.local.inputs import payload
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.ledger.events import Event
from pipeline.platforms.local.mocks import Mocks
from pipeline.platforms.local.protocol import WorkflowInfo
from pipeline.platforms.local.supervisor import Supervisor
from pipeline.platforms.local.vaulted import Secrets
from pipeline.ports import LogLine

_MOST_LISTED = 1000


class Operating:
    """Its public coroutines are control operations, callable by name."""

    def __init__(
        self,
        ledger: Ledger,
        supervisor: Supervisor,
        vault: Secrets,
        mocks: Mocks,
        runner_url: str,
        public_url: str,
    ) -> None:
        self._ledger = ledger
        self._supervisor = supervisor
        self._vault = vault
        self._mocks = mocks
        self._runner_url = runner_url
        self._public_url = public_url

    async def logs(
        self, project_id: str, environment: str, after: datetime | None, limit: int
    ) -> list[LogLine]:
        return self._ledger.journal.lines(
            Place(project_id, environment), after, min(limit, _MOST_LISTED)
        )

    async def issues(self, project_id: str, environment: str) -> list[dict[str, Any]]:
        return self._ledger.journal.issues(Place(project_id, environment))

    async def set_variable(
        self, project_id: str, environment: str, name: str, value: JsonValue
    ) -> None:
        self._ledger.variables.set(project_id, environment, name, value)

    # ---- Events -------------------------------------------------------------------------------

    async def events(
        self, project_id: str, environment: str, state: str | None, limit: int, before: str | None
    ) -> list[dict[str, Any]]:
        """The latest events without their payloads, newest first."""
        place = Place(project_id, environment)
        found = self._ledger.events.list(
            place, state=state, limit=min(limit, _MOST_LISTED), before=before
        )
        return [_summary(event) for event in found]

    async def news(self, project_id: str, environment: str, after: str) -> News:
        return self._ledger.outcomes.news(Place(project_id, environment), after)

    async def unsettled(self, project_id: str, environment: str) -> list[dict[str, Any]]:
        found = self._ledger.outcomes.unsettled(Place(project_id, environment), _MOST_LISTED)
        return [_summary(self._ledger.events.get(event_id)) for event_id in found]

    async def tally(self, project_id: str, environment: str, since: datetime) -> list[Tally]:
        return self._ledger.outcomes.tally(Place(project_id, environment), since)

    async def event(self, event_id: str) -> dict[str, Any]:
        return _summary(self._ledger.events.get(event_id))

    async def event_payload(self, event_id: str) -> JsonValue:
        """What the event brought, as the workflow saw it."""
        return payload(self._ledger.events.get(event_id))

    async def event_counts(self, project_id: str, environment: str) -> dict[str, int]:
        return self._ledger.events.counts(Place(project_id, environment))

    async def replay(self, event_id: str) -> str:
        """Deliver an event once more, as a new event."""
        event = self._ledger.events.get(event_id)
        place = Place(event.project_id, event.environment)
        self._require(place, event.workflow)
        new_event = self._ledger.events.add(
            place,
            event.workflow,
            event.kind,
            request=event.request,
            body=event.body,
            replay_of=event.replay_of or event.id,
            activation=event.activation,
            max_attempts=event.max_attempts,
        )
        assert new_event is not None  # only events of an occurrence can stand already
        self._supervisor.live(place).delivery.wake()
        return new_event

    async def run_workflow(
        self, project_id: str, environment: str, workflow: str, data: JsonValue
    ) -> str:
        """Start a workflow by hand; gives the event's id."""
        place = Place(project_id, environment)
        declared = self._require(place, workflow)
        event_id = self._ledger.events.add(
            place,
            workflow,
            "workflow" if declared.kind == "workflow" else "manual",  # only that may run again
            body=json.dumps(data).encode(),
            max_attempts=declared.max_attempts,
        )
        assert event_id is not None
        self._supervisor.live(place).delivery.wake()
        return event_id

    # ---- Mocks --------------------------------------------------------------------------------

    async def mock_records(
        self, project_id: str, system: str, entity: str
    ) -> list[dict[str, JsonValue]]:
        return self._mocks.records(project_id, system, entity)

    async def create_mock_record(
        self, project_id: str, system: str, entity: str, record: dict[str, JsonValue] | None
    ) -> dict[str, JsonValue]:
        return self._mocks.create(project_id, system, entity, record)

    async def mock_exchanges(self, project_id: str, system: str) -> list[dict[str, Any]]:
        """What was asked of the mock and what it did, oldest first."""
        mock = self._mocks.system(project_id, system)
        return [exchange.as_json() for exchange in mock.exchanges.all()]

    async def send_sample_event(
        self,
        project_id: str,
        environment: str,
        system: str,
        event: str,
        workflow: str,
        record: dict[str, JsonValue] | None,
        activation: str = STATIC,
    ) -> dict[str, JsonValue]:
        """Let the mock send a signed event to the webhook, everybody's or an end user's; gives
        {status, body} of the answer."""
        place = Place(project_id, environment)
        self._require(place, workflow)
        connection = self._ledger.connections.get(*place, system, activation)
        signature = self._ledger.projects.system(project_id, system).signature
        typed = await self._vault.get(connection.vault_reference)
        secret = secret_of(signature, typed) if signature else ""
        whose = "" if activation == STATIC else f"/{activation}"
        path = f"/hooks/{place}{whose}/{workflow}"
        headers, body = self._mocks.sample_event(
            project_id, system, event, record, secret, f"{self._public_url}{path}"
        )
        async with httpx.AsyncClient(trust_env=False, timeout=60.0) as client:
            answer = await client.post(f"{self._runner_url}{path}", content=body, headers=headers)
        return {"status": answer.status_code, "body": answer.text}

    def _require(self, place: Place, workflow: str) -> WorkflowInfo:
        """The workflow, as what is live there declares it."""
        deployment = self._ledger.deployments.get(place)
        if deployment is None or deployment.state == "stopped":
            raise PlatformError(f"Nothing is live in {place.environment}: deploy a version first.")
        declared = deployment.workflow(workflow)
        if declared is None:
            known = ", ".join(one.id for one in deployment.workflows) or "none"
            raise PlatformError(f"There is no workflow “{workflow}” there (it has: {known}).")
        return declared


def _summary(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", include=set(EventInfo.model_fields))
