"""A customer with accounts of their own: the form that connects one, and how one stands."""

from collections.abc import Sequence
from typing import Any

from bot.views.actions import (
    CUSTOMER_CONNECT,
    CUSTOMER_FORM,
    CUSTOMER_MOCK,
    REMOVE_CUSTOMER,
    SIGN_IN,
    Target,
    button,
    buttons,
    link_button,
)
from bot.views.connection import CONFIG, SECRET, config_input, secret_input
from bot.views.deployment import PRIVATE, is_private
from bot.views.message import Block, Message, Modal
from bot.views.pieces import bullets, code, escape, evidence_lines, note, plain, section
from pipeline.case import Case
from pipeline.integration import Integration
from pipeline.live.customers import credentials_asked, dynamic_systems
from pipeline.plan.model import System, Variable
from pipeline.replies import CustomerAccount, CustomerShown

CUSTOMER_CREDENTIALS_FORM = "customer-credentials"
NAME, ACCOUNTS, VARIABLE = "customer-name", "customer-accounts", "variable:"  # block ids
OWN, MOCK = "own", "mock"  # what is chosen of the accounts

_STATES = {
    "asked": "is not connected yet",
    "connecting": "is being connected…",
    "waiting": "must consent",
    "connected": "is connected",
    "failed": "could not be connected",
    "removed": "was removed",
}


def block_of(prefix: str, system: str, field: str) -> str:
    """The block id of a field of one of several systems."""
    return f"{prefix}{system}:{field}"


# ---- The message -------------------------------------------------------------------------------


def customer(reply: CustomerShown, integration: Integration) -> Message:
    title = f"{reply.name} {_STATES[reply.state]} on {reply.environment}"
    blocks: list[Block] = [section(f"*{escape(title)}*")]
    if reply.state in ("connected", "waiting", "failed"):
        blocks += _accounts(reply.accounts)
    if reply.trouble:
        blocks.append(section(escape(reply.trouble)))
    if reply.state == "connected":
        blocks += _addresses(reply)
    elements = _buttons(reply, Target(integration.id, reply.key))
    if elements:
        blocks.append(buttons(*elements))
    if reply.state == "asked":
        blocks.append(note("Credentials go encrypted into the vault. A mock writes nothing real."))
    return Message(title, tuple(blocks))


def _accounts(accounts: Sequence[CustomerAccount]) -> list[Block]:
    blocks: list[Block] = []
    lines = [
        f"{escape(account.display_name)}: {line}"
        for account in accounts
        for line in evidence_lines(account.evidence)
    ]
    if lines:
        blocks.append(section(bullets(lines)))
    links = [
        link_button(f"Sign in at {one.display_name}", f"{SIGN_IN}:{one.system}", one.authorize_url)
        for one in accounts
        if one.authorize_url
    ]
    if links:
        blocks.append(buttons(*links))
        blocks.append(
            note("For the customer, or whoever has their account. The link is good for 10 minutes.")
        )
    return blocks


def _addresses(reply: CustomerShown) -> list[Block]:
    if not reply.webhooks:
        return []
    lines = [f"{escape(name)}: {code(address)}" for name, address in reply.webhooks.items()]
    blocks = [section(f"*Addresses of this customer alone*\n{bullets(lines)}")]
    if reply.register_hints:
        hints = bullets(escape(hint) for hint in reply.register_hints)
        blocks.append(section(f"*Register them in the customer's account*\n{hints}"))
    if any(is_private(address) for address in reply.webhooks.values()):
        blocks.append(note(PRIVATE))
    return blocks


def _buttons(reply: CustomerShown, target: Target) -> list[dict[str, Any]]:
    if reply.state == "removed":
        return []
    label = "Add credentials" if reply.state == "asked" else "New credentials"
    elements = [button(label, CUSTOMER_FORM, target)]
    if reply.state == "asked":
        elements.append(button("Use the mock", CUSTOMER_MOCK, target))
        return elements
    if reply.state == "waiting":
        elements.insert(0, button("They have signed in", CUSTOMER_CONNECT, target, "primary"))
    if reply.state in ("connecting", "failed"):
        elements.insert(0, button("Try again", CUSTOMER_CONNECT, target))
    named = Target(target.integration_id, reply.environment, reply.external_id)
    return [*elements, button("Remove", REMOVE_CUSTOMER, named)]


# ---- The form ----------------------------------------------------------------------------------


def form_of(case: Case, target: Target, known: CustomerShown | None = None) -> Modal:
    """What to type for one customer; of one that is known, with what is not secret filled in."""
    intro = (
        "Credentials go encrypted into the vault. Slack can't hide what is typed here: mind who "
        "sees your screen."
    )
    blocks = [section(intro), _name(known.name if known else ""), _choice()]
    for system in dynamic_systems(case):
        fields = credentials_asked(case, system.name)
        inputs = [secret_input(field, system.auth) for field in fields]
        inputs += [config_input(item) for item in system.config]
        blocks += [_of_system(system, block) for block in inputs]
    given = known.variables if known else {}
    blocks += [_variable(variable, given.get(variable.name)) for variable in case.plan.variables]
    return Modal("Add a customer", tuple(blocks), CUSTOMER_CREDENTIALS_FORM, str(target), "Connect")


def _name(name: str) -> Block:
    element = {"type": "plain_text_input", "action_id": "value", "max_length": 80}
    if name:
        element["initial_value"] = name
    return {
        "type": "input",
        "block_id": NAME,
        "label": plain("Customer"),
        "element": element,
        "hint": plain("A name that is known already gets these credentials instead."),
    }


def _choice() -> Block:
    options = [
        {"text": plain("Their own accounts"), "value": OWN},
        {"text": plain("Mocks, to try it"), "value": MOCK},
    ]
    element = {
        "type": "radio_buttons",
        "action_id": "value",
        "options": options,
        "initial_option": options[0],
    }
    return {"type": "input", "block_id": ACCOUNTS, "label": plain("Accounts"), "element": element}


def _of_system(system: System, block: Block) -> Block:
    """Named for its system, and optional: with mocks, nothing is typed."""
    prefix = SECRET if block["block_id"].startswith(SECRET) else CONFIG
    field = block["block_id"].removeprefix(prefix)
    label = f"{system.display_name}: {block['label']['text']}"
    return {
        **block,
        "block_id": block_of(prefix, system.name, field),
        "label": plain(label),
        "optional": True,
    }


def _variable(variable: Variable, given: Any) -> Block:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": "value"}
    if given is not None:
        element["initial_value"] = str(given)
    usual = "nothing" if variable.default is None else str(variable.default)
    return {
        "type": "input",
        "block_id": VARIABLE + variable.name,
        "label": plain(variable.name),
        "element": element,
        "optional": True,
        "hint": plain(f"{variable.description} Left empty: {usual}.".strip()[:2000]),
    }
