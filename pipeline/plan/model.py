"""The plan's models. Their names are a published contract: add to them, never rename.

Paths of fields use dots and `[]` for arrays (`Line[].SalesItemLineDetail.Qty`) and start at the
source record; `$lookup.<name>.…`, `$write.<id>.…` and `$variable.<name>` reach other values.
"""

import re
from datetime import date
from typing import Any, Literal

from pydantic import Field, JsonValue

from pipeline.model import Value
from pipeline.plan.access import Auth as Auth
from pipeline.plan.access import AuthType as AuthType
from pipeline.plan.access import ConfigItem as ConfigItem
from pipeline.plan.access import CredentialField as CredentialField
from pipeline.plan.access import Grant as Grant
from pipeline.plan.access import Role as Role
from pipeline.plan.access import Signing as Signing
from pipeline.plan.access import System as System

Importance = Literal["high", "low"]
Grade = Literal["vendor-schema", "vendor-doc", "user-supplied", "inferred", "unverified"]
TriggerKind = Literal["webhook", "schedule", "manual"]
WriteMode = Literal["create", "upsert", "update", "append", "delete"]
MATCHING: tuple[WriteMode, ...] = ("upsert", "update", "delete")  # they ask which is the same
OnMissing = Literal["create", "skip", "fail"]
MappingStatus = Literal["auto", "confirmed", "needs-review"]
PlainType = Literal["string", "number", "boolean"]
Operator = Literal[
    "eq", "ne", "in", "not-in", "contains", "not-contains", "gt", "gte", "lt", "lte",
    "exists", "missing", "changed-to", "matches",
]  # fmt: skip


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Scope(Value):
    in_scope: bool
    reason: str
    alternatives: list[str] = []


class Question(Value):
    """Something that only a person knows; until answered, the assumption holds."""

    id: str
    text: str
    importance: Importance = "low"
    options: list[str] = []
    assumption: str | None = None
    answer: str | None = None
    edits: dict[str, list[dict[str, Any]]] = Field(
        default={},
        description="What each answer changes: answer -> plan edits. “…” in an answer stands for "
        "words of one's own, which take the place of the value “…” in its edits.",
    )


class Fact(Value):
    text: str
    source: str = Field(description="A URL, or who said it.")
    grade: Grade
    verified_on: date
    subject: str = Field(default="", description="What it is about: `<system>` or `<system>.auth`…")


class Variable(Value):
    """A setting of the deployed integration, read at run time as an activation variable."""

    name: str
    type: Literal["string", "number", "boolean"] = "string"
    default: JsonValue = None
    description: str = ""


class Trigger(Value):
    kind: TriggerKind
    event: str | None = None
    cron: str | None = None
    timezone: str | None = None


class Endpoint(Value):
    system: str
    entity: str
    method: str | None = None
    path: str | None = None


class Filter(Value):
    """Only records for which every filter holds are processed."""

    field: str
    op: Operator
    value: JsonValue = None

    @property
    def bound(self) -> JsonValue:
        """The value that others are above or below: a number, where its text is one."""
        text = self.value if isinstance(self.value, str) else ""
        return float(text) if _NUMBER.fullmatch(text) else self.value


class KeyPair(Value):
    """`target` (a field of the entity that is searched) must equal `source`."""

    target: str
    source: str


class Example(Value):
    """What goes into a custom transform, and what has to come out (null for nothing)."""

    inputs: list[JsonValue]
    output: JsonValue = None


class CustomTransform(Value):
    """A pure TypeScript function for one mapping, for what no named transform does.

    Its first parameter is the mapping's source, which is always there when it is called; the
    others are the paths of the argument `with`, and any of them may be undefined.
    """

    name: str = Field(description="The exported function's name, in camelCase.")
    summary: str = ""
    source: str = Field(description="`export function <name>(value: string): string | undefined`…")
    takes: list[PlainType] = Field(default=["string"], description="One for each parameter.")
    gives: PlainType = "string"
    examples: list[Example] = []


class Transform(Value):
    name: str
    args: dict[str, JsonValue] = {}
    custom: CustomTransform | None = Field(
        default=None, description="The function, where the name is “custom”."
    )


class Alternative(Value):
    source: str
    score: float


class Mapping(Value):
    """One target field and where its value comes from: a source path, or a constant."""

    target: str
    source: str | None = None
    constant: JsonValue = None
    transform: Transform | None = None
    confidence: float = 1.0
    status: MappingStatus = "auto"
    alternatives: list[Alternative] = []
    each: str | None = Field(
        default=None,
        description="The source array (`line_items[]`) whose elements make the elements of the "
        "target's array; by default the array in `source`. Empty: one element, made of the record.",
    )
    note: str = ""


class Lookup(Value):
    """A record of another entity that the write refers to, found by key."""

    name: str
    system: str
    entity: str
    by: list[KeyPair]
    on_missing: OnMissing = "fail"
    mappings: list[Mapping] = []


class Write(Value):
    """A write after the first, in order."""

    id: str
    system: str
    entity: str
    method: str | None = None
    path: str | None = None
    write_mode: WriteMode = "create"
    match_on: list[KeyPair] = []
    when: Filter | None = None
    each: str | None = Field(
        default=None,
        description="The source array (`line_items[]`) of whose elements each becomes a record.",
    )
    mappings: list[Mapping] = []


class Pagination(Value):
    style: Literal["none", "cursor", "page", "offset", "link", "graphql", "token"] = "none"
    parameter: str | None = Field(default=None, description="Request parameter of the position.")
    size_parameter: str | None = None
    page_size: int | None = None
    first: int = Field(default=0, description="Position of the first record, or number of page 1.")
    template: str | None = Field(
        default=None,
        description="Where the position is part of the parameter's text: the new text, with "
        "`{query}`, `{position}` and `{size}`.",
    )
    next_path: str | None = Field(
        default=None,
        description="Where a page names the next one; through an array, its last element does.",
    )
    items_path: str | None = Field(default=None, description="Where a page has its records.")
    more_path: str | None = Field(default=None, description="A boolean: whether more follow.")


class Cursor(Value):
    """The field by which a run continues where the last one ended."""

    field: str
    overlap_seconds: int = 0


class Learned(Value):
    """A field that the catalogue does not know, seen in what a system really answered."""

    system: str
    entity: str
    path: str
    type: str = "string"
    kind: str = Field(default="", description="Its type in the vendor's own words.")
    like: str | None = Field(default=None, description="The known field that it resembles.")


class Workflow(Value):
    name: str
    trigger: Trigger
    source: Endpoint
    filters: list[Filter] = []
    lookups: list[Lookup] = []
    target: Endpoint
    write_mode: WriteMode = "create"
    match_on: list[KeyPair] = []
    each: str | None = Field(
        default=None,
        description="The source array (`line_items[]`) of whose elements each becomes a record.",
    )
    group_by: str | None = Field(
        default=None,
        description="The field of what is read (a row) by which several become one record: the "
        "record has the first one's fields, and all of them in the array `rows[]`.",
    )
    mappings: list[Mapping] = []
    writes: list[Write] = []
    pagination: Pagination = Pagination()
    cursor: Cursor | None = None
    sync_group: str | None = Field(default=None, description="Workflows that mirror each other.")
    conflict: str | None = Field(default=None, description="Who wins when both sides changed.")

    @property
    def rest(self) -> str:
        """The durable workflow that reads what a scheduled run leaves, as platforms name it."""
        return f"{self.name}-rest"


class Plan(Value):
    scope: Scope
    title: str = ""
    summary: str = ""
    multi_tenant: bool = False
    questions: list[Question] = []
    facts: list[Fact] = []
    variables: list[Variable] = []
    systems: list[System] = []
    workflows: list[Workflow] = []

    def system(self, name: str) -> System:
        """The system of that name; KeyError where the plan has none."""
        for system in self.systems:
            if system.name == name:
                return system
        raise KeyError(name)

    def workflow(self, name: str) -> Workflow:
        """The workflow of that name, or that name's rest; KeyError where the plan has none."""
        for workflow in self.workflows:
            if name in (workflow.name, workflow.rest):
                return workflow
        raise KeyError(name)
