"""Control operations that read over a connection: one harmless read proves it."""

import json

from pydantic import JsonValue

from pipeline.catalogue.failures import failure_of
from pipeline.catalogue.model import Probe as ProbeSpec
from pipeline.catalogue.model import SystemEntry
from pipeline.errors import PlatformError
from pipeline.plan.paths import read
from pipeline.platforms.local.addresses import fill
from pipeline.platforms.local.broker import Broker, Incoming, Outgoing
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.mocks import Mocks
from pipeline.platforms.local.protocol import CallRefused
from pipeline.ports import Probe, Reading, ReadRequest


class Probing:
    """Its public coroutines are control operations, callable by name."""

    def __init__(self, ledger: Ledger, broker: Broker, mocks: Mocks) -> None:
        self._ledger = ledger
        self._broker = broker
        self._mocks = mocks

    async def probe(
        self, project_id: str, environment: str, system: str, activation: str = STATIC
    ) -> Probe:
        """One harmless read, as the catalogue names it, over the connection."""
        connection = self._ledger.connections.get(project_id, environment, system, activation)
        if not connection.connected:
            return Probe(ok=False, detail="Nobody has consented yet.", mock=connection.mock)
        entry = self._entry_of(project_id, system)
        probe = entry.probe if entry else None
        if entry is None or probe is None:
            return Probe(ok=True, detail="No harmless read of it is known.", mock=connection.mock)
        outgoing = _asking(connection, _request(probe))
        try:
            answer = await self._broker.fetch(
                Place(project_id, environment), system, outgoing, activation=activation
            )
        except CallRefused as refusal:
            return Probe(ok=False, detail=str(refusal), mock=connection.mock)
        return _outcome(entry, probe, answer, connection.mock)

    async def read(
        self, project_id: str, environment: str, system: str, request: ReadRequest
    ) -> Reading:
        """One read over the connection; PlatformError where it can't be sent."""
        connection = self._ledger.connections.get(project_id, environment, system)
        outgoing = _asking(connection, request)
        try:
            answer = await self._broker.fetch(Place(project_id, environment), system, outgoing)
        except CallRefused as refusal:
            raise PlatformError(f"{system} could not be read: {refusal}") from refusal
        return Reading(status=answer.status, body=_parsed(answer.body), mock=connection.mock)

    def _entry_of(self, project_id: str, system: str) -> SystemEntry | None:
        try:
            return self._mocks.entry(project_id, system)
        except PlatformError:
            return None


def _request(probe: ProbeSpec) -> ReadRequest:
    return ReadRequest.model_validate(probe.model_dump(exclude={"label_path"}))


def _asking(connection: Connection, request: ReadRequest) -> Outgoing:
    own = {name: fill(value, connection.config) for name, value in request.headers.items()}
    headers = {"Accept": "application/json", **own}
    if request.body is None:
        return Outgoing(request.method, request.path, headers)
    headers["Content-Type"] = "application/json"
    return Outgoing(request.method, request.path, headers, json.dumps(request.body).encode())


def _outcome(entry: SystemEntry, probe: ProbeSpec, answer: Incoming, mock: bool) -> Probe:
    """Some systems refuse with a 200, so the body is judged too."""
    body = _parsed(answer.body)
    failure = failure_of(entry.errors, answer.status, body)
    if failure is not None:
        detail = f"The system answered {answer.status}: {failure} Check the credentials."
        return Probe(ok=False, status=answer.status, detail=detail, mock=mock)
    label = read(body, probe.label_path) if probe.label_path else None
    first = label[0] if isinstance(label, list) and label else label
    account = str(first)[:200] if isinstance(first, str | int) else ""
    return Probe(ok=True, status=answer.status, account=account, mock=mock)


def _parsed(body: bytes) -> JsonValue:
    """None where it is no JSON."""
    try:
        parsed: JsonValue = json.loads(body or b"null")
    except ValueError:
        return None
    return parsed
