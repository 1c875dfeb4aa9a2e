"""What the bot reaches: the Web API, uploads and files, response addresses, Socket Mode."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from bot.playground.errors import SlackError
from bot.playground.interaction.answers import use_response_url
from bot.playground.slack import Slack
from bot.playground.web_api import dispatch
from bot.playground.web_api.method import read_json


class SlackAddresses:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._home),
            Route("/api/{method}", self._api, methods=["GET", "POST"]),
            Route("/upload/v1/{ticket}", self._upload, methods=["POST"]),
            Route("/files-pri/{file}/{name:path}", self._file),
            Route("/response/{token}", self._response_url, methods=["POST"]),
            WebSocketRoute("/socket-mode/", self._slack.socket_mode.serve),
        ]

    async def _home(self, _: Request) -> Response:
        return RedirectResponse("/playground/")

    async def _api(self, request: Request) -> Response:
        return await dispatch.call(self._slack, request)

    async def _upload(self, request: Request) -> Response:
        content = await request.body()
        try:
            self._slack.uploads.receive(request.path_params["ticket"], content)
        except SlackError as error:
            return PlainTextResponse(error.code, status_code=400)
        return PlainTextResponse(f"OK - {len(content)}")

    async def _file(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self._slack.app.bot_token}":
            return PlainTextResponse("Sign in to see this file.", status_code=403)
        name = request.path_params["file"].partition("-")[2]
        found = self._slack.workspace.files.get(name)
        if found is None:
            return PlainTextResponse("There is no such file.", status_code=404)
        return Response(found.content, media_type=found.mimetype)

    async def _response_url(self, request: Request) -> Response:
        try:
            given = read_json(await request.body())
            use_response_url(self._slack, request.path_params["token"], given)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.code}, status_code=404)
        return PlainTextResponse("ok")
