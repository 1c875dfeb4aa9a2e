"""The few things that people type in exact words; everything else is for the analyst to read."""

import re
from typing import Literal

from pipeline.gates import GateKind
from pipeline.model import Value

Verb = Literal["approve", "reject", "stop", "resume", "retry", "mock", "deploy"]


class Command(Value):
    verb: Verb
    gate: GateKind | None = None
    subject: str = ""  # a system, or an environment


_GATES: dict[str, GateKind] = {
    "plan": "plan",
    "set-up": "set-up",
    "setup": "set-up",
    "set up": "set-up",
    "code": "code",
}
_GRAMMAR: tuple[tuple[Verb, re.Pattern[str]], ...] = (
    (
        "approve",
        re.compile(r"(?:i )?approved?(?: (?:the )?(?P<gate>plan|set-?up|set up|code))?|lgtm"),
    ),
    (
        "reject",
        re.compile(r"(?:i )?reject(?:ed)?(?: (?:the )?(?P<gate>plan|set-?up|set up|code))?"),
    ),
    ("stop", re.compile(r"(?:please )?(?:stop|cancel|abort)(?: (?:this|it|everything))?")),
    ("resume", re.compile(r"(?:resume|continue|go on)")),
    ("retry", re.compile(r"(?:retry|try again|ask again)")),
    (
        "mock",
        re.compile(r"use (?:the |a )?(?:mocks?|built-in mocks?)(?: for (?P<subject>[\w-]+))?"),
    ),
    ("deploy", re.compile(r"deploy(?: it)? (?:to|on) (?P<subject>[\w-]+)")),
)


def parse_command(text: str) -> Command | None:
    """The command, where the whole message is one; None otherwise."""
    words = " ".join(text.lower().split()).strip(" .!")
    for verb, pattern in _GRAMMAR:
        match = pattern.fullmatch(words)
        if match:
            groups = match.groupdict()
            gate = _GATES.get(groups.get("gate") or "")
            return Command(verb=verb, gate=gate, subject=groups.get("subject") or "")
    return None
