"""The one progress message of an integration, edited in place as the steps go on."""

from pipeline.artifacts import STEPS
from pipeline.integration import Integration
from pipeline.replies import Progress, StepLine
from pipeline.waiting import shown_waiting


def progress(integration: Integration) -> Progress:
    """All eight steps; of what is out of scope only those that it came to."""
    lines = [
        StepLine(step=step, status=state.status, seconds=state.seconds, fact=state.fact)
        for step, state in ((step, integration.steps[step]) for step in STEPS)
        if integration.status != "out-of-scope" or state.status == "done"
    ]
    return Progress(key="progress", title=_title(integration), lines=lines)


def _title(integration: Integration) -> str:
    states = [integration.steps[step] for step in STEPS]
    if integration.status == "stopped":
        return "Stopped"
    if integration.status == "out-of-scope":
        return "Out of scope"
    if any(state.status == "failed" for state in states):
        return "Needs attention"
    if all(state.status == "done" for state in states):
        return "Live"
    if integration.open_gates() or any(state.status == "needs-person" for state in states):
        return shown_waiting(integration)
    return "Working"
