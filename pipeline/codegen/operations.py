"""The operations of a system that an integration calls, as methods of its client."""

from dataclasses import dataclass

from pipeline.catalogue.model import Action, Operation, SystemEntry
from pipeline.catalogue.schema import fields
from pipeline.codegen.literals import literal, template
from pipeline.codegen.names import camel, indefinite, pascal, phrase, variable
from pipeline.errors import OffGround
from pipeline.plan.model import KeyPair

_ESCAPES = {
    "none": "{0}",
    "backslash-quote": "singleQuoted({0})",
    "double-quote": "doubleQuoted({0})",
    "graphql": "doubleQuoted({0})",
}


@dataclass(frozen=True)
class Method:
    """One method: `arguments` and `returns` are TypeScript, `request` an object's members."""

    name: str
    comment: str
    arguments: str
    returns: str
    request: tuple[str, ...]
    reader: str
    types: frozenset[str]
    escape: str = ""


def operation(entry: SystemEntry, entity: str, action: Action) -> Operation:
    """The operation; OffGround where the catalogue knows none."""
    found = entry.operation(entity, action)
    if found is None:
        raise OffGround(
            f"Weft knows no way to {action} a {phrase(entity)} in {entry.display_name}: give its "
            "OpenAPI document, or choose another write mode."
        )
    return found


def id_field(entry: SystemEntry, entity: str) -> str | None:
    """The path of the record's id, where the schema marks one."""
    known = fields(entry.entity(entity).record_schema)
    return next((one.path for one in known if one.key == "id" and "." not in one.path), None)


def key_name(pair: KeyPair) -> str:
    """What people call a search key: `Sku`, or for `PrimaryEmailAddr.Address` its source's name."""
    if "." in pair.target and not pair.source.startswith("$"):
        return camel(pair.source.split(".")[-1])
    return camel(pair.target)


def find_method(entry: SystemEntry, entity: str, by: list[KeyPair]) -> Method:
    """Looks for a record by the first key; a system that cannot search by it is refused."""
    found, pair = operation(entry, entity, "find"), by[0]
    if found.graphql is not None:
        raise OffGround(f"Weft cannot yet search in {entry.display_name}, whose API is GraphQL.")
    if len(by) > 1:
        raise OffGround(
            f"A {phrase(entity)} of {entry.display_name} is to be found by {len(by)} fields at "
            "once; Weft can search by one."
        )
    if pair.target not in found.find_by:
        raise OffGround(
            f"{entry.display_name} cannot find a {phrase(entity)} by {pair.target}; it can by "
            f"{', '.join(found.find_by)}."
        )
    name, type_ = variable(key_name(pair)), pascal(entity)
    value = escaped(found.value_escape, name)
    search = template(found.find_by[pair.target], {"value": value})
    query = {parameter: literal(value) for parameter, value in found.query.items()}
    if found.query_parameter:
        query[found.query_parameter] = search
    return Method(
        name=find_name(entity, pair),
        comment=f"The {phrase(entity)} with this {phrase(name)}; undefined where there is none.",
        arguments=f"{name}: string",
        returns=f"{type_} | undefined",
        request=_request(found, found.path, query, None, repeatable=True),
        reader=f"records<{type_}>(answer, {_path(found.response_path)})[0]",
        types=frozenset({type_}),
        escape=value.partition("(")[0] if "(" in value else "",
    )


def escaped(escape: str, expression: str) -> str:
    """The expression, escaped for where a query takes it."""
    return _ESCAPES[escape].format(expression)


def find_name(entity: str, pair: KeyPair) -> str:
    return f"find{pascal(entity)}By{pascal(key_name(pair))}"


def write_method(entry: SystemEntry, entity: str, action: Action) -> Method:
    """Creates or updates a record; takes an idempotency key where the API does."""
    found = operation(entry, entity, action)
    if found.graphql is not None:
        raise OffGround(f"Weft cannot yet write to {entry.display_name}, whose API is GraphQL.")
    type_, name = pascal(entity), variable(entity)
    query = {parameter: literal(value) for parameter, value in found.query.items()}
    headers = {header: literal(value) for header, value in found.headers.items()}
    arguments = [f"{name}: New{type_}"]
    place, _, parameter = (found.idempotency_parameter or "").partition(":")
    if parameter:
        arguments.append("key: string")
        (query if place == "query" else headers)[parameter] = "key"
    body, path = name, found.path
    if action == "update":
        kept = [*found.required, *placeholders(path)]
        arguments.insert(0, f"current: {type_}")
        changed = [*(["...current"] if found.replaces else []), f"...{name}"]
        changed += [f"{field}: current.{field}" for field in dict.fromkeys(kept)]
        body = f"{{ {', '.join(changed)} }}"
    if found.body:
        constants = ", ".join(f"{field}: {literal(value)}" for field, value in found.body.items())
        body = (
            f"{{ {constants}, ...{name} }}"
            if action != "update"
            else body[:-1] + f", {constants} }}"
        )
    if found.request_path:
        for step in reversed(found.request_path.split(".")):
            body = f"{{ {step}: {body} }}"
    path_values = {one: f"encodeURIComponent(String(current.{one}))" for one in placeholders(path)}
    return Method(
        name=f"{action}{type_}",
        comment=_write_comment(found, action, entity),
        arguments=", ".join(arguments),
        returns=type_,
        request=_request(
            found, path, query, body, repeatable=is_repeatable(found), headers=headers,
            path_values=path_values,
        ),
        reader=f"record<{type_}>(answer, {_path(found.response_path)})",
        types=frozenset({type_, f"New{type_}"}),
    )  # fmt: skip


def is_repeatable(found: Operation) -> bool:
    """Whether sending it twice has the effect of sending it once."""
    return found.effect in ("idempotency-key", "repeatable") and (
        found.action not in ("create", "action") or found.idempotency_parameter is not None
    )


def _write_comment(found: Operation, action: Action, entity: str) -> str:
    verb = {"create": "Creates", "update": "Changes"}.get(action, "Writes")
    first = f"{verb} {indefinite(entity)}"
    if found.idempotency_parameter:
        return f"{first}; with a key that was sent before, it gives what that call made."
    return f"{first}."


def _request(
    found: Operation,
    path: str,
    query: dict[str, str],
    body: str | None,
    *,
    repeatable: bool,
    headers: dict[str, str] | None = None,
    path_values: dict[str, str] | None = None,
) -> tuple[str, ...]:
    members = [
        f"method: {literal(found.method)}",
        f"path: {template(path, path_values or {})}",
    ]
    if query:
        members.append(f"query: {_object(query)}")
    if headers:
        members.append(f"headers: {_object(headers)}")
    if body:
        members.append(f"body: {body}" if body != "body" else "body")
    members.append(f"repeatable: {literal(repeatable)}")
    return tuple(members)


def _object(members: dict[str, str]) -> str:
    written = []
    for name, value in members.items():
        plain = name.isidentifier()
        written.append(name if name == value else f"{name if plain else literal(name)}: {value}")
    return "{ " + ", ".join(written) + " }"


def placeholders(path: str) -> list[str]:
    """The names in `{}` of a path."""
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _path(path: str) -> str:
    return literal([step for step in path.replace("[]", ".0").split(".") if step])


def rule_path(path: str) -> list[str]:
    """`Fault.Error[].code` -> Fault, Error, 0, code: the first of a list speaks for all."""
    return [step for step in path.replace("[]", ".0").split(".") if step]
