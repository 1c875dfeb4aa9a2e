"""What Weft says without asking: the restated request, short answers, failures, findings."""

from bot.views.actions import CHANGE, RETRY, Target, button, buttons, stop_button
from bot.views.message import Block, File, Message
from bot.views.pieces import bullets, code, escape, note, section
from pipeline.artifacts import Finding
from pipeline.integration import Integration
from pipeline.replies import Failed, FindingsShown, OutOfScope, Restated, Said

_FINDINGS_SHOWN = 8
_DIFF_LINES_SHOWN = 12


def restated(reply: Restated) -> Message:
    next_steps = "Nothing is set up before you approve the plan."
    text = f"*{escape(reply.title)}*\n{escape(reply.summary)}"
    return Message(f"{reply.title}. {reply.summary}", (section(text), note(next_steps)))


def out_of_scope(reply: OutOfScope) -> Message:
    blocks = [section(escape(reply.scope.reason))]
    if reply.scope.alternatives:
        wishes = bullets(escape(item) for item in reply.scope.alternatives)
        blocks.append(section(f"What I could build instead:\n{wishes}"))
    blocks.append(note("Nothing was started. Say here what should move, from where to where."))
    return Message(reply.scope.reason, tuple(blocks))


def said(reply: Said) -> Message:
    blocks = [section(escape(reply.text))]
    if reply.diff:
        blocks.append(diff_block(reply.diff))
    return Message(reply.text, tuple(blocks), tuple(diff_files(reply.diff)))


def diff_files(diff: str) -> list[File]:
    """The whole diff, where the message shows only its beginning."""
    return [File("plan.diff", diff, "diff")] if len(_changed(diff)) > _DIFF_LINES_SHOWN else []


def _changed(diff: str) -> list[str]:
    return [line for line in diff.splitlines() if not line.startswith(("---", "+++", "@@"))]


def diff_block(diff: str) -> Block:
    """The first changed lines of a diff."""
    changed = _changed(diff)
    shown = "\n".join(changed[:_DIFF_LINES_SHOWN])
    rest = len(changed) - _DIFF_LINES_SHOWN
    more = f"\n… {rest} more lines in plan.diff" if rest > 0 else ""
    return section(f"```{escape(shown)}```{more}")


def failed(reply: Failed, integration: Integration) -> Message:
    target = Target(integration.id)
    blocks = [section(f"{escape(reply.happened)}\n{escape(reply.safe)}")]
    offered = {
        "retry": button("Try again", RETRY, target, "primary"),
        "stop": stop_button(integration.id),
    }
    elements = [offered[choice] for choice in reply.choices if choice in offered]
    if elements:
        blocks.append(buttons(*elements))
    return Message(f"{reply.happened} {reply.safe}", tuple(blocks))


def findings(reply: FindingsShown, integration: Integration) -> Message:
    count = len(reply.findings)
    shown = bullets(_finding(item) for item in reply.findings[:_FINDINGS_SHOWN])
    head = f"Verification has {count} finding{'' if count == 1 else 's'}"
    head += f" in version {reply.version}" if reply.version else ""
    blocks = [section(f"*{head}* (ran)\n{shown}")]
    target = Target(integration.id)
    blocks.append(
        buttons(
            button("Request changes", CHANGE, target, "primary"),
            button("Try again", RETRY, target),
            stop_button(integration.id),
        )
    )
    blocks.append(note("Nothing was deployed. What is live stays as it is."))
    whole = "\n".join(
        f"{item.tool}: {item.file or ''}:{item.line or ''} {item.message}"
        for item in reply.findings
    )
    files = (File("findings.txt", whole),) if count > _FINDINGS_SHOWN else ()
    return Message(head, tuple(blocks), files)


def _finding(finding: Finding) -> str:
    place = f" {code(f'{finding.file}:{finding.line or 1}')}" if finding.file else ""
    return f"{escape(finding.tool)}{place} {escape(finding.message[:300])}"
