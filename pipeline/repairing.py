"""Giving findings to the analyst, which may change the plan so that the next version has none."""

from collections.abc import Sequence

from pipeline.artifacts import Artifact, Finding, SourceFile, Verification
from pipeline.case import Case
from pipeline.plan.diff import plan_diff, unified
from pipeline.progress import progress
from pipeline.reading import accept, watched
from pipeline.replies import Said
from pipeline.services import Services

_REPAIRS = 2
_MOST_AT_ONCE = 5
_AROUND = 3  # lines before and after the one that a finding is about


def repair(case: Case, services: Services, artifact: Artifact) -> bool:
    """Give findings to the analyst, a bounded number of times; whether the plan changed.

    The next attempt is a new version. What can't be mended stands in the thread, with its place
    and the choices; no finding is ever left out.
    """
    assert isinstance(artifact, Verification)
    attempt = case.integration.repairs + 1
    if attempt > _REPAIRS:
        return False
    findings = smallest(artifact.findings, case.files)
    with watched(case, services) as reported:
        made = services.analyst.repair(findings, case.draft)
    after, accepted, _ = accept(case, case.plan, made.edits)
    changed = after != case.plan
    changes = plan_diff(case.plan, after)
    version = case.integration.code_version + 1  # the one that was just verified
    parts = [
        f"Version {version} had {len(artifact.findings)} findings. To mend them I changed: "
        f"{'; '.join(changes)}. Attempt {attempt} of {_REPAIRS}."
    ] * changed  # fmt: skip
    parts += [made.not_mended] if made.not_mended else []
    key = f"repair:{artifact.project_digest[:12]}"
    with services.store.change(case.integration.id) as integration:
        if reported:
            integration.say(progress(integration))
        if changed:
            integration.edits = [*integration.edits, *accepted]
            integration.repairs = attempt
        if parts:
            text, diff = "\n".join(parts), unified(case.plan, after)
            integration.say(Said(key=key, text=text, diff=diff))
    return changed


def smallest(findings: Sequence[Finding], files: Sequence[SourceFile]) -> list[Finding]:
    """The findings that explain the others, each with the lines around its place.

    One for each place, and those of the first tool only: what the types say explains what the
    tests and the dry run say, not the other way round.
    """
    first = findings[0].tool if findings else ""
    places: dict[tuple[str | None, int | str | None], Finding] = {}
    for finding in findings:
        if finding.tool == first:
            places.setdefault((finding.file, finding.line or finding.field), finding)
    sources = {file.path: file.content.splitlines() for file in files}
    return [
        _with_excerpt(one, sources.get(one.file or "", []))
        for one in list(places.values())[:_MOST_AT_ONCE]
    ]


def _with_excerpt(finding: Finding, lines: Sequence[str]) -> Finding:
    if finding.line is None or finding.excerpt:
        return finding
    first = max(0, finding.line - 1 - _AROUND)
    excerpt = "\n".join(lines[first : finding.line + _AROUND])
    return finding.model_copy(update={"excerpt": excerpt})
