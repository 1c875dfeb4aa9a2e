"""Versori's API on loopback: strict about every request, with state, and able to fail when told.

The command line reaches it by `url_overwrite`. One of its hosts can't be redirected that way;
`environment` leads it here through a proxy that lets nothing else out.
"""

import asyncio
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.versori import description
from tests.versori.behaviour import assets, connections, people, projects, systems
from tests.versori.behaviour.call import HANDLERS, Call, Refusal
from tests.versori.description import API, OPERATIONS, Operation, Problem
from tests.versori.fixed_host import FixedHost
from tests.versori.serving import METHODS, Exchange, Fault, error, failed, listen, read, serve
from tests.versori.state import LogLine, Organisation, new_ulid, now

BEHAVIOURS = (assets, connections, people, projects, systems)
CONSENTED = {"type": "oauth2-token"}


class VersoriDouble:
    """A context manager. `requests` has all exchanges; `effects` is told of each change.

    `effects` is called with an operation's name once its effect is kept and before it is answered.
    """

    def __init__(self) -> None:
        self.organisations: dict[str, Organisation] = {}
        self.state = self.add_organisation()
        self.requests: list[Exchange] = []
        self.effects: Callable[[str], None] = lambda operation: None
        self.url = self._origin = ""
        self._faults: dict[str, list[Fault]] = {}
        self._server: uvicorn.Server | None = None
        self._fixed_host: FixedHost | None = None

    @property
    def organisation_id(self) -> str:
        return self.state.id

    @property
    def token(self) -> str:
        return self.state.token

    @property
    def overview(self) -> str:
        """Where another process sees what was asked, and says that a person consented."""
        return f"{self._origin}/double"

    @property
    def refused(self) -> list[Exchange]:
        """What broke the description."""
        return [one for one in self.requests if one.problems]

    @property
    def environment(self) -> dict[str, str]:
        """Variables for the command line's process, so that it reaches nothing but this."""
        if self._fixed_host is None:
            self._fixed_host = FixedHost(self.app)
        return self._fixed_host.environment

    def add_organisation(self) -> Organisation:
        organisation = Organisation(id=new_ulid(), token=f"versori-{secrets.token_hex(16)}")
        self.organisations[organisation.id] = organisation
        return organisation

    def fail(self, operation: str, **how: Any) -> None:
        """The next `times` of an operation meet a `Fault`."""
        self._faults.setdefault(operation, []).append(Fault(**how))

    def recover(self) -> None:
        self._faults.clear()

    def calls(self, operation: str) -> list[Exchange]:
        return [one for one in self.requests if one.operation == operation]

    def consent(self, project_id: str, system: str, environment: str | None = None) -> str:
        """What a person does on the platform's page: connects a template by its name. Its id."""
        organisation = self._owner(project_id)
        template = next(
            one
            for one in organisation.templates.values()
            if one.name == system
            and (place := organisation.environments[one.environment]).project == project_id
            and environment in (None, place.name)
        )
        call = Call(organisation, {}, {}, None, self.url)
        body = {"name": f"{system} by hand {new_ulid()[-6:]}", "credentials": [{"id": new_ulid()}]}
        connection = connections.new_connection(call, template, body)
        connection.credentials[0]["credential"] = dict(CONSENTED)
        template.connection = connection.id
        return connection.id

    def log(
        self,
        project_id: str,
        environment: str,
        message: str,
        severity: str = "info",
        at: str | None = None,
        **fields: Any,
    ) -> None:
        """A line that the deployed project wrote. `at` is RFC 3339, in UTC."""
        organisation = self._owner(project_id)
        place = organisation.environment(project_id, environment)
        assert place is not None, f"{project_id} has no environment {environment}"
        organisation.logs.append(
            LogLine(
                environment=place.id,
                message=message,
                severity=severity,
                fields=fields,
                at=at or now(),
            )
        )

    def _owner(self, project_id: str) -> Organisation:
        return next(one for one in self.organisations.values() if project_id in one.projects)

    # ---- The server ----------------------------------------------------------------------------

    def __enter__(self) -> "VersoriDouble":
        listener = listen()
        self._origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.url = self._origin + API
        self.app = Starlette(routes=self._routes())
        self._server = serve(self.app, listener)
        return self

    def __exit__(self, *_: object) -> None:
        if self._fixed_host is not None:
            self._fixed_host.close()
            self._fixed_host = None
        if self._server is not None:
            self._server.should_exit = True
            self._server = None

    def _routes(self) -> list[Route]:
        routes = [
            Route(one.path, partial(self._answer, one), methods=[one.method]) for one in OPERATIONS
        ]
        routes.append(Route("/upload/{asset_id}", self._upload, methods=["PUT", "GET"]))
        routes.append(Route("/run/{environment_id}/{webhook}", self._run, methods=["POST"]))
        routes.append(Route("/double", self._overview, methods=["GET", "POST"]))
        routes.append(Route("/{path:path}", self._unknown, methods=METHODS))
        return routes

    async def _answer(self, operation: Operation, request: Request) -> Response:
        body, problems = await read(request)
        problems += description.path_problems(request.path_params)
        problems += description.query_problems(operation, request.query_params)
        problems += description.body_problems(operation, body) if not problems else []
        fault = self._next_fault(operation.name)
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        response = None if fault is None or fault.after else failed(fault)
        if response is None:
            response = self._served(operation, request, body, problems)
            if fault and response.status_code < 400:
                response = failed(fault) or response
        self._keep(operation.name, request, body, response.status_code, problems)
        return response

    def _served(
        self, operation: Operation, request: Request, body: Any, problems: list[Problem]
    ) -> Response:
        try:
            organisation = self._authorised(request)
            if problems:
                return error(400, "invalid_argument", "the request is invalid", problems)
            query = dict(request.query_params)
            call = Call(organisation, request.path_params, query, body, self._origin)
            answer = HANDLERS[operation.name](call)
        except Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)
        if operation.method != "GET":
            self.effects(operation.name)
        if operation.status == 204:
            return Response(status_code=204)
        return JSONResponse(answer, operation.status)

    def _authorised(self, request: Request) -> Organisation:
        """By `JWT <token>`, as the command line sends it, or `Bearer <token>`, as described."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        owner = next((one for one in self.organisations.values() if one.token == token), None)
        if owner is None or scheme not in ("JWT", "Bearer"):
            raise Refusal(401, "unauthenticated", "invalid token")
        if request.path_params.get("organisation_id", owner.id) != owner.id:
            raise Refusal(403, "permission_denied", "no access to this organisation")
        return owner

    def _next_fault(self, operation: str) -> Fault | None:
        faults = self._faults.get(operation, [])
        if not faults:
            return None
        faults[0].times -= 1
        return faults.pop(0) if faults[0].times <= 0 else faults[0]

    def _keep(
        self, operation: str, request: Request, body: Any, status: int, problems: list[Problem]
    ) -> None:
        self.requests.append(
            Exchange(
                operation,
                request.method,
                request.url.path,
                dict(request.query_params),
                body,
                dict(request.headers),
                status,
                problems,
            )
        )

    async def _upload(self, request: Request) -> Response:
        """The signed address: no token, and only what was announced."""
        everywhere = (one.assets for one in self.organisations.values())
        asset_id = request.path_params["asset_id"]
        asset = next((one[asset_id] for one in everywhere if asset_id in one), None)
        content = await request.body()
        if asset is None:
            response = Response("no such upload", 403)
        elif request.method == "GET":
            response = Response(asset.content, media_type=asset.content_type)
        elif request.headers.get("content-type") != asset.content_type:
            response = Response("the content type was not signed", 403)
        elif len(content) != asset.size:
            response = Response("the length was not signed", 403)
        else:
            asset.content = content
            self.effects("Upload")
            response = Response()
        self._keep("Upload", request, content.decode(errors="replace"), response.status_code, [])
        return response

    async def _run(self, request: Request) -> Response:
        """A webhook of what is deployed: taken when the environment runs."""
        wanted = request.path_params["environment_id"].upper()
        everywhere = (one.environments for one in self.organisations.values())
        environment = next((one[wanted] for one in everywhere if wanted in one), None)
        status = 202 if environment is not None and environment.status == "running" else 404
        self._keep("Run", request, (await request.body()).decode(), status, [])
        return Response(status_code=status)

    async def _overview(self, request: Request) -> Response:
        if request.method == "POST":
            return JSONResponse(self.consent(**await request.json()))
        asked = [{"operation": one.operation, "status": one.status} for one in self.requests]
        return JSONResponse({"requests": asked, "problems": [one.problems for one in self.refused]})

    async def _unknown(self, request: Request) -> Response:
        problem = {"field": "", "message": f"{request.method} {request.url.path} is no operation"}
        self._keep("", request, (await request.body()).decode(), 404, [problem])
        return error(404, "not_found", "no such operation")
