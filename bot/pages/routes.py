"""The pages of one live integration. A link that Weft gave is the way in; nothing is cached."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.pages.content import PAGE, event_row, line_rows
from bot.pages.links import PATH, PageLinks, Permit
from bot.permissions import require_may_change
from pipeline.errors import NotAllowed, ServiceError, UserError, WeftError
from pipeline.live.capabilities import Eventful, EventInfo
from pipeline.live.cards import card_of
from pipeline.live.operations import Operations
from pipeline.live.place import LivePlace
from pipeline.ports import IntegrationStore

_HERE = Path(__file__).parent
_FILTERS = {"": "All", "kept": "Failed and kept", "failed": "Failed", "done": "Done"}
_LINES_READ = 1000
_LINES_SHOWN = 200
_LONGEST_SOUGHT = 200
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
)

_Show = Callable[[Request, Permit, LivePlace], Response]


class Pages:
    def __init__(self, links: PageLinks, store: IntegrationStore, operations: Operations) -> None:
        self._links = links
        self._store = store
        self._operations = operations

    def routes(self) -> list[Route]:
        own = f"{PATH}/{{token}}"
        return [
            Route(f"{PATH}/style.css", _style),
            Route(f"{own}/", self._answering(self._overview)),
            Route(f"{own}/logs", self._answering(self._logs)),
            Route(f"{own}/events/{{event}}", self._answering(self._event)),
            Route(
                f"{own}/events/{{event}}/replay", self._answering(self._replay), methods=["POST"]
            ),
        ]

    def _answering(self, show: _Show) -> Callable[[Request], Any]:
        """A handler, off the event loop: it waits for the database and for the platform."""

        def answer(request: Request) -> Response:
            try:
                permit = self._links.read(request.path_params["token"])
                return show(request, permit, self._place(permit))
            except (UserError, ServiceError, KeyError) as error:
                return _refusal(error)

        async def handler(request: Request) -> Response:
            return await run_in_threadpool(answer, request)

        return handler

    def _place(self, permit: Permit) -> LivePlace:
        """NotAllowed for a person who may not change the integration any more."""
        require_may_change(self._store.get(permit.integration_id), permit.user)
        return self._operations.place(permit.integration_id, permit.environment)

    # ---- Pages --------------------------------------------------------------------------------

    def _overview(self, request: Request, permit: Permit, place: LivePlace) -> Response:
        chosen = request.query_params.get("state", "")
        chosen = chosen if chosen in _FILTERS else ""
        before = request.query_params.get("before")
        platform = place.platform
        kept = _kept(place)
        events = _events(place, kept, chosen, before) if isinstance(platform, Eventful) else []
        ids = {event.id for event in kept}
        return self._page(
            "overview.html",
            place,
            root="./",
            card=card_of(place.integration, place.environment, self._store),
            live=place.integration.live[place.environment],
            kept=len(kept),
            filters=_FILTERS,
            chosen=chosen,
            has_events=isinstance(platform, Eventful),
            rows=[event_row(event, ids) for event in events[:PAGE]],
            older=events[PAGE - 1].id if len(events) > PAGE else "",
            is_first=before is None,
        )

    def _event(self, request: Request, permit: Permit, place: LivePlace) -> Response:
        event = self._operations.event(place, request.path_params["event"])
        ids = {one.id for one in _kept(place)}
        lines = place.platform.logs(place.project, place.environment, limit=_LINES_READ)
        return self._page(
            "event.html",
            place,
            root="../",
            row=event_row(event, ids),
            lines=[row for row in line_rows(lines) if row.execution == event.id][:_LINES_SHOWN],
        )

    def _logs(self, request: Request, permit: Permit, place: LivePlace) -> Response:
        sought = request.query_params.get("record", "").strip()[:_LONGEST_SOUGHT]
        lines = place.platform.logs(place.project, place.environment, limit=_LINES_READ)
        rows = line_rows(lines, sought)
        page = max(1, int(number) if (number := _number(request)) else 1)
        shown = rows[(page - 1) * _LINES_SHOWN : page * _LINES_SHOWN]
        return self._page(
            "logs.html",
            place,
            root="./",
            sought=sought,
            lines=shown,
            page=page,
            has_more=len(rows) > page * _LINES_SHOWN,
            read=len(lines),
        )

    def _replay(self, request: Request, permit: Permit, place: LivePlace) -> Response:
        event_id = self._operations.replay_event(
            place.integration.id, place.environment, request.path_params["event"]
        )
        return RedirectResponse(f"../{event_id}", 303, _HEADERS)

    def _page(self, name: str, place: LivePlace, **content: Any) -> Response:
        text = _TEMPLATES.get_template(name).render(
            title=place.case.plan.title, environment=place.environment, **content
        )
        return HTMLResponse(text, headers=_HEADERS)


def _kept(place: LivePlace) -> list[EventInfo]:
    """Failed events that wait for a person, newest first."""
    platform = place.platform
    if not isinstance(platform, Eventful):
        return []
    return platform.unsettled(place.project, place.environment)[::-1]


def _events(
    place: LivePlace, kept: list[EventInfo], chosen: str, before: str | None
) -> list[EventInfo]:
    """A page of events, and one more where there are further ones."""
    platform = place.platform
    assert isinstance(platform, Eventful)
    if chosen == "kept":
        ids = [event.id for event in kept]
        begin = ids.index(before) + 1 if before in ids else 0
        return kept[begin : begin + PAGE + 1]
    return platform.events(
        place.project, place.environment, state=chosen or None, limit=PAGE + 1, before=before
    )


def _number(request: Request) -> str:
    number = request.query_params.get("page", "")
    return number if number.isdecimal() and len(number) < 5 else ""


def _refusal(error: Exception) -> Response:
    status = 403 if isinstance(error, NotAllowed) else 503
    if isinstance(error, UserError) and status == 503:
        status = 409
    sentence = str(error) if isinstance(error, WeftError) else "There is nothing here any more."
    text = _TEMPLATES.get_template("refusal.html").render(sentence=sentence)
    return HTMLResponse(text, 404 if isinstance(error, KeyError) else status, _HEADERS)


async def _style(_: Request) -> Response:
    return FileResponse(_HERE / "templates" / "style.css", media_type="text/css")
