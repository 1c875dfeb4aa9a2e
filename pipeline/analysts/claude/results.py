"""What each stage gives: small and flat, every field required, "" or [] where there is nothing."""

from typing import Literal

from pydantic import Field

from pipeline.analysts.claude.tools import Flat
from pipeline.plan.model import AuthType, Importance, Operator, Role, TriggerKind, WriteMode

NoGrant = Literal["authorization-code", "client-credentials", "password", ""]


class ScopeResult(Flat):
    in_scope: bool
    reason: str = Field(description="One sentence for the person who asked.")
    alternatives: list[str] = Field(description="Integrations that would help; where out of scope.")


class ChosenSystem(Flat):
    name: str = Field(description="Its name in the index; for others a kebab-case slug.")
    display_name: str
    role: Role
    auth_type: AuthType
    grant: NoGrant
    base_url: str = Field(description="Only for systems that are not in the index and known.")
    each_user_connects: bool = Field(description="Whether each end user connects an account.")
    reason: str


class SystemsResult(Flat):
    systems: list[ChosenSystem]


class ChosenWorkflow(Flat):
    source_system: str
    source_entity: str
    target_system: str
    target_entity: str
    trigger: TriggerKind
    event: str = Field(description="Of a webhook: the event's exact name.")
    cron: str = Field(description="Of a schedule: five fields.")
    timezone: str
    write_mode: WriteMode
    match_target: str = Field(description="For upsert and update: the key in the target…")
    match_source: str = Field(description="…and the source field that it must equal.")
    trigger_was_said: bool = Field(description="Whether the request says when to run.")
    reason: str = Field(description="Why, where this differs from the starting point.")


class ChosenFilter(Flat):
    workflow: int = Field(description="Its number in `workflows`, from 1.")
    field: str
    operator: Operator
    value: str = Field(description="As JSON text.")


class AskedQuestion(Flat):
    text: str
    importance: Importance
    options: list[str]
    assumption: str = Field(description="What holds until somebody answers.")


class WorkflowsResult(Flat):
    title: str
    summary: str
    workflows: list[ChosenWorkflow]
    filters: list[ChosenFilter]
    questions: list[AskedQuestion]


class ChosenMapping(Flat):
    target: str
    source: str = Field(description="A path; empty where a constant is given.")
    constant: str = Field(description="As JSON text; empty where a source is given.")
    transform: str
    transform_args: str = Field(description="As JSON text of an object; empty for none.")
    each: str
    lookup: str = Field(description="Name of the lookup whose new record it belongs to.")
    confidence: float = Field(description="From 0 to 1.")
    reason: str


class DroppedMapping(Flat):
    target: str
    reason: str


class MappingsResult(Flat):
    """Only what is to differ from the starting point."""

    mappings: list[ChosenMapping]
    dropped: list[DroppedMapping]
    questions: list[AskedQuestion]


class Reading(Flat):
    restated: str = Field(description="What the message asks for, in one sentence.")
    kind: Literal["change", "question", "change and question", "not for Weft"]


class ChangeResult(Flat):
    not_done: str = Field(description="What was asked and could not be done, and why; else empty.")


class AnswerResult(Flat):
    answer: str = Field(description="At most five short sentences.")


class RepairResult(Flat):
    not_mended: str


RESULTS = (ScopeResult, SystemsResult, WorkflowsResult, MappingsResult, Reading, ChangeResult,
           AnswerResult, RepairResult)  # fmt: skip
