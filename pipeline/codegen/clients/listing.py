"""Reading all records of an entity, page by page, as a method of a system's client."""

from urllib.parse import urlsplit

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.catalogue.request import named_field
from pipeline.codegen.clients.method import (
    Method,
    address,
    document_of,
    escaped,
    headers_of,
    id_field,
    in_full,
    members,
    names_name,
    natural_field,
    operation,
    reading,
    rule_path,
    send,
    steps,
    text_of,
)
from pipeline.codegen.clients.reading import body_of
from pipeline.codegen.clients.statements import list_statement
from pipeline.codegen.literals import literal
from pipeline.codegen.names import key, pascal, phrase, plural
from pipeline.plan.model import Cursor, Pagination
from pipeline.plan.roots import stripped

_USUAL_SIZE = 100


def list_name(entity: str) -> str:
    return f"list{pascal(plural(entity))}"


def lists_since(entry: SystemEntry, entity: str, cursor: Cursor | None) -> bool:
    """Whether the API itself can leave out what is older; else whoever reads has to."""
    found = operation(entry, entity, "list")
    return _search(found, cursor) is not None


def _search(found: Operation, cursor: Cursor | None) -> str | None:
    """What asks for the records since a time; of a statement its column, which may be any."""
    if cursor is None or (found.sql is not None and not found.since_by):
        return None
    return cursor.field if found.sql is not None else found.since_by.get(cursor.field)


def list_method(entry: SystemEntry, entity: str, type_: str, cursor: Cursor | None) -> Method:
    """The generator of pages, each with the position of the one after it."""
    found = operation(entry, entity, "list")
    pages = found.pagination
    search = _search(found, cursor)
    since = "since: Time | undefined, " if search else ""
    records = phrase(plural(entity))
    own = id_field(entry, entity) or "id"
    lines = []
    if pages.style != "none" and (pages.page_size or pages.size_parameter):
        lines.append(f"const size = {pages.page_size or _USUAL_SIZE};")
    if _first(pages) is not None:
        lines.append(f"let position = Number(start ?? {_first(pages)});")
    else:
        lines.append("let position = start;")
    if pages.template:
        query, _ = _query(entry, found, search)
        lines.append(f"const search = {query.get(pages.parameter or '', literal(''))};")
    lines += [
        "while (true) {",
        _ask(entry, found, search),
        f"const page = {reading(found, type_)};",
        *_advance(pages, entry.base_url, in_full(found, "page", type_, own)),
        "}",
    ]
    if pages.style == "none":
        listed = in_full(found, reading(found, type_), type_, own)
        lines = [
            f"const answer = {send(_request(entry, found, search))};",
            f"yield {{ records: {listed}, next: undefined }};",
        ]
    start = "start?: Position" if pages.style != "none" else ""
    return Method(
        name=list_name(entity),
        comment=f"All {records}{', or those at or after a time,' if search else ''} page by page"
        f"{'; `start` is the position of a page' if start else ''}.",
        arguments=f"{since}{start}",
        returns=f"AsyncGenerator<Page<{type_}>>",
        body="\n".join(lines),
        is_generator=True,
        document=document_of(found),
    )


def names_method(entry: SystemEntry, entity: str) -> Method:
    """The names of an entity's records by their ids, which a client asks for once."""
    own, name = id_field(entry, entity) or "id", natural_field(entry, entity)
    kept = f"{names_name(entity)}Kept"
    return Method(
        name=names_name(entity),
        comment=f"The names of {phrase(plural(entity))} by their ids; they are read once.",
        arguments="",
        returns="Promise<Map<string, string>>",
        body=f"this.{kept} ??= namesById(this.{list_name(entity)}(), {literal(own)}, "
        f"{literal(name)});\nreturn await this.{kept};",
        kept=f"{kept}?: Promise<Map<string, string>>",
    )


def _ask(entry: SystemEntry, found: Operation, search: str | None) -> str:
    request = members(_request(entry, found, search))
    if found.pagination.style == "link" and not found.pagination.next_path:
        return f"const {{ body: answer, next }} = await this.api.sendForPage({request});"
    return f"const answer = await this.api.send({request});"


def _request(entry: SystemEntry, found: Operation, search: str | None) -> dict[str, str]:
    """The members of the request; what names the page goes where the API takes it."""
    request = {"method": literal(found.method), "path": address(entry, found.path, {})}
    if found.sql is not None:
        return {**request, "body": list_statement(entry, found, search), "repeatable": "true"}
    headers = _members(headers_of(entry, found))
    if search and found.since_header:
        headers.append(_if_since(found.since_header, _wanted(entry, found, search)))
    if headers:
        request["headers"] = f"{{ {', '.join(headers)} }}"
    values, optional = _query(entry, found, search)
    as_text = found.graphql is None and not found.asks_by_body
    optional += _positions(found.pagination, values, as_text)
    record = f"{{ {', '.join([*_members(values), *optional])} }}"
    document = document_of(found)
    if document is not None:
        request["body"] = f"{{ query: {document[0]}, variables: {record} }}"
    elif found.asks_by_body:
        request["body"] = record
    elif values or optional:
        request["query"] = record
    if found.pagination.style == "link":
        request["path"] = f"position === undefined ? {request['path']} : String(position)"
        if "query" in request:
            request["query"] = f"position === undefined ? {record} : {{}}"
    return {**request, "repeatable": "true"}


def _query(
    entry: SystemEntry, found: Operation, search: str | None
) -> tuple[dict[str, str], list[str]]:
    """What is asked for: name -> expression, and the members that depend on the time."""
    values = {name: text_of(entry, value, {}) for name, value in found.query.items()}
    if search is None or found.since_header:
        return values, []
    if found.since_body is not None:
        wanted = body_of(named_field(found.since_body, search), literal(search), _since(found))
        return values, [f"...(since === undefined ? {{}} : {wanted})"]
    name, wanted = found.query_parameter or "since", _wanted(entry, found, search)
    if name not in values:
        return values, [_if_since(name, wanted)]
    return {**values, name: f"since === undefined ? {values[name]} : {wanted}"}, []


def _wanted(entry: SystemEntry, found: Operation, search: str) -> str:
    return text_of(entry, search, {"value": _since(found)})


def _if_since(name: str, wanted: str) -> str:
    return f"...(since === undefined ? {{}} : {{ {key(name)}: {wanted} }})"


def _since(found: Operation) -> str:
    """The time as the search wants it, whichever way the records have it."""
    times = {
        "date-time": "since",
        "unix-time": "Math.floor(milliseconds(since) / 1000)",
        "unix-time-milliseconds": "milliseconds(since)",
    }
    return escaped(found.value_escape, f"String({times[found.since_format]})")


def _members(values: dict[str, str]) -> list[str]:
    return [f"{key(name)}: {value}" for name, value in values.items()]


def _positions(pages: Pagination, values: dict[str, str], as_text: bool) -> list[str]:
    """What names the page; texts where they go into an address. `search` is what is asked for."""
    if pages.size_parameter and pages.style != "none" and not pages.template:
        values[pages.size_parameter] = "String(size)" if as_text else "size"
    if pages.style in ("none", "link") or not pages.parameter:
        return []
    if pages.template:
        values.pop(pages.parameter, None)
        inner = {"query": "${search}", "position": "${position}", "size": "${size}"}
        text = pages.template
        for name, expression in inner.items():
            text = text.replace(f"{{{name}}}", expression)
        return [f"{key(pages.parameter)}: `{text}`"]
    position = "String(position)" if as_text else "position"
    if _first(pages) is not None:
        return [f"{key(pages.parameter)}: {position}"]
    return [f"...(position === undefined ? {{}} : {{ {key(pages.parameter)}: {position} }})"]


def _first(pages: Pagination) -> int | None:
    return pages.first if pages.style in ("page", "offset") else None


def _advance(pages: Pagination, base_url: str, records: str) -> list[str]:
    """What finds the next position, and gives the records of the page out with it."""
    given = [
        f"yield {{ records: {records}, next }};",
        "if (next === undefined) return;",
        "position = next;",
    ]
    more = (
        f"valueAt(answer, {literal(rule_path(pages.more_path))}) === true"
        if pages.more_path
        else ""
    )
    if pages.style in ("page", "offset"):
        # A system may give fewer records than were asked for, and have more all the same.
        step = "1" if pages.style == "page" else "page.length"
        there = (f"page.length > 0 && {more}" if more else "") or (
            "page.length === size" if pages.page_size or pages.size_parameter else "page.length > 0"
        )
        return [f"const next = {there} ? position + {step} : undefined;", *given]
    if pages.style == "link" and not pages.next_path:
        return given
    following = (
        f"valueAt(answer, {literal(steps(pages.next_path or ''))})"
        if "[]" not in (pages.next_path or "")
        else f"lastAt(answer, {literal(steps(pages.next_path or ''))})"
    )
    found = f"positionOf({following})"
    if pages.style == "link":
        segments = len([one for one in urlsplit(stripped(base_url)).path.split("/") if one])
        found = f"addressOf({following}, {segments})"
    return [f"const next = {f'{more} ? {found} : undefined' if more else found};", *given]
