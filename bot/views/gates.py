"""How a question to people looks: who may answer and what follows, or what became of it."""

from collections.abc import Sequence

from bot.views.message import Block
from bot.views.pieces import moment, note, people, person
from pipeline.gates import Gate

_DECIDED = {"approved": "Approved", "rejected": "Rejected"}


def asking(
    gate: Gate, on_yes: str, on_no: str = "“reject”, or a change in your own words"
) -> Block:
    """The small print under an open question."""
    return note(f"{people(gate.may_answer)} can answer. On yes: {on_yes} Otherwise say {on_no}.")


def outcome(gate: Gate) -> str:
    """What became of a question; empty while it is open."""
    if gate.state == "superseded":
        return "Replaced by a newer question below."
    if gate.answer is None:
        return ""
    decided = _DECIDED[gate.answer.decision]
    return f"*{decided}* by {person(gate.answer.actor)}, {moment(gate.answer.at)}"


def ending(gate: Gate, while_open: Sequence[Block]) -> list[Block]:
    """The end of a question's message: its buttons while it is open, then its outcome."""
    if gate.state == "open":
        return list(while_open)
    blocks = [note(outcome(gate))]
    if gate.answer is not None and gate.answer.decision == "rejected":
        blocks.append(note("Nothing was done. Say what to change, or “ask again”."))
    return blocks
