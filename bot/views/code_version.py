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
    lines = reply.diff.splitlines()
    if not lines:
        return "Nothing differs from the approved version."
    added = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
    removed = sum(line.startswith("-") and not line.startswith("---") for line in lines)
    against = "the whole project" if reply.version <= 1 else "against the last approved version"
    return f"+{added} −{removed} lines, {against}, in version-{reply.version}.diff"


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
    """The diff, as highlighted text while Slack takes it as such, and the dry run's exchanges."""
    files = []
    if reply.diff:
        small = len(reply.diff.encode()) <= _LARGEST_SNIPPET
        files.append(File(f"version-{reply.version}.diff", reply.diff, "diff" if small else ""))
    if reply.exchanges:
        small = len(reply.exchanges.content.encode()) <= _LARGEST_SNIPPET
        language = "json" if small else ""
        files.append(File(reply.exchanges.path, reply.exchanges.content, language))
    return tuple(files)
