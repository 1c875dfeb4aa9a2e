"""A client's methods, as the template needs them, and what they have in common."""

from dataclasses import dataclass

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Action, Operation
from pipeline.catalogue.schema import fields
from pipeline.codegen.literals import block, literal, template
from pipeline.codegen.names import camel, key, phrase, words
from pipeline.errors import OffGround
from pipeline.plan.model import KeyPair
from pipeline.plan.roots import root

_ESCAPES = {
    "none": "{0}",
    "backslash-quote": "singleQuoted({0})",
    "double-quote": "doubleQuoted({0})",
    "graphql": "doubleQuoted({0})",
}


@dataclass(frozen=True)
class Method:
    """One method: `arguments`, `returns` and `body` are TypeScript.

    `document` is the name and source of its GraphQL document, as a constant of the module.
    """

    name: str
    comment: str
    arguments: str
    returns: str
    body: str
    is_generator: bool = False
    document: tuple[str, str] | None = None
    kept: str = ""  # the private member in which its result is kept, with its type

    @property
    def text(self) -> str:
        return f"{self.arguments} {self.returns} {self.body}"


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


def natural_field(entry: SystemEntry, entity: str) -> str:
    """The path of what people call a record by; OffGround where the schema marks nothing."""
    known = fields(entry.entity(entity).record_schema)
    found = [one.path for one in known if one.key == "natural" and "." not in one.path]
    if not found:
        raise OffGround(f"Weft knows no name of a {phrase(entity)} in {entry.display_name}.")
    return found[0]


def key_name(pair: KeyPair) -> str:
    """What people call a search key: `Sku`, or for `PrimaryEmailAddr.Address` its source's name."""
    if "." in pair.target and not pair.source.startswith("$"):
        return camel(pair.source.split(".")[-1])
    return camel(pair.target)


def placeholders(text: str) -> list[str]:
    """The names in `{}` of a text."""
    return [part.partition("}")[0] for part in text.split("{")[1:] if "}" in part]


def steps(path: str) -> list[str]:
    """`results[].properties` -> results, [], properties."""
    return [step for step in path.replace("[]", ".[]").split(".") if step]


def rule_path(path: str) -> list[str]:
    """`Fault.Error[].code` -> Fault, Error, 0, code: the first of a list speaks for all."""
    return [step for step in path.replace("[]", ".0").split(".") if step]


def escaped(escape: str, expression: str) -> str:
    """The expression, escaped for where a query takes it."""
    return _ESCAPES[escape].format(expression)


def settings_of(entry: SystemEntry) -> dict[str, str]:
    """How the values that a connection was made with are reached: name -> expression."""
    return {item.name: f"this.setting({literal(item.name)})" for item in entry.config}


def address(entry: SystemEntry, text: str, values: dict[str, str]) -> str:
    """A path as an expression; each value in it is one segment or part of one.

    A path that is nothing but a key keeps the key's slashes, as files have them.
    """
    encode = "encodedKey" if placeholders(text) == [text.strip("/")[1:-1]] else "encodeURIComponent"
    settings = {name: f"encodeURIComponent({one})" for name, one in settings_of(entry).items()}
    known = {**settings, **{name: f"{encode}({one})" for name, one in values.items()}}
    return template(root(entry.base_url) + text, known)


def text_of(entry: SystemEntry, text: str, values: dict[str, str]) -> str:
    """Text of a query or header as an expression."""
    return template(text, {**settings_of(entry), **values})


def document_of(found: Operation) -> tuple[str, str] | None:
    """The name and source of the constant with an operation's GraphQL document."""
    if found.graphql is None:
        return None
    return "_".join(words(found.id)).upper(), block(found.graphql)


def members(written: dict[str, str]) -> str:
    """An object literal of names and expressions."""
    listed = [name if name == value else f"{key(name)}: {value}" for name, value in written.items()]
    return "{ " + ", ".join(listed) + " }"


def send(members_: dict[str, str]) -> str:
    """The call that sends a request with these members."""
    return f"await this.api.send({members(members_)})"


def reading(found: Operation, type_: str) -> str:
    """The records in an answer as an expression; wrappers that the API puts in are taken off."""
    path = literal(steps(found.pagination.items_path or found.response_path))
    if found.pagination.items_path and found.response_path.startswith(
        f"{found.pagination.items_path}[]"
    ):
        path = literal(steps(found.response_path))
    if found.record_as == "values":
        return f"rows<{type_}>(answer, {path})"
    listed = f"records<{type_}>(answer, {path})"
    if found.plain:
        listed = f"plainValues({listed}, {literal(found.plain)}, SHAPES)"
    if found.email:
        places = f"{literal(steps(found.email.path))}, {literal(steps(found.email.received))}"
        listed = f"withEmails({listed}, {places})"
    for member, named in found.names.items():
        names = f"await this.{names_name(named.entity)}()"
        listed = f"withNames({listed}, {literal(member)}, {literal(named.ids)}, {names})"
    return f"unwrapped({listed}, {literal(found.unwrap)})" if found.unwrap else listed


def names_name(entity: str) -> str:
    """The method that gives the names of an entity's records by their ids."""
    return f"{camel(entity)}Names"


def in_full(found: Operation, listed: str, type_: str, id_: str) -> str:
    """The listed records; where an answer has ids only, each is read by its own."""
    if not found.ids_only:
        return listed
    return f"await readEach({listed}, (one) => this.{read_name(type_)}(String(one.{id_})))"


def read_name(type_: str) -> str:
    return f"read{type_}"


def headers_of(entry: SystemEntry, found: Operation) -> dict[str, str]:
    """Headers of a request, but those that every request has."""
    usual = ("accept", "application/json")
    return {
        name: text_of(entry, value, {})
        for name, value in found.headers.items()
        if (name.lower(), value) != usual and name.lower() != "content-type"
    }
