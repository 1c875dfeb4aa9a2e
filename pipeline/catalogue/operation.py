"""The calls of an API: what each does, how it is asked, paged, searched and repeated."""

from typing import Literal

from pydantic import Field, JsonValue

from pipeline.model import Value
from pipeline.plan.model import Pagination

Action = Literal["create", "read", "list", "find", "update", "upsert", "delete", "action"]
EffectClass = Literal["idempotency-key", "lookup", "repeatable", "ambiguous"]


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
