"""Everything under /playground/: the page, what it shows, and what people do on it."""

import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from pydantic import ValidationError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.playground.blockkit.validation import sentence
from bot.playground.errors import PlaygroundError, SlackError
from bot.playground.page_requests import DEEDS, Deed
from bot.playground.slack import Slack

PAGE = Path(__file__).parent / "page"
LARGEST_BODY = 20 * 1024 * 1024

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_SENTENCES = {
    "channel_not_found": "There is no such channel.",
    "message_not_found": "This message is gone.",
    "message_limit_exceeded": "This channel is full: start the playground anew.",
    "storage_limit_reached": "The playground keeps no more files: start it anew.",
    "invalid_name": "There is no such reaction.",
    "too_many_emoji": "This message has all the reactions it can have.",
}


class PageApi:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[Mount]:
        shown = {
            "state": self._state,
            "channels/{channel}/messages": self._messages,
            "stream": self._stream,
            "files/{file}": self._file,
            "views": self._views,
            "calls": self._calls,
            "deliveries": self._deliveries,
        }
        routes = [Route(f"/{path}", handler) for path, handler in shown.items()]
        routes += [
            Route(f"/{path}", self._doing(deed), methods=["POST"]) for path, deed in DEEDS.items()
        ]
        page = StaticFiles(directory=PAGE, html=True, check_dir=False)
        return [Mount("/playground", app=_Guarded(routes, page))]

    async def _state(self, request: Request) -> Response:
        workspace = self._slack.workspace
        return JSONResponse(
            {
                "workspace": {"name": workspace.name},
                "users": [
                    {
                        "id": user.id,
                        "name": user.name,
                        "real_name": user.real_name,
                        "color": user.color,
                        "role": user.role,
                        "is_bot": user.is_bot,
                    }
                    for user in workspace.users.values()
                ],
                "channels": [
                    {
                        "id": channel.id,
                        "name": channel.name,
                        "kind": channel.kind,
                        "members": channel.members,
                    }
                    for channel in workspace.channels.values()
                ],
                "me": request.query_params.get("user") or next(iter(workspace.users)),
                "commands": sorted(self._slack.app.commands or []),
            }
        )

    async def _messages(self, request: Request) -> Response:
        workspace = self._slack.workspace
        try:
            channel = workspace.channel(request.path_params["channel"])
        except SlackError as error:
            return _refusal(_SENTENCES[error.code], 404)
        shown = [
            workspace.as_json(message, with_metadata=True)
            | ({"ephemeral_to": message.ephemeral_to} if message.ephemeral_to else {})
            for message in workspace.messages(channel.id)
        ]
        return JSONResponse({"messages": shown})

    async def _stream(self, request: Request) -> Response:
        user = request.query_params.get("user", "")
        if user not in self._slack.workspace.users:
            return _refusal("Say whose events: /playground/stream?user=<id>.", 400)
        return StreamingResponse(self._lines(user), media_type="text/event-stream")

    async def _lines(self, user: str) -> AsyncIterator[str]:
        async with self._slack.stream.listen(user) as events:
            yield ": listening\n\n"
            async for event in events:
                yield ": quiet\n\n" if event is None else f"data: {json.dumps(event)}\n\n"

    async def _file(self, request: Request) -> Response:
        file = self._slack.workspace.files.get(request.path_params["file"])
        if file is None:
            return _refusal("There is no such file.", 404)
        return Response(
            file.content,
            media_type=file.mimetype,
            headers={
                "X-Snippet-Type": file.extension,
                "Content-Disposition": f"inline; filename*=UTF-8''{quote(file.name, safe='')}",
                # Whatever a person or the bot uploaded is shown, never run.
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )

    async def _views(self, request: Request) -> Response:
        user, modals = request.query_params.get("user", ""), self._slack.modals
        home = modals.home(user)
        return JSONResponse(
            {
                "views": [opened.as_json() for opened in modals.stack(user)],
                "home": home.as_json() if home else None,
            }
        )

    async def _calls(self, _: Request) -> Response:
        return JSONResponse({"calls": self._slack.calls.as_json()})

    async def _deliveries(self, _: Request) -> Response:
        return JSONResponse(
            {"deliveries": [asdict(attempt) for attempt in self._slack.courier.attempts]}
        )

    def _doing(self, deed: Deed) -> Any:
        async def do(request: Request) -> Response:
            try:
                wanted = deed.fields.model_validate_json(await _body(request))
                told = await deed.do(self._slack, wanted)
            except ValidationError as error:
                return _refusal(_complaint(error), 400)
            except SlackError as error:
                return _refusal(_SENTENCES.get(error.code, f"Slack refused: {error.code}."), 400)
            except PlaygroundError as error:
                return _refusal(str(error), 400)
            return JSONResponse({"ok": True} | (told or {}))

        return do


async def _body(request: Request) -> bytes:
    """PlaygroundError when it is too large to be read."""
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        raise PlaygroundError("This is too large: 20 MB at most.")
    return await request.body()


def _complaint(error: ValidationError) -> str:
    detail = error.errors(include_url=False)[0]
    place = ".".join(map(str, detail["loc"])) or "the request"
    return f"{place}: {sentence(detail)}"


def _refusal(text: str, status: int) -> Response:
    return JSONResponse({"ok": False, "error": text}, status_code=status)


class _Guarded:
    """Answers this machine's own page only, and forbids it every source but itself."""

    def __init__(self, routes: list[Route], page: StaticFiles) -> None:
        self._app: ASGIApp = Router(routes=routes, default=page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not _is_own(headers):
            refusal = _refusal("The playground answers pages of this machine only.", 403)
            await refusal(scope, receive, send)
            return

        async def with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                sent.setdefault("Content-Security-Policy", _POLICY)
                sent["X-Content-Type-Options"] = "nosniff"
                sent["Referrer-Policy"] = "no-referrer"
                sent["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, with_policy)


def _is_own(headers: Headers) -> bool:
    """A foreign page could reach loopback: by its own requests, or by a name it points here."""
    host = headers.get("host", "")
    origin = headers.get("origin")
    named = urlsplit(f"//{host}").hostname
    return named in ("127.0.0.1", "localhost", "::1") and origin in (None, f"http://{host}")
