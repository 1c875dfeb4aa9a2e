"""Reading all records of an entity, page by page, as a method of a system's client."""

from dataclasses import dataclass

from pipeline.catalogue.model import Operation, SystemEntry
from pipeline.codegen.literals import block, literal, template
from pipeline.codegen.names import key, pascal, phrase, plural, words
from pipeline.codegen.operations import escaped, operation
from pipeline.errors import OffGround
from pipeline.plan.model import Cursor, Pagination


@dataclass(frozen=True)
class ListMethod:
    """One async generator of pages; `advance` are the statements that find the next page."""

    name: str
    records: str
    type: str
    since: bool
    first: int | None
    size: int | None
    unwrap: list[str]
    request: tuple[str, ...]
    path: str
    advance: tuple[str, ...]
    escape: str
    document_name: str
    document: str


def list_method(entry: SystemEntry, entity: str, type_: str, cursor: Cursor | None) -> ListMethod:
    """The method; OffGround where the catalogue knows no list, or not by this cursor."""
    found = operation(entry, entity, "list")
    pages = found.pagination
    if pages.style == "link":
        raise OffGround(f"Weft cannot yet follow the Link headers of {entry.display_name}.")
    search = found.since_by.get(cursor.field) if cursor else None
    if cursor and search is None:
        raise OffGround(
            f"{entry.display_name} cannot list {phrase(plural(entity))} since a {cursor.field}; it "
            f"can by {', '.join(found.since_by) or 'nothing'}."
        )
    escape = escaped(found.value_escape, "since")
    return ListMethod(
        name=f"list{pascal(plural(entity))}",
        records=phrase(plural(entity)),
        type=type_,
        since=search is not None,
        first=_first(pages),
        size=pages.page_size if pages.style != "none" else None,
        unwrap=found.unwrap,
        request=_request(found, template(search, {"value": escape}) if search else None),
        path=literal(_steps(pages.items_path or found.response_path)),
        advance=_advance(pages),
        escape=escape.partition("(")[0] if search and "(" in escape else "",
        document_name=_document_name(found),
        document=block(found.graphql or ""),
    )


def _request(found: Operation, search: str | None) -> tuple[str, ...]:
    """The members of the request; with GraphQL what varies are variables, else the query."""
    values = {name: literal(value) for name, value in found.query.items()}
    wanted = found.query_parameter
    if search and wanted:
        values[wanted] = (
            f"since === undefined ? {values[wanted]} : {search}" if wanted in values else search
        )
    pages = found.pagination
    conditional = _positions(pages, values, found.graphql is None)
    optional = {wanted} if search and wanted and wanted not in found.query else set()
    written = [
        f"...(since === undefined ? {{}} : {{ {key(name)}: {value} }})"
        if name in optional
        else f"{key(name)}: {value}"
        for name, value in values.items()
    ]
    record = f"{{ {', '.join([*written, *conditional])} }}"
    members = [f"method: {literal(found.method)}", f"path: {literal(found.path)}"]
    if found.graphql is not None:
        members.append(f"body: {{ query: {_document_name(found)}, variables: {record} }}")
    elif values or conditional:
        members.append(f"query: {record}")
    return (*members, "repeatable: true")


def _document_name(found: Operation) -> str:
    return "_".join(words(found.id)).upper()


def _positions(pages: Pagination, values: dict[str, str], as_text: bool) -> list[str]:
    """What names the page; texts where they go into an address."""
    if pages.style == "none" or not pages.parameter:
        return []
    if pages.template:
        inner = {"query": f"${{{values.pop(pages.parameter, literal(''))}}}",
                 "position": "${position}", "size": "${size}"}  # fmt: skip
        text = pages.template
        for name, expression in inner.items():
            text = text.replace(f"{{{name}}}", expression)
        return [f"{key(pages.parameter)}: `{text}`"]
    if pages.size_parameter:
        values[pages.size_parameter] = "String(size)" if as_text else "size"
    position = "String(position)" if as_text else "position"
    return [f"...(position === undefined ? {{}} : {{ {key(pages.parameter)}: {position} }})"]


def _first(pages: Pagination) -> int | None:
    return pages.first if pages.style in ("page", "offset") else None


def _advance(pages: Pagination) -> tuple[str, ...]:
    more = (
        f"valueAt(answer, {literal(_steps(pages.more_path))}) !== true" if pages.more_path else ""
    )
    if pages.style == "none":
        return ("return;",)
    if pages.style in ("page", "offset"):
        step = "1" if pages.style == "page" else "size"
        return (f"if ({more or 'page.length < size'}) return;", f"position += {step};")
    following = f"valueAt(answer, {literal(_steps(pages.next_path or ''))})"
    end = " || ".join(filter(None, [more, 'typeof next !== "string"', 'next === ""']))
    return (f"const next = {following};", f"if ({end}) return;", "position = next;")


def _steps(path: str) -> list[str]:
    return [step for step in path.replace("[]", ".0").split(".") if step]
