"""Opening, answering and superseding gates. Every answer is checked here, when it comes."""

from collections.abc import Sequence
from datetime import datetime

from pipeline.errors import NotAllowed, UserError
from pipeline.gates import GATE_KINDS, Answer, Decision, Gate
from pipeline.integration import Integration, new_id
from pipeline.ports import IntegrationStore
from pipeline.replies import with_gate
from pipeline.steps.step import Wanted


def unmet(integration: Integration, groups: Sequence[list[Wanted]]) -> list[Wanted]:
    """The decisions to ask for now: those of the first group that lacks an approval.

    Groups of the same kind (one connection a system) are asked together.
    """
    missing = [
        group for group in groups if not any(item.approved_in(integration) for item in group)
    ]
    if not missing:
        return []
    kind = missing[0][0].kind
    return [item for group in missing for item in group if item.kind == kind]


def open_gates(
    integration: Integration, wanted: Sequence[Wanted], store: IntegrationStore, now: datetime
) -> None:
    """Ask for the decisions that are not asked yet, and close questions that they replace."""
    fresh = [item for item in wanted if not _asked(integration, item)]
    for message in dict.fromkeys(item.message for item in fresh):
        together = [item for item in fresh if item.message == message]
        for item in together:
            _supersede(integration, item, store)
        gates = [_gate(integration, item, now) for item in together]
        integration.gates = [*integration.gates, *gates]
        integration.say(together[0].show(gates))


def _asked(integration: Integration, item: Wanted) -> bool:
    return any(
        gate.kind == item.kind
        and gate.subject == item.subject
        and gate.digest == item.digest
        and gate.state != "superseded"
        for gate in integration.gates
    )


def _gate(integration: Integration, item: Wanted, now: datetime) -> Gate:
    return Gate(
        id=new_id("gate"),
        kind=item.kind,
        subject=item.subject,
        digest=item.digest,
        message=item.message,
        blocked_by=list(item.blocked_by),
        may_answer=integration.people,
        opened_at=now,
    )


def _supersede(integration: Integration, item: Wanted, store: IntegrationStore) -> None:
    """Close open questions that the new one replaces or comes before; approvals stay on record."""
    for gate in integration.open_gates():
        replaced = (gate.kind, gate.subject) == (item.kind, item.subject)
        if replaced or GATE_KINDS.index(gate.kind) > GATE_KINDS.index(item.kind):
            _change(integration, gate.model_copy(update={"state": "superseded"}), store)


def answer_gate(
    integration: Integration,
    gate_id: str,
    actor: str,
    decision: Decision,
    store: IntegrationStore,
    now: datetime,
) -> Gate:
    """Record a decision. When it does not count, nothing changes: UserError says why."""
    gate = require_answerable(integration, gate_id, actor)
    if decision == "approved" and gate.blocked_by:
        raise UserError(f"This can't be approved yet: {' '.join(gate.blocked_by)}")
    answer = Answer(decision=decision, actor=actor, at=now, digest=gate.digest)
    closed = gate.model_copy(update={"state": "answered", "answer": answer})
    _change(integration, closed, store)
    return closed


def require_answerable(integration: Integration, gate_id: str, actor: str) -> Gate:
    """The gate, open for that person to answer. UserError says why it is not."""
    gate = integration.gate(gate_id)
    if gate is None:
        raise UserError("That question is not part of this integration.")
    if actor not in gate.may_answer:
        people = ", ".join(f"<@{person}>" for person in gate.may_answer)
        raise NotAllowed(f"Only {people} may answer this.")
    refuse_stopped(integration)
    if gate.state == "superseded":
        raise UserError("That was about an earlier version; the newest one is below.")
    if gate.state == "answered" and gate.answer is not None:
        raise UserError(f"<@{gate.answer.actor}> {gate.answer.decision} this already.")
    return gate


def refuse_stranger(integration: Integration, actor: str) -> None:
    """UserError where it is not theirs to change."""
    if actor not in integration.people:
        names = ", ".join(f"<@{person}>" for person in integration.people)
        raise UserError(f"{names} started this integration; ask them to make that change.")


def refuse_stopped(integration: Integration) -> None:
    """UserError where a person stopped it: nothing that is decided now would be done."""
    if integration.status == "stopped":
        raise UserError("This integration is stopped. Say “resume” first.")


def reopen(integration: Integration, gate: Gate, store: IntegrationStore) -> None:
    """Ask again: the old message is closed and the next advance opens a new one."""
    _change(integration, gate.model_copy(update={"state": "superseded"}), store)


def _change(integration: Integration, gate: Gate, store: IntegrationStore) -> None:
    integration.replace_gate(gate)
    said = next((reply for reply in integration.outbox if reply.key == gate.message), None)
    shown = said or store.last_reply(integration.id, gate.message)
    if shown is not None:
        integration.say(with_gate(shown, gate))
