"""Where to deploy, and what is live."""

from typing import Any
from urllib.parse import urlsplit

from bot.views.actions import (
    ADD_CUSTOMER,
    APPROVE,
    CHANGE,
    EVENTS,
    LOGS,
    MORE,
    PAUSE,
    REJECT,
    RESUME,
    ROLL_BACK,
    RUN,
    SAMPLE,
    Target,
    button,
    buttons,
    confirmation,
    overflow,
)
from bot.views.gates import outcome
from bot.views.message import Block, Message
from bot.views.pieces import bullets, code, escape, evidence_lines, note, people, section
from pipeline.gates import Gate
from pipeline.integration import Integration
from pipeline.replies import DeployAsked, Deployed

PRIVATE = (
    "These addresses are reached from this machine only. To receive events from elsewhere, set "
    "WEFT_PUBLIC_URL to where Weft is reached, and deploy again."
)


_MOCKED = ": nothing real is read or written there."


def is_private(address: str) -> bool:
    """Whether only this machine reaches an address."""
    return (urlsplit(address).hostname or "") in ("127.0.0.1", "localhost", "::1")


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
    if reply.ended:
        title = f"Version {reply.number} was live on {reply.environment}"
        return Message(title, (section(f"*{escape(title)}*"), note(escape(reply.ended))))
    state = "paused" if reply.paused else "live"
    title = f"Version {reply.number} is {state} on {reply.environment}"
    facts = evidence_lines(reply.evidence)
    facts += [f"{escape(workflow)} runs {escape(when)}" for workflow, when in reply.starts.items()]
    blocks = [section(f"*{escape(title)}*\n{bullets(facts)}")]
    if reply.mocks:
        blocks.append(note(escape(f"Mocks stand in for {' and '.join(reply.mocks)}{_MOCKED}")))
    if reply.paused:
        blocks.append(note("Events are kept, and delivered once it is resumed."))
    addresses = [
        f"{escape(workflow)}: {code(address)}" for workflow, address in reply.webhooks.items()
    ]
    if reply.per_customer:
        blocks.append(note("Each customer connects their own account: “Add a customer”."))
    if addresses:
        blocks.append(section(f"*Addresses*\n{bullets(addresses)}"))
    if reply.register_hints:
        hints = bullets(escape(hint) for hint in reply.register_hints)
        what = "it" if len(addresses) == 1 else "them"
        blocks.append(section(f"*Register {what} in the source system*\n{hints}"))
        if any(is_private(address) for address in reply.webhooks.values()):
            blocks.append(note(PRIVATE))
    blocks.append(buttons(*_operations(reply, integration)))
    blocks.append(
        note(
            "To change it, say what in this thread: the same steps, only what differs. "
            "Failures are told here by themselves."
        )
    )
    return Message(title, tuple(blocks))


def _operations(reply: Deployed, integration: Integration) -> list[dict[str, Any]]:
    target = Target(integration.id, reply.environment)
    elements = []
    if reply.per_customer:
        elements.append(button("Add a customer", ADD_CUSTOMER, target, "primary"))
    elif integration.credentials and all(one.mock for one in integration.credentials.values()):
        elements.append(button("Send a sample event", SAMPLE, target, "primary"))
    if reply.startable:
        elements.append(button("Run now", RUN, target))
    elements.append(button("Events", EVENTS, target))
    elements.append(button("Logs", LOGS, target))
    elements.append(pause_button(target, paused=reply.paused))
    if reply.earlier:
        elements.append(roll_back_button(target, reply.earlier))
    elements.append(button("Request changes", CHANGE, Target(integration.id)))
    elements.append(overflow(MORE, _seldom(reply, integration)))
    return elements


def _seldom(reply: Deployed, integration: Integration) -> list[tuple[str, Target]]:
    def target(verb: str) -> Target:
        return Target(integration.id, reply.environment, verb)

    options = [
        (f"Promote to {environment}", target(f"promote:{environment}"))
        for environment in integration.environments
        if environment != reply.environment
    ][:2]
    if reply.startable:
        options.append(("Backfill from a date", target("backfill")))
    options.append(
        ("No more summaries", target("summary:no"))
        if integration.summary
        else ("Daily summary", target("summary:daily"))
    )
    return [*options, ("Delete this integration", target("delete"))]


def pause_button(target: Target, *, paused: bool) -> dict[str, Any]:
    return button("Resume", RESUME, target) if paused else button("Pause", PAUSE, target)


def roll_back_button(target: Target, number: int) -> dict[str, Any]:
    back = confirmation(
        f"Roll back to version {number}?",
        f"Version {number} goes live on {target.subject} again. Records that were written stay.",
        "Roll back",
    )
    return button("Roll back", ROLL_BACK, target, "danger", back)
