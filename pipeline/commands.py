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
        re.compile(
            r"(?:i )?approved?(?: (?:the )?(?P<gate>plan|set-?up|set up|code))?"
            r"|lgtm|looks good(?: to me)?|go ahead"
        ),
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


_HELP = re.compile(r"help(?: me)?|what can (?:i|you) (?:do|say)\??|commands|\?")


def asks_for_help(text: str) -> bool:
    """Whether a whole message asks what one can say."""
    return _HELP.fullmatch(" ".join(text.lower().split()).strip(" .!")) is not None


LiveVerb = Literal[
    "run", "replay", "logs", "events", "investigate", "pause", "resume", "roll back", "backfill",
    "promote", "delete", "summary", "customers", "add customer", "remove customer",
]  # fmt: skip


class LiveCommand(Value):
    """What people type about what is live; without an environment, the only one is meant."""

    verb: LiveVerb
    environment: str = ""
    argument: str = ""  # a workflow, a version's number, a date, how often, or a customer's name


_ON = r"(?: (?:on|in) (?P<environment>[\w-]+))?"
_LIVE_GRAMMAR: tuple[tuple[LiveVerb, re.Pattern[str]], ...] = (
    ("run", re.compile(rf"run(?: (?:it|(?P<argument>\S+)))? now{_ON}")),
    ("replay", re.compile(rf"replay(?: (?:it|them|all|the failed events|failed events))?{_ON}")),
    ("logs", re.compile(rf"(?:show (?:me )?)?(?:the )?logs?{_ON}")),
    ("events", re.compile(rf"(?:show (?:me )?)?(?:the )?(?:events|deployments?|status){_ON}")),
    ("investigate", re.compile(rf"investigate(?: (?:it|the failures?))?{_ON}")),
    ("pause", re.compile(rf"pause(?: it)?{_ON}")),
    ("resume", re.compile(rf"(?:resume|unpause)(?: it)?{_ON}")),
    (
        "roll back",
        re.compile(rf"roll ?back(?: it)?(?: to (?:version )?v?(?P<argument>\d+))?{_ON}"),
    ),
    ("backfill", re.compile(rf"backfill(?: it)?{_ON} (?:from|since) (?P<argument>\S+)")),
    ("promote", re.compile(r"promote(?: it)? to (?P<environment>[\w-]+)")),
    ("delete", re.compile(r"delete (?:it|this|this integration|the integration)")),
    ("customers", re.compile(rf"(?:list|show) (?:me )?(?:the |all |our )?customers{_ON}")),
    ("add customer", re.compile(rf"add (?:a |the )?customer (?P<argument>.+?){_ON}")),
    ("remove customer", re.compile(rf"remove (?:the )?customer (?P<argument>.+?){_ON}")),
    ("summary", re.compile(r"(?P<argument>daily|weekly|no) summar(?:y|ies)(?: please)?")),
)


def parse_live_command(text: str) -> LiveCommand | None:
    """The command about what is live, where the whole message is one; None otherwise."""
    words = " ".join(text.split()).strip(" .!")
    for verb, pattern in _LIVE_GRAMMAR:
        match = pattern.fullmatch(words.lower())
        if match:
            found = {name: value or "" for name, value in match.groupdict().items()}
            if verb == "add customer":  # a name is kept as it is written
                found["argument"] = words[slice(*match.span("argument"))]
            return LiveCommand(verb=verb, **found)
    return None


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
