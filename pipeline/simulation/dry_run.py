"""The dry run: a generated project, unchanged, against strict mocks of every system in its plan."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.artifacts import DryRun, Finding, Situation, SourceFile
from pipeline.cancellation import Cancellation
from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import SystemEntry
from pipeline.integration import TestCase
from pipeline.plan.model import Plan, Workflow
from pipeline.platforms.local.protocol import CallRefused
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.stage import StageError, staged
from pipeline.simulation import situations
from pipeline.simulation.canary import CanaryResult, check_canaries
from pipeline.simulation.columns import with_columns
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.oauth import OauthError
from pipeline.simulation.preparing import Record, furnish, source_record
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.reporting import (
    broken,
    case_row,
    evidence,
    exchanges_file,
    refusals,
    request_rows,
    situation_row,
    unexpected,
)
from pipeline.simulation.running import Invoker
from pipeline.simulation.scene import Scene
from pipeline.simulation.situations import Verdict
from pipeline.simulation.world import Sent

_SECONDS_TO_START = 20.0


@dataclass
class _Notes:
    """What is written down while the situations are played."""

    situations: list[Situation] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sent: dict[str, list[Sent]] = field(default_factory=dict)


def dry_run(
    plan: Plan,
    catalogue: Catalogue,
    files: Sequence[SourceFile],
    cases: Sequence[TestCase],
    cancellation: Cancellation,
    *,
    deno: Deno | None = None,
) -> DryRun:
    """Play every situation with every workflow. SandboxError where Deno can't; Stopped."""
    began = time.monotonic()
    entries, canaries = _mockable(plan, catalogue)
    notes = _Notes()
    reachable = [one for one in plan.workflows if _systems(one) <= entries.keys()]
    if reachable:
        try:
            with staged(files, cancellation, deno or Deno(), _SECONDS_TO_START) as (stage, names):
                for workflow in reachable:
                    if len(reachable) > 1:
                        notes.rows.append([f"{workflow.name}:", "", ""])
                    known = with_columns(entries, workflow)
                    _play(Scene(plan, workflow, known, Invoker(stage)), cases, notes, names)
        except StageError as error:
            notes.findings.append(broken(str(error)))
    validated = sum(map(len, notes.sent.values()))
    refused = sum(result.rejected for results in canaries.values() for result in results)
    return DryRun(
        situations=notes.situations,
        requests=notes.rows,
        validated=validated,
        canaries=refused,
        findings=notes.findings,
        evidence=evidence(plan, notes.situations, validated, canaries, entries),
        exchanges=exchanges_file(notes.sent) if notes.sent else None,
        seconds=round(time.monotonic() - began, 2),
    )


def _systems(workflow: Workflow) -> set[str]:
    lookups = {one.system for one in workflow.lookups}
    writes = {one.system for one in workflow.writes}
    return {workflow.source.system, workflow.target.system} | lookups | writes


def _mockable(
    plan: Plan, catalogue: Catalogue
) -> tuple[dict[str, SystemEntry], dict[str, list[CanaryResult]]]:
    """The systems whose mock refuses what it must, and each system's canaries."""
    entries, canaries = {}, {}
    for system in plan.systems:
        try:
            entry = catalogue.system(system.name)
        except KeyError:
            continue
        touched = _entities(plan, system.name)
        canaries[system.name] = check_canaries(MockSystem(entry), touched)
        if (entry.operations or entry.events) and all(
            result.holds for result in canaries[system.name]
        ):
            entries[system.name] = entry
    return entries, canaries


def _entities(plan: Plan, system: str) -> set[str]:
    """Those that the plan reads or writes there."""
    ends = [end for one in plan.workflows for end in (one.source, one.target)]
    lookups = [one for workflow in plan.workflows for one in workflow.lookups]
    writes = [one for workflow in plan.workflows for one in workflow.writes]
    named = [(one.system, one.entity) for one in ends]
    named += [(one.system, one.entity) for one in lookups]
    named += [(one.system, one.entity) for one in writes]
    return {entity for where, entity in named if where == system}


def _play(scene: Scene, cases: Sequence[TestCase], notes: _Notes, names: Sequence[str]) -> None:
    name = scene.workflow.name
    if name not in names:
        notes.findings.append(broken(f"The project has no workflow “{name}”.", name))
        return
    for situation in situations.ALL:
        try:
            verdict = situation.play(scene)
        except (
            CallRefused,
            OauthError,
            Refusal,
        ) as error:
            notes.findings.append(broken(f"{situation.name}: {error}", name))
            return
        if verdict is None:
            continue
        findings = _judged(scene, situation, verdict)
        notes.findings += findings
        notes.sent[f"{name}: {situation.name}"] = verdict.played.world.sent
        noted = Situation(
            workflow=name, name=situation.name, expected=situation.expected, seen=verdict.seen,
            passed=not findings,
        )  # fmt: skip
        notes.situations.append(noted)
        is_first = situation is situations.ALL[0]
        notes.rows += request_rows(verdict.played.world.sent) if is_first else []
        notes.rows += [] if is_first else [situation_row(noted)]
        if is_first and findings:
            return  # what fails when nothing is wrong would fail everywhere
    for case in cases:
        _play_case(scene, case, notes)


def _judged(scene: Scene, situation: situations.Situation, verdict: Verdict) -> list[Finding]:
    refused = refusals(scene, situation.name, verdict) if verdict.strict else []
    if refused or verdict.passed:
        return refused
    return [unexpected(scene, situation, verdict)]


def _play_case(scene: Scene, case: TestCase, notes: _Notes) -> None:
    """A person's own record, and a sample for what it leaves out."""
    mine = case.workflow in (None, scene.workflow.name)
    if not mine or not isinstance(case.input, Mapping):
        return
    record: Record = source_record(scene.source, scene.workflow, given=case.input)
    world = scene.world([])
    furnish(world, scene.plan, scene.workflow, [record])
    played = scene.play(world, [record])
    verdict = Verdict(played.ok, "", played)
    notes.sent[f"{scene.workflow.name}: {case.name}"] = world.sent
    notes.findings += refusals(scene, f"“{case.name}”", verdict)
    notes.rows.append(case_row(case.name, played, len(scene.writes(world))))
