"""The progress message: one list of steps, edited in place."""

from typing import Any

from bot.views.message import Message
from bot.views.pieces import rich
from pipeline.artifacts import STEP_LABELS, STEPS
from pipeline.replies import Progress, StepLine

_STATUS = {
    "waiting": "pending",
    "running": "in_progress",
    "needs-person": "in_progress",
    "done": "complete",
    "failed": "error",
    "stopped": "pending",
}
_LONGEST_FACT = 300


def progress(reply: Progress) -> Message:
    tasks = [_task(line) for line in reply.lines]
    text = "\n".join([reply.title, *(_line(line) for line in reply.lines)])
    return Message(text, ({"type": "plan", "title": reply.title, "tasks": tasks},))


def _task(line: StepLine) -> dict[str, Any]:
    task: dict[str, Any] = {
        "type": "task_card",
        "task_id": line.step,
        "title": _title(line),
        "status": _STATUS[line.status],
    }
    if line.fact:
        part = "output" if line.status == "done" else "details"
        task[part] = rich(line.fact[:_LONGEST_FACT])
    return task


def _title(line: StepLine) -> str:
    """Such as `2 Research · 0.4 s`."""
    seconds = "" if line.seconds is None else f" · {line.seconds:.1f} s"
    stopped = " · stopped" if line.status == "stopped" else ""
    return f"{STEPS.index(line.step) + 1} {STEP_LABELS[line.step]}{seconds}{stopped}"


def _line(line: StepLine) -> str:
    return f"{_title(line)} – {line.status}" + (f": {line.fact}" if line.fact else "")
