"""One version of the generated project: its checks, its dry run, and its diff as a file."""

from bot.views.actions import (
    APPROVE,
    CHANGE,
    EXPLAIN,
    TEST_CASE,
    Target,
    button,
    buttons,
    stop_button,
)
from bot.views.gates import asking, ending
from bot.views.message import Block, File, Message
from bot.views.pieces import bullets, escape, evidence_lines, section, table
from pipeline.integration import Integration
from pipeline.replies import CodeShown

_LARGEST_SNIPPET = 1_000_000  # bytes
_ROWS_SHOWN = 60


def code_version(reply: CodeShown, integration: Integration) -> Message:
    lines = sum(file.content.count("\n") for file in reply.files)
    title = f"Code, version {reply.version}: {len(reply.files)} files, {lines} lines"
    if reply.gate.state == "superseded":
        return Message(title, (section(f"*{escape(title)}*"), *ending(reply.gate, [])))
    blocks = [section(f"*{escape(title)}*\n{_changed(reply)}")]
    if reply.evidence:
        blocks.append(section(f"*Checks*\n{bullets(evidence_lines(reply.evidence))}"))
    if reply.requests:
        rows = [(row + ["", "", ""])[:3] for row in reply.requests[:_ROWS_SHOWN]]
        whole = f", every request and answer in {reply.exchanges.path}" if reply.exchanges else ""
        head = section(f"*Dry run* (mocked){whole}")
        blocks += [head, table(("Request or situation", "Status", "What it did"), rows)]
    blocks += ending(reply.gate, _ask(reply, integration))
    return Message(title, tuple(blocks), _files(reply))


def _changed(reply: CodeShown) -> str:
    if not reply.diff:
        return "Nothing differs from the approved version."
    against = "against the last approved version" if reply.has_approved else "the whole project"
    all_lines = f"{_counted(reply.diff)}, {against}, in version-{reply.version}.diff"
    if not reply.since:
        return all_lines
    since = f"since-version-{reply.shown_before}.diff"
    return f"{_counted(reply.since)} since version {reply.shown_before}, in {since}\n{all_lines}"


def _counted(diff: str) -> str:
    lines = diff.splitlines()
    added = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
    removed = sum(line.startswith("-") and not line.startswith("---") for line in lines)
    return f"+{added} −{removed} lines"


def _ask(reply: CodeShown, integration: Integration) -> list[Block]:
    target = Target(integration.id)
    return [
        buttons(
            button("Approve code", APPROVE, Target(integration.id, reply.gate.id), "primary"),
            button("Add a test case", TEST_CASE, target),
            button("Explain", EXPLAIN, target),
            button("Request changes", CHANGE, target),
            stop_button(integration.id),
        ),
        asking(reply.gate, "I ask where to deploy it; nothing goes live before that."),
    ]


def _files(reply: CodeShown) -> tuple[File, ...]:
    """What changed, first since it was last seen, and the dry run's exchanges."""
    files = []
    if reply.since:
        files.append(_snippet(f"since-version-{reply.shown_before}.diff", reply.since, "diff"))
    if reply.diff:
        files.append(_snippet(f"version-{reply.version}.diff", reply.diff, "diff"))
    if reply.exchanges:
        files.append(_snippet(reply.exchanges.path, reply.exchanges.content, "json"))
    return tuple(files)


def _snippet(name: str, content: str, language: str) -> File:
    """Highlighted text while Slack takes it as such."""
    small = len(content.encode()) <= _LARGEST_SNIPPET
    return File(name, content, language if small else "")
