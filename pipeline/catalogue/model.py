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

from pipeline.catalogue.operation import Action, Operation
from pipeline.model import Value
from pipeline.plan.model import Auth, ConfigItem, Fact, Signing


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
    holds: str = Field(
        default="",
        description="The entity whose records it is there for: whoever reads “the table” means its "
        "rows, unless the API tells of tables themselves.",
    )
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
