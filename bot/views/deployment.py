"""Where to deploy, and what is live."""

from typing import Any

from bot.views.actions import (
    APPROVE,
    CHANGE,
    INVESTIGATE,
    LOGS,
    PAUSE,
    REJECT,
    RESUME,
    ROLL_BACK,
    SAMPLE,
    Target,
    button,
    buttons,
    confirmation,
)
from bot.views.gates import outcome
from bot.views.message import Block, Message
from bot.views.pieces import bullets, code, escape, evidence_lines, note, people, section
from pipeline.gates import Gate
from pipeline.integration import Integration
from pipeline.replies import DeployAsked, Deployed


def deploy(reply: DeployAsked, integration: Integration) -> Message:
    title = f"Deploy version {reply.version}"
    waiting = [gate for gate in reply.gates if gate.state == "open"]
    blocks = [section(f"*{escape(title)}*" + (" to which environment?" if waiting else ""))]
    if all(gate.state == "superseded" for gate in reply.gates):
        return Message(title, (*blocks, note(outcome(reply.gates[0]))))
    blocks += [
        note(f"{escape(gate.subject)}: {outcome(gate)}") for gate in reply.gates if gate.answer
    ]
    if waiting:
        blocks += _ask(reply, waiting, integration)
    return Message(title, tuple(blocks))


def _ask(reply: DeployAsked, waiting: list[Gate], integration: Integration) -> list[Block]:
    elements = [_environment(reply, gate, integration) for gate in waiting]
    if not any(gate.answer for gate in reply.gates):
        elements.append(button("Not yet", REJECT, Target(integration.id, waiting[0].id)))
    return [
        buttons(*elements),
        note(
            f"{people(waiting[0].may_answer)} can answer. Exactly the approved code goes live. "
            "A version can be rolled back; records that it wrote stay."
        ),
    ]


def _environment(reply: DeployAsked, gate: Gate, integration: Integration) -> dict[str, Any]:
    target = Target(integration.id, gate.id, gate.subject)
    if gate.subject != "production":
        return button(gate.subject, APPROVE, target, "primary")
    confirm = confirmation(
        "Deploy to production?",
        f"Version {reply.version} of “{integration.request.text[:80]}” goes live and handles real "
        "records. It can be rolled back.",
        "Deploy",
    )
    return button(gate.subject, APPROVE, target, "danger", confirm)


def deployed(reply: Deployed, integration: Integration) -> Message:
    state = "paused" if reply.paused else "live"
    title = f"Version {reply.number} is {state} on {reply.environment}"
    blocks = [section(f"*{escape(title)}*\n{bullets(evidence_lines(reply.evidence))}")]
    addresses = [
        f"{escape(workflow)}: {code(address)}" for workflow, address in reply.webhooks.items()
    ]
    if addresses:
        blocks.append(section(f"*Addresses*\n{bullets(addresses)}"))
    if reply.register_hints:
        hints = bullets(escape(hint) for hint in reply.register_hints)
        blocks.append(section(f"*Register them*\n{hints}"))
    blocks.append(buttons(*_operations(reply, integration)))
    blocks.append(note("To change it, say what in this thread: the same steps, only what differs."))
    return Message(title, tuple(blocks))


def _operations(reply: Deployed, integration: Integration) -> list[dict[str, Any]]:
    target = Target(integration.id, reply.environment)
    elements = []
    if integration.credentials and all(item.mock for item in integration.credentials.values()):
        elements.append(button("Send a sample event", SAMPLE, target, "primary"))
    elements.append(button("Logs", LOGS, target))
    elements.append(button("Investigate a failure", INVESTIGATE, target))
    elements.append(
        button("Resume", RESUME, target) if reply.paused else button("Pause", PAUSE, target)
    )
    if integration.code_version > 1:
        back = confirmation(
            "Roll back?", f"The version before goes live on {reply.environment} again.", "Roll back"
        )
        elements.append(button("Roll back", ROLL_BACK, target, "danger", back))
    elements.append(button("Request changes", CHANGE, Target(integration.id)))
    return elements
