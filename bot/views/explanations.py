"""What each file of a version does, to read before approving it."""

from bot.views.message import Modal
from bot.views.pieces import code, escape, note, section
from pipeline.artifacts import SourceFile
from pipeline.explaining.file import explain_file
from pipeline.plan.model import Plan

_FILES_SHOWN = 90  # a form holds 100 blocks


def explanations(plan: Plan, files: list[SourceFile]) -> Modal:
    """The code first; in the order of their paths, as the diff has them."""
    ordered = sorted(files, key=lambda file: (not file.path.startswith("src/"), file.path))
    blocks = [note("Ask in the thread for more: “why DocNumber?”, “explain src/index.ts”.")]
    for file in ordered[:_FILES_SHOWN]:
        head, _, rest = explain_file(file, plan, files).partition("\n")
        facts = head.removeprefix(file.path).lstrip(", ")
        blocks.append(section(f"*{code(file.path)}* {escape(facts)}\n{escape(rest)}".strip()))
    rest_count = len(ordered) - _FILES_SHOWN
    if rest_count > 0:
        blocks.append(note(f"{rest_count} more files; ask for them by name."))
    return Modal("What each file does", tuple(blocks), close="Close")
