"""Edits of a plan: the only way in which an analyst or a person changes one.

Each edit is a small flat value. `apply` gives a new plan or raises InvalidEdit with what to do.
"""

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from pipeline.model import Value
from pipeline.plan.model import AuthType, CustomTransform, Grant, Operator, TriggerKind, WriteMode


class _Edit(Value):
    reason: str = ""


class SetTrigger(_Edit):
    """Change when a workflow runs; fields left out stay as they are."""

    op: Literal["set-trigger"] = "set-trigger"
    workflow: str | None = None
    kind: TriggerKind | None = None
    event: str | None = None
    cron: str | None = None
    timezone: str | None = None


class MapField(_Edit):
    """Fill a target field from a source path or a constant (one of the two)."""

    op: Literal["map"] = "map"
    workflow: str | None = None
    write: str | None = Field(default=None, description="Id of a later write; else the first.")
    lookup: str | None = Field(default=None, description="Name of a lookup to create with.")
    target: str
    source: str | None = None
    constant: JsonValue = None
    transform: str | None = None
    transform_args: dict[str, JsonValue] = {}
    custom: CustomTransform | None = Field(
        default=None, description="The function, where the transform is “custom”."
    )
    each: str | None = None


class UnmapField(_Edit):
    op: Literal["unmap"] = "unmap"
    workflow: str | None = None
    write: str | None = None
    target: str


class AddFilter(_Edit):
    op: Literal["filter"] = "filter"
    workflow: str | None = None
    field: str
    operator: Operator
    value: JsonValue = None


class RemoveFilter(_Edit):
    op: Literal["unfilter"] = "unfilter"
    workflow: str | None = None
    field: str


class Rename(_Edit):
    """Rename the integration (no workflow) or one workflow."""

    op: Literal["rename"] = "rename"
    workflow: str | None = None
    name: str


class SetAuth(_Edit):
    op: Literal["auth"] = "auth"
    system: str
    type: AuthType
    grant: Grant | None = None


class AnswerQuestion(_Edit):
    """Answer an open question; an option's own edits are applied with it."""

    op: Literal["answer"] = "answer"
    question: str
    answer: str


class SetVariable(_Edit):
    op: Literal["variable"] = "variable"
    name: str
    default: JsonValue = None
    type: Literal["string", "number", "boolean"] = "string"
    description: str = ""


class SetWriteMode(_Edit):
    op: Literal["write-mode"] = "write-mode"
    workflow: str | None = None
    write_mode: WriteMode
    match_target: str | None = None
    match_source: str | None = None


class SetOnMissing(_Edit):
    """What a lookup does when it finds nothing."""

    op: Literal["on-missing"] = "on-missing"
    workflow: str | None = None
    lookup: str
    on_missing: Literal["create", "skip", "fail"]


class SetLookupKey(_Edit):
    """Find a lookup's record by another field, or by another value of the record."""

    op: Literal["lookup-key"] = "lookup-key"
    workflow: str | None = None
    lookup: str
    target: str = Field(description="Field of the record that is looked for.")
    source: str = Field(description="Path whose value it must have.")


class SetBaseUrl(_Edit):
    op: Literal["base-url"] = "base-url"
    system: str
    base_url: str


class GroupRows(_Edit):
    """Make one record of all rows that share a field; without a field, one of each row again."""

    op: Literal["group-rows"] = "group-rows"
    workflow: str | None = None
    field: str | None = Field(default=None, description="The rows' field, such as order_number.")


class DropWorkflow(_Edit):
    """Leave a workflow out, such as the way back of a sync."""

    op: Literal["drop-workflow"] = "drop-workflow"
    workflow: str


PlanEdit = Annotated[
    SetTrigger
    | MapField
    | UnmapField
    | AddFilter
    | RemoveFilter
    | Rename
    | SetAuth
    | AnswerQuestion
    | SetVariable
    | SetWriteMode
    | SetOnMissing
    | SetLookupKey
    | SetBaseUrl
    | GroupRows
    | DropWorkflow,
    Field(discriminator="op"),
]
