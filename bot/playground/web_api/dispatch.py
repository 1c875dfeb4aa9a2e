"""POST /api/<method>: reads the call, refuses what Slack refuses, does it, records it."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.playground.errors import SlackError
from bot.playground.faults import CallFault
from bot.playground.slack import Slack
from bot.playground.web_api import chat, conversations, files, people, reactions, views
from bot.playground.web_api.method import Method, read, read_json

METHODS: dict[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **people.METHODS,
    **reactions.METHODS,
    **views.METHODS,
}


async def call(slack: Slack, request: Request) -> Response:
    """Slack answers 200 to everything but a rate limit and a fault of its own."""
    name = request.path_params["method"]
    arguments: dict[str, Any] = {}
    try:
        arguments = await _arguments(request)
        token = _token(request, arguments)
        fault = slack.faults.of_call(name)
        if fault is not None and (failure := await _failed(fault)) is not None:
            slack.calls.record(name, arguments, fault.fault)
            return failure
        answer = _answer(slack, name, token, arguments)
    except SlackError as error:
        slack.calls.record(name, arguments, error.code)
        return _refusal(error)
    slack.calls.record(name, arguments, None)
    if fault is not None and fault.fault == "lost_reply":
        await _hang_up(request)
    headers = {"x-oauth-scopes": ",".join(sorted(slack.app.scopes))}
    return JSONResponse({"ok": True, **answer}, headers=headers)


def _answer(slack: Slack, name: str, token: str, arguments: dict[str, Any]) -> dict[str, Any]:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    _check_token(slack, method, token)
    if wait := slack.rates.wait(name, method.tier, str(arguments.get("channel", ""))):
        raise SlackError("ratelimited", retry_after=wait)
    return method.handle(slack, read(method.arguments, arguments))


def _check_token(slack: Slack, method: Method, token: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if token not in (slack.app.bot_token, slack.app.app_token):
        raise SlackError("invalid_auth")
    if (token == slack.app.app_token) != (method.token == "app"):
        raise SlackError("not_allowed_token_type")
    if method.scopes and not slack.app.scopes.intersection(method.scopes):
        raise SlackError(
            "missing_scope",
            needed=",".join(method.scopes),
            provided=",".join(sorted(slack.app.scopes)),
        )


async def _arguments(request: Request) -> dict[str, Any]:
    """Of the address, and of a form or of JSON."""
    given: dict[str, Any] = dict(request.query_params)
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if not body:
        return given
    if kind == "application/json":
        return given | read_json(body)
    if kind != "application/x-www-form-urlencoded":
        raise SlackError("invalid_post_type")
    return given | dict(parse_qsl(body.decode(), keep_blank_values=True))


def _token(request: Request, arguments: dict[str, Any]) -> str:
    """From the header or the arguments, where it doesn't stay."""
    in_arguments = str(arguments.pop("token", ""))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else in_arguments


def _refusal(error: SlackError) -> Response:
    if error.code == "ratelimited":
        return _rate_limited(error.extra["retry_after"])
    answer: dict[str, Any] = {"ok": False, "error": error.code, **error.extra}
    if error.messages:
        answer["response_metadata"] = {"messages": error.messages}
    return JSONResponse(answer)


def _rate_limited(seconds: object) -> Response:
    return JSONResponse(
        {"ok": False, "error": "ratelimited"},
        status_code=429,
        headers={"Retry-After": str(seconds)},
    )


async def _failed(fault: CallFault) -> Response | None:
    """The answer of a call that isn't done."""
    match fault.fault:
        case "rate_limited":
            return _rate_limited(fault.retry_after)
        case "server_error":
            return PlainTextResponse("Internal Server Error", status_code=500)
        case "timeout":
            await asyncio.sleep(fault.seconds)
            return PlainTextResponse("Gateway Timeout", status_code=504)
        case "error":
            return JSONResponse({"ok": False, "error": fault.error})
        case "lost_reply":
            return None


async def _hang_up(request: Request) -> None:
    """Cuts the connection before the answer. ASGI has no word for it, so uvicorn's own is used."""
    request.receive.__self__.transport.abort()  # type: ignore[attr-defined]
    await asyncio.sleep(0)
