"""A mock system as an ASGI app: its API, its OAuth pages and, under `/__weft/`, its controls."""

import asyncio
import html
import json
from collections.abc import Awaitable, Callable
from string import Template
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from pipeline.simulation.answers import MockResponse
from pipeline.simulation.controls import Controls
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.oauth import Authorization, OauthError
from pipeline.simulation.refusals import Refusal

CONTROL_PATH = "/__weft"
AUTHORIZE_PATH = f"{CONTROL_PATH}/oauth/authorize"
TOKEN_PATH = f"{CONTROL_PATH}/oauth/token"

_CONSENT = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Connect $system</title>
<meta name="viewport" content="width=device-width">
<style>body{font:16px system-ui;max-width:28rem;margin:15vh auto;padding:0 1rem}
button{font:inherit;padding:.5rem 1rem;margin-right:.5rem}</style></head>
<body><h1>Mock $system</h1>
<p>The app <b>$client</b> asks for access to the mock account$scopes.</p>
<form method="post"><button name="decision" value="approve" autofocus>Approve</button>
<button name="decision" value="deny">Deny</button></form></body></html>
""")


def create_app(mock: MockSystem) -> Starlette:
    """The app, to be mounted anywhere; paths below the mount are relative to the base URL."""
    pages = _OauthPages(mock)
    controls = Controls(mock)
    routes = [
        Route("/oauth/authorize", pages.consent, methods=["GET"]),
        Route("/oauth/authorize", pages.decide, methods=["POST"]),
        Route("/oauth/token", pages.token, methods=["POST"]),
        Route("/records/{entity}", _json(controls.records), methods=["GET"]),
        Route("/records/{entity}", _json(controls.create), methods=["POST"]),
        Route("/events/{event:path}", _json(controls.emit), methods=["POST"]),
        Route("/subscriptions", _json(controls.subscribe), methods=["POST"]),
        Route("/faults", _json(controls.faults), methods=["GET"]),
        Route("/faults", _json(controls.add_fault), methods=["POST"]),
        Route("/faults", _json(controls.clear_faults), methods=["DELETE"]),
        Route("/exchanges", _json(controls.exchanges), methods=["GET"]),
    ]
    return Starlette(routes=[Mount(CONTROL_PATH, routes=routes), Mount("/", _Api(mock))])


class _Api:
    """The system's own API."""

    def __init__(self, mock: MockSystem) -> None:
        self._mock = mock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        answer = await run_in_threadpool(
            self._mock.handle,
            request.method,
            path,
            request.url.query,
            dict(request.headers),
            await request.body(),
        )
        if answer.delay_seconds:
            await asyncio.sleep(answer.delay_seconds)
        if answer.dropped:
            await _drop(send)
        else:
            await _response(answer)(scope, receive, send)


class _OauthPages:
    """Consent and token endpoints for people and platforms."""

    def __init__(self, mock: MockSystem) -> None:
        self._mock = mock

    async def consent(self, request: Request) -> Response:
        try:
            asked = self._asked(request)
        except OauthError as error:
            return _oauth_problem(error)
        scopes = f" with: {', '.join(asked.scopes)}" if asked.scopes else ""
        page = _CONSENT.substitute(
            system=html.escape(self._mock.entry.display_name),
            client=html.escape(asked.client_id),
            scopes=html.escape(scopes),
        )
        return HTMLResponse(page, headers={"content-security-policy": "frame-ancestors 'none'"})

    async def decide(self, request: Request) -> Response:
        try:
            asked = self._asked(request)
        except OauthError as error:
            return _oauth_problem(error)
        approved = b"decision=approve" in await request.body()
        with self._mock.lock:
            decide = self._mock.oauth.approve if approved else self._mock.oauth.deny
            return RedirectResponse(decide(asked), status_code=303)

    async def token(self, request: Request) -> Response:
        body = await request.body()
        with self._mock.lock:
            answer = self._mock.oauth.answer_token_request(dict(request.headers), body)
        return _response(answer)

    def _asked(self, request: Request) -> Authorization:
        with self._mock.lock:
            return self._mock.oauth.asked(request.query_params)


def _json(
    control: Callable[[dict[str, str], Any], Any],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that gives a control its path parameters and JSON body, off the event loop."""

    async def endpoint(request: Request) -> Response:
        try:
            body = json.loads(await request.body() or b"{}")
        except (ValueError, RecursionError):
            return JSONResponse({"error": "The body is not valid JSON."}, 400)
        if not isinstance(body, dict):
            return JSONResponse({"error": "The body must be an object."}, 400)
        try:
            return JSONResponse(await run_in_threadpool(control, request.path_params, body))
        except Refusal as refusal:
            status = 404 if refusal.kind == "missing" else 400
            return JSONResponse({"error": str(refusal)}, status)

    return endpoint


def _oauth_problem(error: OauthError) -> Response:
    """Shown, never sent on: an address that did not check out gets no redirect."""
    return JSONResponse({"error": error.code, "error_description": str(error)}, 400)


def _response(answer: MockResponse) -> Response:
    return Response(answer.body, answer.status, answer.headers)


async def _drop(send: Send) -> None:
    """Promise a body and send none: the server then cuts the connection."""
    headers = [(b"content-length", b"1")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
