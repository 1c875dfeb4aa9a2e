"""Draws replies for a terminal: pure functions from a reply to something that Rich can print."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipeline.artifacts import STEP_LABELS, STEPS, Evidence
from pipeline.plan.model import Plan, Workflow
from pipeline.plan.outline import workflow_lines, workflow_title
from pipeline.plan.words import show_auth, show_mapping
from pipeline.replies import (
    CodeShown,
    ConnectionShown,
    CustomerShown,
    DeployAsked,
    Deployed,
    Failed,
    FailuresShown,
    FindingsShown,
    IssueRaised,
    OutOfScope,
    PlanShown,
    Proposed,
    Recovered,
    Reply,
    Restated,
    Said,
    SetUpShown,
    StepLine,
    Tried,
)

_MARKS = {"done": "[green]✓[/]", "failed": "[red]✗[/]", "stopped": "[yellow]■[/]"}


def render(reply: Reply) -> RenderableType:
    """What to print for a reply other than progress."""
    return _RENDERERS[type(reply)](reply)


def step_line(line: StepLine) -> str:
    """Such as `✓ 2 Research  0.4 s — 2 systems, 19 fields mapped`, as Rich markup."""
    number = STEPS.index(line.step) + 1
    seconds = f"  [dim]{line.seconds:.1f} s[/]" if line.seconds is not None else ""
    fact = f" — {escape(line.fact)}" if line.fact else ""
    return f"{_MARKS.get(line.status, '…')} {number} {STEP_LABELS[line.step]}{seconds}{fact}"


def _restated(reply: Restated) -> RenderableType:
    return Group(Text(reply.title, style="bold"), Text(reply.summary))


def _out_of_scope(reply: OutOfScope) -> RenderableType:
    lines = [Text(reply.scope.reason)]
    lines += [Text(f"  • {alternative}") for alternative in reply.scope.alternatives]
    return Group(*lines, Text("Nothing was started.", style="dim"))


def _plan(reply: PlanShown) -> RenderableType:
    changes = [Text(f"  changed: {change}") for change in reply.changes]
    missing = [
        Text(f"  before it can be approved: {reason}", style="red")
        for reason in reply.gate.blocked_by
    ]
    return Group(Text("The plan", style="bold"), *changes, plan_summary(reply.plan), *missing)


def plan_summary(plan: Plan) -> RenderableType:
    """Workflows, mappings, weak facts and open questions; why, where it is out of scope."""
    if not plan.scope.in_scope:
        return _out_of_scope(OutOfScope(key="", scope=plan.scope))
    parts: list[RenderableType] = []
    for workflow in plan.workflows:
        parts.append(Text(f"  {workflow_title(plan, workflow)}", style="bold"))
        parts += [Text(f"  {line}") for line in workflow_lines(workflow)]
        parts.append(_mapping_table(workflow))
    weak = [fact for fact in plan.facts if fact.grade in ("inferred", "unverified")]
    parts += [Text(f"  weak: {fact.text} ({fact.grade})", style="yellow") for fact in weak]
    for question in plan.questions:
        if question.answer is None:
            options = f" [{' / '.join(question.options)}]" if question.options else ""
            parts.append(Text(f"  ? {question.text}{options} (assumed: {question.assumption})"))
    return Group(*parts)


def _mapping_table(workflow: Workflow) -> Table:
    table = Table(show_edge=False, pad_edge=False, box=None, header_style="dim")
    for column in ("  target", "source", "note"):
        table.add_column(column, overflow="fold")
    written = [*workflow.mappings, *(one for write in workflow.writes for one in write.mappings)]
    for mapping in written:
        cells = (f"  {mapping.target}", *show_mapping(mapping))
        table.add_row(*(escape(cell) for cell in cells))
    return table


def _set_up(reply: SetUpShown) -> RenderableType:
    head = Text(f"Set-up on {reply.platform}", style="bold")
    return Group(head, *(Text(f"  {item.text}  — {item.changes}") for item in reply.commands))


def _connection(reply: ConnectionShown) -> RenderableType:
    auth = reply.auth
    where = f" in {auth.location} {auth.parameter}" if auth.parameter else ""
    scopes = f", scopes {' '.join(auth.scopes)}" if auth.scopes else ""
    lines = [
        Text(f"Connection: {reply.display_name}", style="bold"),
        Text(f"  {show_auth(auth)}{where}, host {reply.host}{scopes}"),
    ]
    if reply.redirect_url:
        lines.append(Text(f"  redirect address {reply.redirect_url}"))
    if reply.authorize_url:
        lines.append(Text(f"  consent at {reply.authorize_url}"))
    return Group(*lines, *_evidence(reply.evidence))


def _code(reply: CodeShown) -> RenderableType:
    lines = sum(file.content.count("\n") for file in reply.files)
    head = f"Code, version {reply.version}: {len(reply.files)} files, {lines} lines"
    parts: list[RenderableType] = [Text(head, style="bold"), *_evidence(reply.evidence)]
    if reply.requests:
        table = Table(box=None, header_style="dim")
        for column in ("request or situation", "status", "what it did (mocked)"):
            table.add_column(column, overflow="fold")
        for row in reply.requests:
            table.add_row(*(escape(cell) for cell in row))
        parts.append(table)
    return Group(*parts)


def _findings(reply: FindingsShown) -> RenderableType:
    parts = [Text(f"{len(reply.findings)} findings", style="bold red")]
    for finding in reply.findings:
        place = f"{finding.file}:{finding.line or 1}: " if finding.file else ""
        parts.append(Text(f"  {finding.tool}: {place}{finding.message}"))
    if reply.choices:
        parts.append(Text(f"You can {', '.join(reply.choices[:-1])} or {reply.choices[-1]}."))
    return Group(*parts)


def _deploy(reply: DeployAsked) -> RenderableType:
    environments = " / ".join(gate.subject for gate in reply.gates)
    return Text(f"Deploy version {reply.version} to which environment? {environments}", "bold")


def _deployed(reply: Deployed) -> RenderableType:
    if reply.ended:
        return Text(f"Version {reply.number} on {reply.environment}: {reply.ended}", style="dim")
    if reply.paused:
        return Text(f"Version {reply.number} on {reply.environment} is paused", style="yellow")
    parts = [Text(f"Version {reply.number} is live on {reply.environment}", style="bold green")]
    parts += [Text(f"  {workflow} runs {when}") for workflow, when in reply.starts.items()]
    parts += [Text(f"  {name}: {address}") for name, address in reply.webhooks.items()]
    parts += [Text(f"  Register it in {hint}") for hint in reply.register_hints]
    return Group(*parts, *_evidence(reply.evidence))


def _tried(reply: Tried) -> RenderableType:
    parts = [Text(f"Sample event through {reply.workflow}: {reply.state} (mocked)", style="bold")]
    parts += [Text(f"  {' · '.join(row)}") for row in reply.requests]
    return Group(*parts, *(Text(json.dumps(record, indent=2)) for record in reply.records))


def _failures(reply: FailuresShown) -> RenderableType:
    group = reply.group
    head = f"{group.count} failed on {group.environment}: {group.workflow}"
    seen = f"  {group.first_at:%Y-%m-%d %H:%M} to {group.last_at:%H:%M} UTC, {group.kept} kept"
    record = f", such as record {group.record}" if group.record else ""
    return Group(Text(head, style="bold red"), Text(f"  {group.reason}"), Text(seen + record))


def _recovered(reply: Recovered) -> RenderableType:
    group = reply.group
    return Text(f"{group.workflow} works again on {group.environment}; {group.replayed} replayed.")


def _issue(reply: IssueRaised) -> RenderableType:
    return Group(Text(reply.issue.title, style="bold red"), Text(f"  {reply.issue.message}"))


def _proposed(reply: Proposed) -> RenderableType:
    if reply.state != "open":
        return Text(reply.outcome or f"{reply.title} {reply.state}.")
    return Group(Text(reply.title, style="bold"), *(Text(f"  {one}") for one in reply.effects))


def _customer(reply: CustomerShown) -> RenderableType:
    head = Text(f"{reply.name} on {reply.environment}: {reply.state}", style="bold")
    lines = [Text(f"  {reply.trouble}", style="red")] if reply.trouble else []
    for account in reply.accounts:
        if account.authorize_url:
            lines.append(Text(f"  {account.display_name}: consent at {account.authorize_url}"))
        lines += _evidence(account.evidence)
    lines += [Text(f"  {name}: {address}") for name, address in reply.webhooks.items()]
    return Group(head, *lines, *(Text(f"  {hint}") for hint in reply.register_hints))


def _said(reply: Said) -> RenderableType:
    return Group(Text(reply.text), *([Text(reply.diff, style="dim")] if reply.diff else []))


def _failed(reply: Failed) -> RenderableType:
    choices = " or ".join(f"“{choice}”" for choice in reply.choices)
    lines = [Text(reply.happened, style="red"), Text(reply.safe)]
    return Group(*lines, *([Text(f"You can say {choices}.")] if choices else []))


def _evidence(evidence: Sequence[Evidence]) -> list[Text]:
    return [Text(f"  {item.claim} ({item.word})", style="dim") for item in evidence]


_RENDERERS: dict[type, Callable[[Any], RenderableType]] = {
    Restated: _restated,
    OutOfScope: _out_of_scope,
    PlanShown: _plan,
    SetUpShown: _set_up,
    ConnectionShown: _connection,
    CodeShown: _code,
    FindingsShown: _findings,
    DeployAsked: _deploy,
    Deployed: _deployed,
    Tried: _tried,
    FailuresShown: _failures,
    Recovered: _recovered,
    IssueRaised: _issue,
    Proposed: _proposed,
    CustomerShown: _customer,
    Said: _said,
    Failed: _failed,
}
