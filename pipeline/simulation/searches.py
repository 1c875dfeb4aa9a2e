"""What a request searches for, read back out of the text that the catalogue's templates make."""

from dataclasses import dataclass, field
from typing import Any

from pipeline.catalogue.operation import Operation
from pipeline.catalogue.request import named_field
from pipeline.catalogue.shape import Schema
from pipeline.catalogue.shapes import of_kind, shapes_at
from pipeline.simulation.pagination import asked_page
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.templates import match_json, match_search, match_text


@dataclass(frozen=True)
class Search:
    """`page` has position and size, where they stood in the search text itself."""

    equal: dict[str, str] = field(default_factory=dict)
    since: dict[str, str] = field(default_factory=dict)
    page: dict[str, Any] = field(default_factory=dict)


def read_search(operation: Operation, text: Any) -> Search:
    """Refusal where no template of the operation gives this text."""
    if text is None:
        if operation.action == "find" or operation.query_parameter in operation.query:
            raise Refusal("invalid", f"{operation.query_parameter}: a required search is missing.")
        return Search()
    query, page = _without_page(operation, str(text))
    if operation.action == "list" and query == operation.query.get(operation.query_parameter or ""):
        return Search(page=page)
    for path, template in operation.find_by.items():
        value = match_search(template, query, operation.value_escape)
        column = match_search(template, query, operation.value_escape, "field")
        if value is not None:
            return Search(equal={f"{path}.{column}" if column else path: value}, page=page)
    for path, template in operation.since_by.items():
        value = match_search(template, query, operation.value_escape)
        if value is not None:
            return Search(since={path: value}, page=page)
    templates = [*operation.find_by.values(), *operation.since_by.values()]
    expected = f" Expected is like: {templates[0]}" if templates else ""
    raise Refusal("invalid", f"The search “{query[:120]}” is not valid here.{expected}")


def read_search_body(operation: Operation, body: Any, schema: Schema) -> dict[str, str]:
    """Field -> value searched for, out of a body; Refusal where it is not the known one."""
    for home, name in operation.find_by.items():
        for kind, shape in shapes_at(schema, home).items() if name == "{field}" else ():
            found = match_json(of_kind(operation.search_body, kind), body)
            if found is not None and found.get("value") is not None:
                return {f"{home}.{found['field']}.{shape.write}": str(found["value"])}
    found = match_json(operation.search_body, body)
    named = {name: path for path, name in operation.find_by.items()}
    if found is None or found.get("field") not in named or found.get("value") is None:
        raise Refusal("invalid", f"The search must be like {operation.search_body}.")
    return {named[found["field"]]: str(found["value"])}


def read_list_body(operation: Operation, body: Any) -> Search:
    """The page and the time that a list's body asks for; Refusal where it asks for more."""
    if not isinstance(body, dict):
        raise Refusal("invalid", "The body must be an object.")
    pages = operation.pagination
    page = asked_page(pages, body)
    rest = {
        name: one
        for name, one in body.items()
        if name not in (pages.parameter, pages.size_parameter)
    }
    if not rest:
        return Search(page=page)
    for path, name in operation.since_by.items():
        found = match_json(named_field(operation.since_body, name), rest)
        if found is not None and found.get("value") is not None:
            return Search(since={path: str(found["value"])}, page=page)
    raise Refusal("invalid", f"The body must be like {operation.since_body}.")


def _without_page(operation: Operation, text: str) -> tuple[str, dict[str, Any]]:
    pagination = operation.pagination
    if not pagination.template or pagination.parameter != operation.query_parameter:
        return text, {}
    found = match_text(pagination.template, text)
    if found is None:
        return text, {}
    return found["query"], {name: found[name] for name in ("position", "size") if name in found}
