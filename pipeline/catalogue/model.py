"""The models of a catalogue entry: one system, its entities, operations and events.

An entity's fields are a JSON Schema (2020-12). Beside the standard keywords (`type`, `format`,
`enum`, `maxLength`, `required`, `readOnly`) it uses these, on a property:

    x-weft-key        "id" (the record's id) or "natural" (identifies it to people: email, SKU)
    x-weft-reference  {"entity": "customer", "field": "Id"}: holds that field of that entity
    x-weft-unit       "minor" or "major", of money
    x-weft-synonyms   further words for the field
    x-weft-default    a value to write when nothing better is known, with "why"
    x-weft-variant    on an array's items: {"discriminator": "DetailType", "variants":
                      {"<constant>": {"object": "<property>", "default": true, "synonyms": []}}}:
                      each element is of one kind, told by the constant, and has its object
    x-weft-constants  special values with a meaning: {"SHIPPING_ITEM_ID": {"synonyms": []}}
"""

from datetime import date
from typing import Any, Literal

from pydantic import Field, JsonValue

from pipeline.model import Value
from pipeline.plan.model import Auth, ConfigItem, Fact, Pagination, Signing

Action = Literal["create", "read", "list", "find", "update", "upsert", "delete", "action"]
EffectClass = Literal["idempotency-key", "lookup", "repeatable", "ambiguous"]


class ErrorRule(Value):
    """How one kind of failed answer is read; `body_path`/`code` look inside the body."""

    status: int | None = None
    body_path: str | None = None
    code: str | None = None
    meaning: str
    retry: bool = False


class RateLimit(Value):
    requests: int
    per_seconds: float
    scope: str = Field(default="", description="What is counted: per shop, per company…")
    plan: str = ""
    only: str = Field(default="", description="What calls are counted, where not all are.")
    concurrent: int | None = None


class Signature(Signing):
    """How a webhook's sender proves itself."""

    tolerance_seconds: int | None = Field(
        default=None, description="How far the timestamp may be from the time of receipt."
    )
    secret_field: str = Field(default="webhook_secret", description="Credential field used.")


class Handshake(Value):
    """By what a sender asks, before any event, whether it is heard; it starts no workflow."""

    body: dict[str, JsonValue] = Field(description="Members that tell it from an event.")
    echo: str = Field(default="", description="The member that is answered, as text.")


class Receipt(Value):
    """How a webhook's sender wants to be answered, where it does not wait for the outcome."""

    status: int = 202
    empty: bool = Field(default=False, description="The answer must have no body.")
    handshake: Handshake | None = None


class Probe(Value):
    """One harmless read that proves a connection, and where the account's name stands."""

    method: str = "GET"
    path: str
    headers: dict[str, str] = {}
    body: JsonValue = None
    label_path: str | None = None


class Within(Value):
    """The one element of a list that is meant: it has `value` under one of `keys`."""

    items_path: str
    keys: list[str]
    value: str = Field(description="May hold `{name}` of a config item.")


class Discovery(Value):
    """The harmless read that lists the fields which one account really has."""

    method: str = "GET"
    path: str = Field(
        description="May hold `{object}`, the vendor's name of the entity, and `{name}` of config."
    )
    headers: dict[str, str] = {}
    body: JsonValue = Field(default=None, description="Its texts may hold the same.")
    objects: dict[str, str] = Field(description="Entity -> the vendor's name of it.")
    prefix: str = Field(
        default="", description="Where in the record the account's own fields stand: `fields.`."
    )
    within: Within | None = None
    items_path: str = Field(default="", description="Where the answer lists the fields.")
    form: Literal["objects", "members", "names"] = Field(
        default="objects",
        description="A field is an object with its name in it, a member of one object under its "
        "name, or a bare name; bare names are columns, whose order counts.",
    )
    name_path: str = "name"
    type_path: str | None = None
    values_path: str | None = Field(
        default=None, description="Where a field lists its values, such as `options[].value`."
    )


class EmailParts(Value):
    """Where an answer holds an email as a tree of parts: headers, and bodies in base64url."""

    path: str = Field(description="Of the outermost part.")
    received: str = Field(description="Of the moment of receipt, in milliseconds since 1970.")


class Names(Value):
    """What a field of ids refers to by name: the ids are those of records of `entity`."""

    ids: str
    entity: str = Field(description="Its `list` is read once; its natural key is the name.")


class Operation(Value):
    """One call of an API. Paths are relative to the system's base URL."""

    id: str
    entity: str
    action: Action
    method: str
    path: str = Field(description="May hold `{field}` of the record or of a config item.")
    documented_path: str | None = Field(
        default=None, description="The path as its documentation writes it, where that differs."
    )
    summary: str = ""
    phrases: list[str] = []
    graphql: str | None = Field(default=None, description="Document, sent with `variables`.")
    variables: JsonValue = Field(
        default=None,
        description="GraphQL variables. A string that is exactly `{path}` stands for that value of "
        "the record, with its type, and `{path}` within a longer string for its text; where it is "
        "missing, the key is left out, and so is an object or array that is left empty. Page "
        "position, page size and search text are variables named by `pagination` and "
        "`query_parameter`.",
    )
    query: dict[str, str] = Field(
        default={}, description="Query parameters; values may hold `{field}` placeholders."
    )
    headers: dict[str, str] = {}
    find_by: dict[str, str] = Field(
        default={},
        description="For `find`: searchable field -> value of the `query_parameter`, with "
        "`{value}`, which is escaped by `value_escape`. For a free map it speaks of any of its "
        "keys, whose name is `{field}`.",
    )
    match_path: str | None = Field(
        default=None,
        description="For `upsert`: where in the body the list of the fields stands that a record "
        "is matched on, where the request names them.",
    )
    search_body: JsonValue = Field(
        default=None,
        description="For `find` by a body: its template, with `{field}` and `{value}`; `find_by` "
        "then gives the name of the field there. `{kind}` is the kind of a map's member.",
    )
    since_by: dict[str, str] = Field(
        default={},
        description="For `list`: cursor field -> value of the `query_parameter` that keeps the "
        "records at or after `{value}`.",
    )
    since_body: JsonValue = Field(
        default=None,
        description="For a `list` by POST: what its body asks for since a moment, with `{field}`, "
        "in names of members too, and `{value}`; `since_by` then gives the name of the field "
        "there. The page stands in the body as well.",
    )
    query_parameter: str | None = None
    since_header: str | None = Field(
        default=None,
        description="For `list`: the request header that takes the text of `since_by`, where that "
        "is no query parameter (`If-Modified-Since`).",
    )
    since_format: Literal["date-time", "unix-time", "unix-time-milliseconds"] = Field(
        default="date-time", description="How `{value}` of `since_by` is written."
    )
    sql: str | None = Field(
        default=None,
        description="Of a database: the statement, sent as `{sql, params}`. `{table}` is a config "
        "item; `{columns}`, `{values}`, `{changes}` and `{keys}` are the quoted names of the "
        "record's fields, its parameters, its assignments, and the quoted names it is matched on; "
        "`{field}` and `{value}` are the quoted name and the parameter of a search or a cursor, "
        "whatever the column: `find_by` and `since_by` name one of them only; `{limit}` and "
        "`{offset}` are the page.",
    )
    value_escape: Literal["none", "backslash-quote", "double-quote", "graphql"] = "none"
    request_path: str = Field(default="", description="Where the record stands in the body.")
    record_as: Literal["object", "values", "mime"] = Field(
        default="object",
        description="`values`: the record is sent as the list of its values, in mapping order. "
        "`mime`: its `to`, `cc`, `bcc`, `reply_to`, `subject`, `text` and `html` are sent as one "
        "email (RFC 5322), in base64url.",
    )
    body: dict[str, JsonValue] = Field(
        default={}, description="Constants sent beside the record's fields."
    )
    replaces: bool = Field(
        default=False,
        description="Of an update: fields that are left out are cleared, so send the record that "
        "was read, with the changes.",
    )
    response_path: str = Field(default="", description="Where the record(s) stand in the answer.")
    plain: str = Field(
        default="",
        description="The map of its records whose members are objects by kind (`x-weft-shapes`): "
        "an integration reads them as plain values.",
    )
    unwrap: list[str] = Field(
        default=[],
        description="In the answer, an object whose only key is one of these is replaced by its "
        "value, so that `{nodes: […]}` and `{shopMoney: {amount}}` read as the plain record.",
    )
    ids_only: bool = Field(
        default=False,
        description="Of a list or a search: the answer has ids only. Each record is then read by "
        "its own, with the entity's `read`.",
    )
    email: EmailParts | None = Field(
        default=None,
        description="Of a `read`: the record's `from`, `to`, `cc`, `bcc`, `reply_to`, `subject`, "
        "`text`, `html` and `received_at` come from the email in the answer.",
    )
    names: dict[str, Names] = Field(
        default={}, description="Of a `read`: field -> what is named there, in place of ids."
    )
    required: list[str] = Field(default=[], description="Fields required here beyond the schema.")
    pagination: Pagination = Pagination()
    idempotency_parameter: str | None = Field(
        default=None,
        description="Where an idempotency key goes: `query:<name>`, `header:<name>` or, in "
        "GraphQL, `variable:<name>`.",
    )
    idempotency_length: int | None = Field(
        default=None, description="How many characters such a key may have."
    )
    effect: EffectClass = "repeatable"
    scopes: list[str] = []

    @property
    def asks_by_body(self) -> bool:
        """Whether it is a list whose page and times stand in a body, not in the address."""
        return self.action == "list" and self.method == "POST" and not (self.graphql or self.sql)

    def search_by(self, path: str) -> tuple[str, str] | None:
        """What a field is searched by, and its name in a free map; None where it cannot be."""
        if path in self.find_by:
            return self.find_by[path], ""
        owner, _, name = path.partition(".")
        text = self.find_by.get(owner, "")
        return (text, name) if name and "{field}" in text else None


class Event(Value):
    name: str
    entity: str
    action: Literal["created", "updated", "deleted", "changed", "other"]
    phrases: list[str] = []
    record_path: str = Field(default="", description="Where the record stands in the payload.")
    id_header: str | None = Field(default=None, description="Header that identifies a delivery.")
    id_path: str | None = Field(default=None, description="The same, where it is in the payload.")
    name_header: str | None = Field(default=None, description="Header that names the event.")
    name_path: str | None = Field(default=None, description="The same, where it is in the payload.")
    name_value: str | None = Field(
        default=None, description="What header or field say of it, where that is not its name."
    )
    when: dict[str, JsonValue] = Field(
        default={},
        description="What the payload says of this event where several share a name: path -> "
        "value. A delivery that says something else is another event.",
    )
    read_id: str | None = Field(
        default=None,
        description="Where the payload's record is a notice only: where it holds the id with which "
        "the entity is read first. Mappings see the record that was read.",
    )
    record_schema: dict[str, Any] | None = Field(
        default=None, description="Where the payload's record differs from the entity's."
    )
    scopes: list[str] = []
    register_hint: str = Field(default="", description="Where a person registers the address.")


class Entity(Value):
    name: str
    display_name: str
    aliases: list[str] = []
    record_schema: dict[str, Any] = Field(description="JSON Schema of one record.")


class SystemEntry(Value):
    """All that the catalogue knows of one system."""

    name: str
    display_name: str
    aliases: list[str] = []
    ambiguous_aliases: list[str] = Field(
        default=[],
        description="Those of its names that are ordinary words too (front, drive): in free text "
        "they count only when written like a name.",
    )
    kind: str = "saas"
    place_sign: str = Field(
        default="",
        description="Sign before the names of its places (`#` of channels). A place alone names "
        "the system, where no other system of its kind is named.",
    )
    tier: Literal["first", "second", "third", "user"] = "first"
    docs_url: str = ""
    base_url: str = ""
    sandbox_url: str = Field(default="", description="Of the vendor's test environment, if any.")
    config: list[ConfigItem] = []
    callback_config: dict[str, str] = Field(
        default={}, description="Config item -> parameter of the OAuth callback that fills it."
    )
    auth: list[Auth] = Field(default=[], description="Supported schemes; the first is usual.")
    limits: list[RateLimit] = []
    errors: list[ErrorRule] = []
    retry_after_header: str | None = "Retry-After"
    signature: Signature | None = None
    receipt: Receipt = Receipt()
    probe: Probe | None = None
    discovery: Discovery | None = None
    entities: list[Entity] = []
    operations: list[Operation] = []
    events: list[Event] = []
    facts: list[Fact] = []
    verified_on: date | None = None

    def entity(self, name: str) -> Entity:
        for entity in self.entities:
            if entity.name == name:
                return entity
        raise KeyError(name)

    def event(self, name: str) -> Event:
        for event in self.events:
            if event.name == name:
                return event
        raise KeyError(name)

    def operation(self, entity: str, action: Action) -> Operation | None:
        """The operation that does this to this entity, where the API has one."""
        for operation in self.operations:
            if operation.entity == entity and operation.action == action:
                return operation
        return None
