"""Webhook ingress: a request is bounded, verified and stored before it is answered."""

import asyncio
import base64
import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.catalogue.model import Signature
from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Deployment, Place
from pipeline.platforms.local.protocol import CallRefused, Result, WorkflowInfo
from pipeline.platforms.local.signatures import verify
from pipeline.platforms.local.supervisor import Supervisor
from pipeline.platforms.local.vaulted import Secrets
from pipeline.ports import Clock

LARGEST_BODY = 5 * 1024 * 1024
LONGEST_WAIT_SECONDS = 30.0
_NOT_STORED = frozenset(("authorization", "cookie", "proxy-authorization"))


class Ingress:
    def __init__(
        self, ledger: Ledger, supervisor: Supervisor, secrets: Secrets, clock: Clock
    ) -> None:
        self._ledger = ledger
        self._supervisor = supervisor
        self._secrets = secrets
        self._clock = clock

    async def receive(self, request: Request) -> Response:
        """Answer a request to /hooks/{project}/{environment}/{workflow}."""
        place = Place(request.path_params["project"], request.path_params["environment"])
        deployment = self._ledger.deployments.get(place)
        workflow = _webhook(deployment, request.path_params["workflow"])
        if deployment is None or workflow is None:
            return _error(404, "No webhook is deployed at this address.")
        if workflow.method.lower() not in ("all", request.method.lower()):
            return _error(405, f"This webhook takes {workflow.method.upper()} only.")
        body = await _read(request)
        if body is None:
            return _error(413, f"The body is larger than {LARGEST_BODY // 1024 // 1024} MB.")
        proven, secret_headers = await self._prove(place, workflow, request.headers, body)
        if not proven:
            self._ledger.journal.log(
                place, "warn", "webhook refused: bad signature", {"workflow": workflow.id}
            )
            return _error(401, "The signature is missing or wrong.")
        try:
            event_id = self._store(place, workflow, request, body, secret_headers)
        except PlatformError:
            return _error(503, "The event can't be stored now: send it again.")
        delivery = self._supervisor.live(place).delivery
        if workflow.response.mode == "async" or deployment.state == "paused":
            delivery.wake()
            return JSONResponse({"event": event_id}, 202)
        waiting = delivery.result(event_id)
        delivery.wake()
        try:
            return _answer(await asyncio.wait_for(waiting, LONGEST_WAIT_SECONDS))
        except TimeoutError:
            return JSONResponse({"event": event_id, "status": "still running"}, 202)

    def _store(
        self,
        place: Place,
        workflow: WorkflowInfo,
        request: Request,
        body: bytes,
        secret_headers: frozenset[str],
    ) -> str:
        dropped = _NOT_STORED | secret_headers
        stored = {
            "method": request.method,
            "path": request.url.path,
            "headers": {
                name: value for name, value in request.headers.items() if name not in dropped
            },
            "query": _query(request),
        }
        event_id = self._ledger.events.add(place, workflow.id, "webhook", request=stored, body=body)
        assert event_id is not None  # only events of an occurrence can stand already
        return event_id

    async def _prove(
        self, place: Place, workflow: WorkflowInfo, headers: Mapping[str, str], body: bytes
    ) -> tuple[bool, frozenset[str]]:
        """Whether the sender proved itself, and the headers whose value is itself a secret.

        A workflow that names no connection takes what any linked system signed; where no linked
        system signs, the address is all that a sender must know.
        """
        signing = self._signing(place, workflow)
        if not signing:
            return True, frozenset()
        tokens = frozenset(
            signature.header.lower()
            for signature in signing.values()
            if signature.algorithm == "token"
        )
        for system, signature in signing.items():
            secret = await self._secret(place, system, signature)
            if secret and verify(signature, secret, headers, body, self._clock.now()):
                return True, tokens
        return False, tokens

    def _signing(self, place: Place, workflow: WorkflowInfo) -> dict[str, Signature]:
        return {
            system.name: system.signature
            for system in self._ledger.projects.linked_systems(*place)
            if system.signature is not None
            and (workflow.connection is None or workflow.connection == system.name)
        }

    async def _secret(self, place: Place, system: str, signature: Signature) -> str:
        try:
            connection = self._ledger.connections.get(*place, system)
            secrets = await self._secrets.get(connection.vault_reference)
        except (PlatformError, CallRefused):
            return ""  # without its secret nothing can be verified, so nothing is taken
        return secrets.get(signature.secret_field, "")


def _webhook(deployment: Deployment | None, workflow_id: str) -> WorkflowInfo | None:
    if deployment is None or deployment.state == "stopped":
        return None
    workflow = deployment.workflow(workflow_id)
    return workflow if workflow is not None and workflow.kind == "webhook" else None


async def _read(request: Request) -> bytes | None:
    """The body; None where it is too large, without reading it all."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _query(request: Request) -> dict[str, str | list[str]]:
    query: dict[str, str | list[str]] = {}
    for name in request.query_params:
        values = request.query_params.getlist(name)
        query[name] = values[0] if len(values) == 1 else values
    return query


def _answer(result: Result) -> Response:
    if result.response is not None:
        answer = result.response
        body = base64.b64decode(answer.body) if answer.body_base64 else answer.body.encode()
        return Response(body, answer.status, answer.headers)
    if result.ok:
        return Response(json.dumps(result.data), media_type="application/json")
    return _error(500, "The workflow failed; the event is kept and can be replayed.")


def _error(status: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status)
