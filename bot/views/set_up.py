"""What setting up will do, for approval."""

from bot.views.actions import APPROVE, CHANGE, Target, button, buttons, stop_button
from bot.views.gates import asking, ending
from bot.views.message import Message
from bot.views.pieces import bullets, code, escape, section
from pipeline.integration import Integration
from pipeline.replies import Command, SetUpShown


def set_up(reply: SetUpShown, integration: Integration) -> Message:
    title = f"Set-up on {reply.platform} / {reply.environment}"
    blocks = [section(f"*{escape(title)}*")]
    if reply.gate.state != "superseded":
        commands = bullets(_command(command) for command in reply.commands)
        blocks.append(section(commands or "Nothing has to be created."))
    ask = [
        buttons(
            button("Approve set-up", APPROVE, Target(integration.id, reply.gate.id), "primary"),
            button("Request changes", CHANGE, Target(integration.id)),
            stop_button(integration.id),
        ),
        asking(reply.gate, "I run these; secrets are asked for after. It can be undone."),
    ]
    return Message(title, (*blocks, *ending(reply.gate, ask)))


def _command(command: Command) -> str:
    outcome = f" → {escape(command.outcome)} (ran)" if command.outcome else ""
    return f"{code(command.text)} – {escape(command.changes)}{outcome}"
