"""What a REST request asks for: of the operations on its path, the one that it fits."""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.catalogue.model import Operation
from pipeline.simulation.bodies import read_json, record_of
from pipeline.simulation.calls import Call, HttpRequest
from pipeline.simulation.json_paths import read_at
from pipeline.simulation.pagination import asked_page
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.routing import Route
from pipeline.simulation.searches import Search, read_search
from pipeline.simulation.templates import match_text, placeholders

_WRITES = ("create", "update", "upsert")


def understand(
    routes: Iterable[Route], request: HttpRequest, extra: set[str], id_path: str
) -> Call:
    """The call of the best fitting route; the Refusal of the first where none fits.

    `extra` has query parameters that belong to no operation, such as an API key.
    """
    refusals: list[Refusal] = []
    fitting: list[Call] = []
    for route in routes:
        try:
            fitting.append(_call(route, request, extra))
        except Refusal as refusal:
            refusals.append(refusal)
    if not fitting:
        raise refusals[0]
    chosen = max(fitting, key=lambda call: _specificity(call, request, id_path))
    return _with_record(chosen, request)


def _call(route: Route, request: HttpRequest, extra: set[str]) -> Call:
    operation = route.operation
    bindings = {**route.bindings, **_query_bindings(operation, request.query, extra)}
    _check_headers(operation, request.headers)
    search = Search()
    if operation.query_parameter:
        search = read_search(operation, request.query.get(operation.query_parameter))
    return Call(
        operation,
        bindings,
        equal=search.equal,
        since=search.since,
        page={**asked_page(operation.pagination, request.query), **search.page},
    )


def _query_bindings(operation: Operation, query: dict[str, str], extra: set[str]) -> dict[str, str]:
    """Values of placeholders in the query; Refusal of unknown, missing and wrong parameters."""
    searched = {operation.query_parameter, *_page_parameters(operation)}
    kind, _, key = (operation.idempotency_parameter or "").partition(":")
    known = {*operation.query, *searched, *extra, key if kind == "query" else None}
    unknown = [name for name in query if name not in known]
    if unknown:
        raise Refusal("invalid", f"{unknown[0][:80]}: a query parameter that is not known here.")
    bindings: dict[str, str] = {}
    for name, template in operation.query.items():
        if name in searched:
            continue
        if name not in query and not placeholders(template):
            raise Refusal("invalid", f"{name}: a required query parameter ({template}) is missing.")
        found = match_text(template, query[name], ".*?") if name in query else {}
        if found is None:
            raise Refusal("invalid", f"{name}: must be like {template}.")
        bindings |= found
    return bindings


def _page_parameters(operation: Operation) -> set[str | None]:
    return {operation.pagination.parameter, operation.pagination.size_parameter}


def _check_headers(operation: Operation, headers: dict[str, str]) -> None:
    for name, template in operation.headers.items():
        value = headers.get(name.casefold())
        accepts_any = name.casefold() == "accept" and "*/*" in (value or "*/*")
        if not accepts_any and match_text(template, value or "") is None:
            raise Refusal("invalid", f"The header {name} must be like {template}.")


def _specificity(call: Call, request: HttpRequest, id_path: str) -> tuple[int, int]:
    """A body with an id means an update where the path has no id itself."""
    fixed = len(call.operation.query)
    if call.operation.action not in _WRITES:
        return fixed, 0
    body = read_json(request) if request.body else None
    has_id = read_at(read_at(body, call.operation.request_path), id_path) is not None
    return fixed, int(has_id == (call.operation.action != "create"))


def _with_record(call: Call, request: HttpRequest) -> Call:
    needs_record = call.operation.action in _WRITES
    if not needs_record and not request.body:
        return call
    return replace(call, record=record_of(call.operation, read_json(request)))
