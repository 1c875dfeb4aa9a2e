"""The web process: Slack's requests, installations, OAuth callbacks of systems, and health."""

from collections.abc import Callable, Sequence

import httpx
from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

CALLBACK = "/oauth/callback"
_LARGEST_REQUEST = 1_000_000  # bytes; Slack's own are far smaller
_FORWARDED = ("content-type", "content-security-policy", "referrer-policy", "cache-control")

Answer = Callable[[BoltRequest], BoltResponse]


def create_server(
    app: App, runner_url: Callable[[], str | None], pages: Sequence[Route] = ()
) -> Starlette:
    """`runner_url`: where the local platform is, which OAuth callbacks are passed on to."""

    async def events(request: Request) -> Response:
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        if not timestamp.isdecimal():  # Bolt would answer 500
            return PlainTextResponse("The request is not signed.", 401)
        return await _answer(request, app.dispatch)

    async def callback(request: Request) -> Response:
        return await _pass_on(request, await run_in_threadpool(runner_url))

    async def health(_: Request) -> Response:
        return JSONResponse({"ok": True})

    routes = [
        Route("/slack/events", events, methods=["POST"]),
        Route(CALLBACK, callback),
        Route("/health", health),
    ]
    return Starlette(routes=[*routes, *pages, *_installation_routes(app)])


def _installation_routes(app: App) -> list[Route]:
    flow = app.oauth_flow
    if flow is None:
        return []

    async def install(request: Request) -> Response:
        return await _answer(request, flow.handle_installation)

    async def installed(request: Request) -> Response:
        return await _answer(request, flow.handle_callback)

    return [Route(flow.install_path, install), Route(flow.redirect_uri_path, installed)]


async def _answer(request: Request, answer: Answer) -> Response:
    """Bolt's answer, made off the event loop: it waits for the database."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST_REQUEST:
            return PlainTextResponse("The request is too large.", 413)
    try:
        asked = to_bolt_request(request, body)
    except (ValueError, AttributeError, TypeError):  # Bolt reads it before it looks who signed it
        return PlainTextResponse("The request is not one of Slack's.", 400)
    return to_starlette_response(await run_in_threadpool(answer, asked))


async def _pass_on(request: Request, runner_url: str | None) -> Response:
    """A person comes back from a system's consent page: the platform knows what it asked for."""
    if runner_url is None:
        return PlainTextResponse("The platform is not running. Start “weft runner”.", 503)
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=30.0) as client:
            answer = await client.get(
                f"{runner_url}{CALLBACK}", params=list(request.query_params.multi_items())
            )
    except httpx.HTTPError:
        return PlainTextResponse("The platform does not answer. Try again in a minute.", 502)
    headers = {name: answer.headers[name] for name in _FORWARDED if name in answer.headers}
    return Response(answer.content, answer.status_code, headers)
