"""Mock systems of the projects, served by the runner under `/mock/{project}/{system}/`."""

import asyncio
from collections.abc import Mapping
from html import escape

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import Receipt, SystemEntry
from pipeline.errors import PlatformError
from pipeline.platforms.local.endpoints import Endpoints
from pipeline.platforms.local.ledger import Ledger
from pipeline.ports import Clock
from pipeline.simulation.answers import MockResponse
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.oauth import OauthError
from pipeline.simulation.refusals import Refusal

_LONGEST_DELAY_SECONDS = 120.0
_CONSENT_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Mock of {system}</title>'
    "<style>body{{font:1.1rem system-ui;margin:4rem auto;max-width:34rem;padding:0 1rem}}</style>"
    "<h1>Mock of {system}</h1><p>Weft asks for access to this mock. No real account is touched.</p>"
    '<form method="post"><button name="answer" value="allow">Allow access</button> '
    '<button name="answer" value="deny">Deny</button></form></html>'
)


class Mocks:
    """Each project has its own; what is in them outlives the runner."""

    def __init__(
        self,
        ledger: Ledger,
        catalogue: Catalogue,
        clock: Clock,
        endpoints: Endpoints,
        callback_url: str,
    ) -> None:
        self._ledger = ledger
        self._catalogue = catalogue
        self._clock = clock
        self._endpoints = endpoints
        self._callback_url = callback_url
        self._systems: dict[tuple[str, str], MockSystem] = {}

    def system(self, project_id: str, name: str) -> MockSystem:
        """The mock, made on first use; PlatformError where the catalogue can't make one."""
        key = (project_id, name)
        if key not in self._systems:
            address = self._endpoints.mock_url(project_id, name)
            memory = self._ledger.mock_memory(project_id, name)
            entry = self.entry(project_id, name)
            self._systems[key] = MockSystem(entry, self._clock, address, memory)
        return self._systems[key]

    def entry(self, project_id: str, name: str) -> SystemEntry:
        """What is known of the project's system; PlatformError where nothing is."""
        described = self._ledger.projects.system(project_id, name).entry
        try:
            return described or self._catalogue.system(name)
        except KeyError as error:
            raise PlatformError(
                f"“{name}” has no mock, as it is not in the catalogue: connect it for real."
            ) from error

    def receipt_of(self, project_id: str, name: str | None) -> Receipt:
        """How the system wants its webhooks to be answered; as usual, where nothing is known."""
        try:
            return Receipt() if name is None else self.entry(project_id, name).receipt
        except PlatformError:
            return Receipt()

    # ---- The API ------------------------------------------------------------------------------

    async def receive(self, request: Request) -> Response:
        try:
            mock = self._of(request)
        except PlatformError as error:
            return JSONResponse({"error": str(error)}, 404)
        answer = mock.handle(
            request.method,
            "/" + request.path_params["path"],
            request.url.query,
            dict(request.headers),
            await request.body(),
        )
        if answer.delay_seconds:
            await asyncio.sleep(min(answer.delay_seconds, _LONGEST_DELAY_SECONDS))
        return _Dropped() if answer.dropped else _response(answer)

    async def authorize(self, request: Request) -> Response:
        """The consent page; its buttons lead back with a code, or without."""
        try:
            oauth = self._of(request).oauth
            asked = oauth.asked(request.query_params)
        except (PlatformError, OauthError) as error:
            return JSONResponse({"error": str(error)}, 400)
        if asked.redirect_uri != self._callback_url:
            return JSONResponse({"error": "redirect_uri is not this runner's."}, 400)
        if request.method == "GET":
            system = request.path_params["system"]
            return HTMLResponse(_CONSENT_PAGE.format(system=escape(system)))
        allowed = await request.body() == b"answer=allow"
        return RedirectResponse(oauth.approve(asked) if allowed else oauth.deny(asked), 303)

    async def token(self, request: Request) -> Response:
        try:
            mock = self._of(request)
        except PlatformError as error:
            return JSONResponse({"error": str(error)}, 404)
        return _response(
            mock.oauth.answer_token_request(dict(request.headers), await request.body())
        )

    def _of(self, request: Request) -> MockSystem:
        return self.system(request.path_params["project"], request.path_params["system"])

    # ---- For people and tests -----------------------------------------------------------------

    def records(self, project_id: str, system: str, entity: str) -> list[dict[str, JsonValue]]:
        try:
            return self.system(project_id, system).records(entity)
        except (KeyError, Refusal) as error:
            raise PlatformError(f"The mock of “{system}” has no “{entity}”.") from error

    def create(
        self, project_id: str, system: str, entity: str, record: Mapping[str, JsonValue] | None
    ) -> dict[str, JsonValue]:
        try:
            return self.system(project_id, system).create(entity, record)
        except (KeyError, Refusal) as error:
            raise PlatformError(f"The mock of “{system}” does not take that: {error}") from error

    def sample_event(
        self,
        project_id: str,
        system: str,
        event: str,
        record: Mapping[str, JsonValue] | None,
        secret: str,
        url: str,
    ) -> tuple[dict[str, str], bytes]:
        """A delivery to that URL, signed with the secret."""
        try:
            mock = self.system(project_id, system)
            return mock.sample_event(event, record, secret=secret, url=url)
        except KeyError as error:
            raise PlatformError(f"“{system}” has no event “{event}” in the catalogue.") from error


def _response(answer: MockResponse) -> Response:
    return Response(answer.body, answer.status, answer.headers)


class _Dropped(Response):
    """An answer that breaks off: the server closes the connection in its middle."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
