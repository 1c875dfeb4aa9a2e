"""REST answers: the outcome where the catalogue says that records stand, and the way to more."""

from typing import Any
from urllib.parse import urlencode

from pipeline.catalogue.operation import Operation
from pipeline.simulation.answers import MockResponse, json_response
from pipeline.simulation.calls import Call, HttpRequest, Outcome
from pipeline.simulation.engine import ROW
from pipeline.simulation.json_paths import put_at
from pipeline.simulation.pagination import with_position


def rest_response(
    request: HttpRequest, call: Call, outcome: Outcome, base: str, base_path: str
) -> MockResponse:
    """`base_path` is that of the system's own base URL: a body names a page by path alone."""
    operation = call.operation
    if outcome.records is None:
        return json_response(200, put_at({}, operation.response_path, outcome.record))
    pagination = operation.pagination
    body = _placed(operation, outcome.records)
    following: str | int | None = outcome.next
    if pagination.style == "link" and outcome.next is not None:
        query = {**request.query, pagination.parameter or "page_info": str(outcome.next)}
        below = base_path if pagination.next_path else base
        following = f"{below}/{request.path.lstrip('/')}?{urlencode(query)}"
    if isinstance(body, dict):
        body = with_position(body, pagination, following)
    linked = pagination.style == "link" and not pagination.next_path and following is not None
    return json_response(200, body, {"link": f'<{following}>; rel="next"'} if linked else None)


def _placed(operation: Operation, records: list[Any]) -> Any:
    """`results[].properties` puts each record inside an element of its own."""
    if operation.record_as == "values":
        records = _rows(records)
    path, _, within = operation.response_path.partition("[]")
    if within:
        return put_at({}, path, [put_at({}, within, record) for record in records])
    return put_at({}, operation.pagination.items_path or path, records)


def _rows(records: list[Any]) -> list[list[Any]]:
    """Lists of values, after one of their names where they have some."""
    named = [record for record in records if ROW not in record]
    names = list(dict.fromkeys(name for record in named for name in record))
    rows = [record.get(ROW) or [record.get(name) for name in names] for record in records]
    return [names, *rows] if names else rows
