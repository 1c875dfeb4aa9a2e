"""What a decision changes beside its gate, and which gate a typed one means."""

from datetime import datetime

from pipeline.commands import Command
from pipeline.errors import UserError
from pipeline.gatekeeping import answer_gate, refuse_stopped
from pipeline.gates import Decision, Gate
from pipeline.integration import CredentialGrant, Integration
from pipeline.ports import IntegrationStore
from pipeline.waiting import answers


def decide(
    integration: Integration,
    gate_id: str,
    actor: str,
    decision: Decision,
    store: IntegrationStore,
    now: datetime,
) -> Gate:
    """Answer a gate. UserError (and no change) when the answer does not count."""
    gate = answer_gate(integration, gate_id, actor, decision, store, now)
    if gate.approved and gate.kind == "deploy":
        integration.environment = gate.subject
    if gate.approved and gate.kind == "code":
        made = [integration.steps[step].artifact for step in ("codegen", "testing")]
        integration.approved_code = [digest for digest in made if digest is not None]
    return gate


def grant(integration: Integration, gate: Gate, reference: str | None) -> None:
    """Say where the credentials of an approved connection are; without a reference, the mock."""
    assert gate.answer is not None
    given = CredentialGrant(
        system=gate.subject,
        vault_reference=reference,
        mock=reference is None,
        actor=gate.answer.actor,
        at=gate.answer.at,
    )
    integration.credentials = {**integration.credentials, gate.subject: given}


def meant(integration: Integration, command: Command) -> Gate:
    """The one open gate that a typed decision means. UserError where that is not clear."""
    refuse_stopped(integration)
    gates = [gate for gate in integration.open_gates() if _fits(gate, command)]
    if not gates:
        raise UserError(_nothing_fits(integration))
    if len(gates) > 1:
        choices = ", ".join(answers(gates))
        raise UserError(f"Several things wait for a decision; say one of {choices}.")
    if gates[0].kind == "deploy" and gates[0].subject == "production":
        raise UserError("Deploying to production needs a click on its button and a confirmation.")
    return gates[0]


def _fits(gate: Gate, command: Command) -> bool:
    if command.verb == "deploy":
        return (gate.kind, gate.subject) == ("deploy", command.subject)
    return gate.kind != "connection" and command.gate in (None, gate.kind)


def _nothing_fits(integration: Integration) -> str:
    choices = answers(integration.open_gates())
    if not choices:
        return "Nothing waits for a decision now."
    return f"That does not wait for a decision. What does: say {' or '.join(choices)}."


def open_connections(integration: Integration, system: str) -> list[Gate]:
    """Connections that wait for credentials; all of them where no system is named."""
    refuse_stopped(integration)
    gates = [
        gate
        for gate in integration.open_gates()
        if gate.kind == "connection" and system in ("", gate.subject)
    ]
    if not gates:
        raise UserError("No connection of that name waits for credentials now.")
    return gates
