"""Webhook ingress: a request is bounded, verified and stored before it is answered."""

import asyncio
import base64
import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from pipeline.catalogue.model import Receipt
from pipeline.catalogue.signing import Delivered
from pipeline.errors import PlatformError
from pipeline.platforms.local.cors import with_cors
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.deployments import Deployment, Place
from pipeline.platforms.local.protocol import Result, WorkflowInfo
from pipeline.platforms.local.receipts import accepted, handshake
from pipeline.platforms.local.senders import Senders
from pipeline.platforms.local.supervisor import Supervisor

LARGEST_BODY = 5 * 1024 * 1024
LONGEST_WAIT_SECONDS = 30.0
_NOT_STORED = frozenset(("authorization", "cookie", "proxy-authorization"))


class Ingress:
    """An ASGI app for /hooks/{project}/{environment}[/{activation}]/{workflow}.

    The address without an activation is everybody's; each end user's system has one of its own.
    """

    def __init__(
        self,
        ledger: Ledger,
        supervisor: Supervisor,
        senders: Senders,
        receipt_of: Callable[[str, str | None], Receipt],
        public_url: str,
    ) -> None:
        """`receipt_of` tells how a project's system wants its webhooks to be answered."""
        self._ledger = ledger
        self._supervisor = supervisor
        self._senders = senders
        self._receipt_of = receipt_of
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        place = Place(request.path_params["project"], request.path_params["environment"])
        deployment = self._ledger.deployments.get(place)
        workflow = _webhook(deployment, request.path_params["workflow"])

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            response = await self._receive(Request(scope, receive), deployment, workflow)
            await response(scope, receive, send)

        await with_cors(answer, workflow.cors if workflow else None)(scope, receive, send)

    async def _receive(
        self, request: Request, deployment: Deployment | None, workflow: WorkflowInfo | None
    ) -> Response:
        activation = request.path_params.get("activation", STATIC)
        if deployment is None or workflow is None or not self._knows(deployment.place, activation):
            return _error(404, "No webhook is deployed at this address.")
        if workflow.method.lower() not in ("all", request.method.lower()):
            return _error(405, f"This webhook takes {workflow.method.upper()} only.")
        body = await _read(request)
        if body is None:
            return _error(413, f"The body is larger than {LARGEST_BODY // 1024 // 1024} MB.")
        place = deployment.place
        delivered = Delivered(body, self._address(request), request.method)
        proven = await self._senders.prove(
            place, activation, workflow.connection, request.headers, delivered
        )
        if not proven.ok:
            self._ledger.journal.log(
                place, "warn", "webhook refused: bad signature", {"workflow": workflow.id}
            )
            return _error(401, "The signature is missing or wrong.")
        receipt = self._receipt_of(place.project_id, proven.system)
        if (greeting := handshake(receipt, body)) is not None:
            return greeting
        try:
            async with self._ledger.secured():
                event_id = self._store(
                    place, activation, workflow, request, body, proven.secret_headers
                )
        except PlatformError:
            return _error(503, "The event can't be stored now: send it again.")
        return await self._deliver(deployment, workflow, event_id, receipt)

    async def _deliver(
        self, deployment: Deployment, workflow: WorkflowInfo, event_id: str, receipt: Receipt
    ) -> Response:
        delivery = self._supervisor.live(deployment.place).delivery
        if workflow.response.mode == "async" or deployment.state == "paused":
            delivery.wake()
            return accepted(receipt, event_id)
        waiting = delivery.result(event_id)
        delivery.wake()
        try:
            return _answer(await asyncio.wait_for(waiting, LONGEST_WAIT_SECONDS))
        except TimeoutError:
            return JSONResponse({"event": event_id, "status": "still running"}, 202)

    def _knows(self, place: Place, activation: str) -> bool:
        try:
            return activation == STATIC or bool(self._ledger.activations.get(*place, activation))
        except PlatformError:
            return False

    def _address(self, request: Request) -> str:
        """The URL as its sender knows it, whatever stands between."""
        query = f"?{request.url.query}" if request.url.query else ""
        return f"{self._public_url}{request.url.path}{query}"

    def _store(
        self,
        place: Place,
        activation: str,
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
        event_id = self._ledger.events.add(
            place, workflow.id, "webhook", request=stored, body=body, activation=activation
        )
        assert event_id is not None  # only events of an occurrence can stand already
        return event_id


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
