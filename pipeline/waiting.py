"""What an integration waits for, and what people can say then."""

from collections.abc import Sequence

from pipeline.gates import Gate, GateKind
from pipeline.integration import Integration

_WAITING: dict[GateKind, str] = {
    "plan": "Waiting for approval of the plan",
    "set-up": "Waiting for approval of the set-up",
    "connection": "Waiting for the connections",
    "code": "Waiting for approval of the code",
    "deploy": "Waiting to be told where to deploy",
}
_BEGINNING = (
    "I build data integrations, each in a thread of its own. Mention me with which system to read, "
    "which to write, and when, such as “sync new Shopify orders to QuickBooks as sales receipts”; "
    "an OpenAPI file can be attached. I ask before anything is set up or goes live."
)
_ALWAYS = (
    "At any time: a change in your own words (“only paid orders”), a question (“why DocNumber?”), "
    "“stop”, “resume”."
)
_LIVE = (
    "“events”, “logs”, “run now”, “replay”, “investigate”, “pause”, “roll back”, "
    "“backfill from 2026-01-31”, “daily summary”, “delete this integration”."
)


def shown_waiting(integration: Integration) -> str:
    """What it waits for, in a few words; a person, where no question is open."""
    waiting = integration.open_gates()
    if not waiting:
        facts = [one.fact for one in integration.steps.values() if one.status == "needs-person"]
        return next((fact.rstrip(".") for fact in facts if fact), "Waiting for a person")
    first = waiting[0]
    return "The plan lacks something" if first.blocked_by else _WAITING[first.kind]


def answers(waiting: Sequence[Gate]) -> list[str]:
    """What to type for each of these questions."""
    return [f"“{_answer(gate)}”" for gate in waiting if not gate.blocked_by]


def _answer(gate: Gate) -> str:
    if gate.kind == "deploy":
        return f"deploy to {gate.subject}"
    if gate.kind == "connection":
        return f"use the mock for {gate.subject}"
    return f"approve {gate.kind}"


def help_text(integration: Integration | None) -> str:
    """What people can say: to begin, or in a thread as it stands now."""
    if integration is None or integration.status in ("out-of-scope", "deleted"):
        return _BEGINNING
    if integration.status == "stopped":
        return (
            "This integration is stopped. Say “resume” to go on, or begin another in a new thread."
        )
    waiting = integration.open_gates()
    said = answers(waiting)
    lines = (
        [f"{shown_waiting(integration)}: say {' or '.join(said)}, or use the buttons."]
        if said
        else []
    )
    if integration.live:
        lines.append(f"Live on {' and '.join(integration.live)}: {_LIVE}")
    return "\n".join([*lines, _ALWAYS])
