"""What is about to be done, for a click to confirm."""

from bot.views.actions import CONFIRM, DECLINE, Target, button, buttons, confirmation
from bot.views.message import Message
from bot.views.pieces import bullets, escape, note, people, person, section
from pipeline.integration import Integration
from pipeline.replies import Proposed

_LABELS = {
    "backfill": "Backfill",
    "delete": "Delete",
    "roll back": "Roll back",
    "promote": "Promote",
    "remove customer": "Remove customer",
}


def proposed(reply: Proposed, integration: Integration) -> Message:
    effects = bullets(escape(effect) for effect in reply.effects)
    head = section(f"*{escape(reply.title)}*\n{effects}")
    if reply.state != "open":
        return Message(f"{reply.title} {_outcome(reply)}", (head, note(_outcome(reply))))
    label, target = _LABELS[reply.verb], Target(integration.id, reply.key)
    danger = reply.verb in ("delete", "promote", "remove customer")
    sure = confirmation(reply.title, reply.effects[0] if reply.effects else label, label)
    return Message(
        reply.title,
        (
            head,
            buttons(
                button(label, CONFIRM, target, "danger" if danger else "primary", sure),
                button("Leave it", DECLINE, target),
            ),
            note(f"{people(integration.people)} can answer. Nothing was done yet."),
        ),
    )


def _outcome(reply: Proposed) -> str:
    who = person(reply.actor)
    if reply.state == "declined":
        return f"Left as it is by {who}."
    if reply.state == "confirmed":
        return f"*Confirmed* by {who}. It is being done…"
    return f"*Confirmed* by {who}. {escape(reply.outcome)}"
