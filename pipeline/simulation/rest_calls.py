"""What a REST request asks for: of the operations on its path, the one that it fits."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipeline.catalogue.operation import Operation
from pipeline.catalogue.schema import field_at
from pipeline.simulation.bodies import read_body, read_json, record_of
from pipeline.simulation.calls import Call, HttpRequest
from pipeline.simulation.forms import typed
from pipeline.simulation.json_paths import read_at, steps
from pipeline.simulation.pagination import asked_page
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.routing import Route
from pipeline.simulation.searches import Search, read_list_body, read_search, read_search_body
from pipeline.simulation.templates import match_text, placeholders

SchemaOf = Callable[[Operation], Mapping[str, Any]]
_WRITES = ("create", "update", "upsert")


def understand(
    routes: Iterable[Route],
    request: HttpRequest,
    extra: set[str],
    id_path: str,
    schema_of: SchemaOf,
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
    return _best(fitting, request, id_path, schema_of)


def _best(calls: list[Call], request: HttpRequest, id_path: str, schema_of: SchemaOf) -> Call:
    """Of the calls that the request fits best by all but its record, the one whose record fits."""
    if len(calls) > 1:
        ranks = [_specificity(call, request, id_path, schema_of) for call in calls]
        calls = [call for call, rank in zip(calls, ranks, strict=True) if rank == max(ranks)]
    refusals: list[Refusal] = []
    for call in sorted(calls, key=_narrowness, reverse=True):
        try:
            return _with_record(call, request, schema_of)
        except Refusal as refusal:
            refusals.append(refusal)
    raise refusals[-1]


def _narrowness(call: Call) -> tuple[int, int]:
    """How much an operation says of its body: the wider one takes what no narrower one does."""
    return len(steps(call.operation.request_path)), len(call.operation.body)


def _call(route: Route, request: HttpRequest, extra: set[str]) -> Call:
    operation = route.operation
    bindings = {**route.bindings, **_query_bindings(operation, request.query, extra)}
    _check_headers(operation, request.headers)
    search = Search()
    if operation.since_header and operation.since_header.casefold() in request.headers:
        search = read_search(operation, request.headers[operation.since_header.casefold()])
    elif operation.query_parameter:
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
    paged = () if operation.asks_by_body else _page_parameters(operation)
    searched = {operation.query_parameter, *paged}
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
        if name.casefold() == "content-type":  # the body says more of it when it is read
            continue
        accepts_any = name.casefold() == "accept" and "*/*" in (value or "*/*")
        if not accepts_any and match_text(template, value or "") is None:
            raise Refusal("invalid", f"The header {name} must be like {template}.")


def _specificity(
    call: Call, request: HttpRequest, id_path: str, schema_of: SchemaOf
) -> tuple[int, int]:
    """A body with an id means an update where the path has no id itself."""
    operation = call.operation
    if placeholders(operation.path):
        return len(operation.query), 0
    body = read_body(operation, request, schema_of(operation)) if request.body else None
    has_id = read_at(read_at(body, operation.request_path), id_path) is not None
    return len(operation.query), int(has_id == (operation.action != "create"))


def _with_record(call: Call, request: HttpRequest, schema_of: SchemaOf) -> Call:
    operation = call.operation
    if operation.search_body is not None:
        equal = read_search_body(operation, read_json(request), dict(schema_of(operation)))
        return replace(call, equal=equal)
    if operation.asks_by_body:
        search = read_list_body(operation, read_json(request) if request.body else {})
        return replace(call, since=search.since, page=search.page)
    if operation.action not in _WRITES and not request.body:
        return call
    schema = schema_of(operation)
    body, matched_on = _matched_on(operation, read_body(operation, request, schema))
    record = record_of(operation, body)
    if isinstance(record, dict):
        record = {**_in_path(call, schema), **record}
        matched_on = [path for name in matched_on for path in _paths_of(name, record)]
    return replace(call, record=record, matched_on=tuple(matched_on))


def _in_path(call: Call, schema: Mapping[str, Any]) -> dict[str, Any]:
    """What the record needs and the path has, in the type of its field."""
    needed = {*call.operation.required, *schema.get("required", [])}
    kinds = {name: field_at(schema, name) for name in call.bindings if name in needed}
    return {name: typed(call.bindings[name], kind.type) for name, kind in kinds.items() if kind}


def _matched_on(operation: Operation, body: Any) -> tuple[Any, list[str]]:
    """The body without the names of the fields that a record is matched on, and those names."""
    if operation.match_path is None or not isinstance(body, dict):
        return body, []
    names = read_at(body, operation.match_path)
    aside = steps(operation.match_path)[0]
    rest = {name: value for name, value in body.items() if name != aside}
    listed = names if isinstance(names, list) else []
    return rest, [name for name in listed if isinstance(name, str)]


def _paths_of(name: str, record: Mapping[str, Any]) -> list[str]:
    """Where a record has the field that a request names: at its top or in one of its objects."""
    inner = [f"{outer}.{name}" for outer, one in record.items() if name in _members(one)]
    return [name] if name in record else inner[:1]


def _members(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
