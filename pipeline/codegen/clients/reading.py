"""Methods that find one record: by a search, by its id, or among all."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import JsonValue

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.catalogue.schema import FieldInfo, field_at
from pipeline.catalogue.shapes import of_kind, shape_of
from pipeline.codegen.clients.graphql import variables
from pipeline.codegen.clients.method import (
    Method,
    address,
    document_of,
    escaped,
    headers_of,
    id_field,
    in_full,
    key_name,
    members,
    operation,
    placeholders,
    read_name,
    reading,
    send,
    settings_of,
    text_of,
)
from pipeline.codegen.clients.statements import search_statement
from pipeline.codegen.literals import literal, template
from pipeline.codegen.names import indefinite, member, pascal, phrase, variable
from pipeline.errors import OffGround
from pipeline.plan.model import KeyPair


def find_name(entity: str, by: list[KeyPair]) -> str:
    return f"find{pascal(entity)}By{'And'.join(pascal(key_name(pair)) for pair in by)}"


def find_method(
    entry: SystemEntry, entity: str, by: list[KeyPair], type_: str,
    kinds: Mapping[str, str] = MappingProxyType({}),
) -> Method:  # fmt: skip
    """Finds a record by keys: searched by the first that the API can, the others compared.

    `kinds` are those of the members of a map, where they are known.
    """
    pairs = {pair: variable(key_name(pair), "Key") for pair in by}
    searched = next((pair for pair in by if _is_searchable(entry, entity, pair.target)), None)
    if searched is None:
        raise OffGround(
            f"{entry.display_name} cannot find a {phrase(entity)} by "
            f"{' and '.join(pair.target for pair in by)}; it can by {_known(entry, entity)}."
        )
    found = entry.operation(entity, "find")
    if found is not None and finds(found, searched.target):
        lines = _search(entry, found, searched.target, pairs[searched], kinds)
    else:
        found = operation(entry, entity, "read")
        lines = _read(entry, found, searched.target, pairs[searched])
    listed = in_full(found, reading(found, type_), type_, id_field(entry, entity) or "id")
    rest = {pair: name for pair, name in pairs.items() if pair != searched}
    same = " && ".join(
        f"String({_member('one', pair.target)}) === {name}" for pair, name in rest.items()
    )
    listed = f"({listed})" if found.ids_only else listed
    chosen = f"{listed}.find((one) => {same})" if same else f"{listed}[0]"
    described = " and ".join(phrase(name) for name in pairs.values())
    return Method(
        name=find_name(entity, by),
        comment=f"The {phrase(entity)} with this {described}; undefined where there is none.",
        arguments=", ".join(f"{name}: string" for name in pairs.values()),
        returns=f"Promise<{type_} | undefined>",
        body=f"{lines}\nreturn {chosen};",
        document=document_of(found),
    )


def _is_searchable(entry: SystemEntry, entity: str, field: str) -> bool:
    found = entry.operation(entity, "find")
    if found and finds(found, field):
        return True
    return field == id_field(entry, entity) and entry.operation(entity, "read") is not None


def finds(found: Operation, field: str) -> bool:
    """Whether a search takes the field; a statement takes every column."""
    return found.sql is not None or found.search_by(field) is not None


def _known(entry: SystemEntry, entity: str) -> str:
    found = entry.operation(entity, "find")
    known = list(found.find_by) if found else []
    own = id_field(entry, entity)
    if own and own not in known and entry.operation(entity, "read"):
        known.append(own)
    return ", ".join(known) or "nothing"


def _search(
    entry: SystemEntry, found: Operation, field: str, name: str, kinds: Mapping[str, str]
) -> str:
    value = escaped(found.value_escape, name)
    query = {one: text_of(entry, text, {}) for one, text in found.query.items()}
    request = {"method": literal(found.method), "path": address(entry, found.path, {})}
    if found.sql is not None:
        request["body"] = search_statement(entry, found, field, name)
        return f"const answer = {send(_completed(entry, found, request, query))};"
    text, column = found.search_by(field) or ("", "")
    search = template(text, {**settings_of(entry), "value": value}, {"field": column})
    if found.graphql is not None:
        document = document_of(found)
        assert document is not None
        inner = {found.query_parameter or "query": search}
        request["body"] = f"{{ query: {document[0]}, variables: {members(inner)} }}"
    elif found.search_body is not None:
        kind, value = _kind(entry, found, field, name, kinds)
        named = literal(text.replace("{field}", column))
        request["body"] = body_of(of_kind(found.search_body, kind), named, value)
    elif found.query_parameter:
        query[found.query_parameter] = search
    return f"const answer = {send(_completed(entry, found, request, query))};"


def _kind(
    entry: SystemEntry, found: Operation, field: str, name: str, kinds: Mapping[str, str]
) -> tuple[str, str]:
    """As which kind a member is searched, and the value as it is compared then."""
    schema = entry.entity(found.entity).record_schema
    shape = shape_of(schema, field, FieldInfo(path=field, type="string"))
    kind = kinds.get(field, shape.kind if shape else "")
    info = field_at(schema, f"{field}.{kind}")
    return kind, f"Number({name})" if info and info.type == "number" else name


def body_of(shape: JsonValue, field: str, value: str) -> str:
    """The body of a search, with the field's name and the value put in."""
    if isinstance(shape, dict):
        return members({name: body_of(one, field, value) for name, one in shape.items()})
    if isinstance(shape, list):
        return f"[{', '.join(body_of(one, field, value) for one in shape)}]"
    if shape == "{field}":
        return field
    if shape == "{value}":
        return value
    if isinstance(shape, str) and placeholders(shape):
        return template(shape, {"field": field, "value": value})
    return literal(shape)


def read_method(
    entry: SystemEntry, found: Operation, entity: str, type_: str, id_path: str
) -> Method:
    """Reads the record of an id; undefined where it is gone by now."""
    return Method(
        name=read_name(type_),
        comment=f"{indefinite(entity).capitalize()} by its id; undefined where it is gone.",
        arguments="id: string",
        returns=f"Promise<{type_} | undefined>",
        body=f"{_read(entry, found, id_path, 'id')}\nreturn {reading(found, type_)}[0];",
        document=document_of(found),
    )


def _read(entry: SystemEntry, found: Operation, field: str, name: str) -> str:
    config = {item.name for item in entry.config}
    own = [one for one in placeholders(found.path) if one not in config]
    query = {one: text_of(entry, text, {field: name}) for one, text in found.query.items()}
    request = {
        "method": literal(found.method),
        "path": address(entry, found.path, dict.fromkeys(own, name)),
    }
    document = document_of(found)
    if document is not None:
        shape = _identified(found.variables, field, name)
        request["body"] = f"{{ query: {document[0]}, variables: {shape} }}"
    call = send(_completed(entry, found, request, query)).removeprefix("await ")
    return f"const answer = await unlessMissing({call});"


def _identified(shape: JsonValue, field: str, name: str) -> str:
    if isinstance(shape, dict):
        return members({one: _identified(inner, field, name) for one, inner in shape.items()})
    if isinstance(shape, str):
        values = {one: name for one in placeholders(shape)}
        return name if shape == f"{{{field}}}" else template(shape, values)
    return variables(shape, name, lambda _: True) or "{}"


def _completed(
    entry: SystemEntry, found: Operation, request: dict[str, str], query: dict[str, str]
) -> dict[str, str]:
    if query:
        request["query"] = members(query)
    headers = headers_of(entry, found)
    if headers:
        request["headers"] = members(headers)
    return {**request, "repeatable": "true"}


def _member(owner: str, path: str) -> str:
    code, optional = owner, False
    for step in path.split("."):
        code, optional = member(code, step, optional), True
    return code
