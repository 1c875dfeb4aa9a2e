"""Connecting a system: what it needs, and the form for its credentials."""

from bot.views.actions import (
    CONNECT,
    MOCK,
    SIGN_IN,
    SIGNED_IN,
    Target,
    button,
    buttons,
    link_button,
)
from bot.views.gates import ending
from bot.views.message import Block, Message, Modal
from bot.views.pieces import bullets, code, escape, evidence_lines, note, people, plain, section
from pipeline.integration import Integration
from pipeline.plan.model import Auth, ConfigItem, CredentialField
from pipeline.plan.words import show_auth
from pipeline.replies import ConnectionShown

CREDENTIALS_FORM = "credentials"
SECRET, CONFIG = "secret:", "config:"  # what a form's block ids begin with


def connection(reply: ConnectionShown, integration: Integration) -> Message:
    title = f"Connection: {reply.display_name}"
    lines = [f"*{escape(title)}*", _way(reply.auth), f"Host {code(reply.host)}"]
    if reply.auth.scopes:
        lines.append("Scopes " + ", ".join(code(scope) for scope in reply.auth.scopes))
    if reply.redirect_url and reply.gate.state == "open":
        lines.append(f"Register this redirect address with your app: {code(reply.redirect_url)}")
    blocks = [section("\n".join(lines)), *ending(reply.gate, _ask(reply, integration))]
    if reply.authorize_url and not reply.evidence:
        blocks += _consent(reply, integration)
    if reply.evidence:
        blocks.append(section(bullets(evidence_lines(reply.evidence))))
    elif reply.gate.approved and not reply.authorize_url:
        blocks.append(note("Not tried yet: all systems are, once each has its answer."))
    return Message(title, tuple(blocks))


def _way(auth: Auth) -> str:
    where = f" in {auth.location} {code(auth.parameter)}" if auth.parameter else ""
    return f"{show_auth(auth)}{where}"


def _ask(reply: ConnectionShown, integration: Integration) -> list[Block]:
    target = Target(integration.id, reply.gate.id)
    oauth = reply.auth.grant == "authorization-code"
    label = "Approve and connect" if oauth else "Approve and add credentials"
    return [
        buttons(button(label, CONNECT, target, "primary"), button("Use the mock", MOCK, target)),
        note(
            f"{people(reply.gate.may_answer)} can answer. What is typed goes encrypted into the "
            "vault; it is not shown again, logged or given to a model. One harmless read proves "
            "the connection. The mock writes nothing real."
        ),
    ]


def _consent(reply: ConnectionShown, integration: Integration) -> list[Block]:
    assert reply.authorize_url is not None
    sign_in = link_button(f"Sign in at {reply.display_name}", SIGN_IN, reply.authorize_url)
    signed_in = button("I have signed in", SIGNED_IN, Target(integration.id, reply.gate.id))
    return [
        section(f"{escape(reply.display_name)} asks a person to consent, in the browser."),
        buttons(sign_in, signed_in),
    ]


def credentials_form(reply: ConnectionShown, integration_id: str, by_webhook: bool) -> Modal:
    """What to type for one system. Fields only for webhooks are left out where none start it."""
    fields = [field for field in reply.auth.fields if by_webhook or field.only_for != "webhook"]
    blocks = [secret_input(field, reply.auth) for field in fields]
    blocks += [config_input(item) for item in reply.config]
    intro = (
        f"For {escape(reply.display_name)}, encrypted into the vault. Slack can't hide what is "
        "typed here: mind who sees your screen."
    )
    return Modal(
        "Credentials",
        (section(intro), *blocks),
        CREDENTIALS_FORM,
        str(Target(integration_id, reply.gate.id)),
        "Connect",
    )


def secret_input(field: CredentialField, auth: Auth) -> Block:
    element = {"type": "plain_text_input", "action_id": "value"}
    block: Block = {
        "type": "input",
        "block_id": SECRET + field.name,
        "label": plain(field.label),
        "element": element | ({"multiline": True} if auth.type == "certificate" else {}),
    }
    if field.secret:
        block["hint"] = plain("Visible while you type; sealed once you press Connect.")
    return block


def config_input(item: ConfigItem) -> Block:
    element = {"type": "plain_text_input", "action_id": "value"}
    if item.default is not None:
        element["initial_value"] = str(item.default)
    return {
        "type": "input",
        "block_id": CONFIG + item.name,
        "label": plain(item.label),
        "element": element,
    }
