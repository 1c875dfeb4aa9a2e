"""Facts and what else the catalogue knows, each with where it comes from, as Markdown."""

from collections.abc import Iterable

from pipeline.catalogue.model import SystemEntry
from pipeline.plan.markdown import escape, link
from pipeline.plan.model import Fact, Plan

_WEAK = ("inferred", "unverified")


def facts_on(plan: Plan, subjects: Iterable[str]) -> list[str]:
    wanted = set(subjects)
    return [show_fact(fact) for fact in plan.facts if fact.subject in wanted]


def show_fact(fact: Fact) -> str:
    """A fact with its source, grade and date; a weak one is called weak."""
    weak = "**Weak:** " if fact.grade in _WEAK else ""
    origin = f"[{link(fact.source)}; {fact.grade}, {fact.verified_on.isoformat()}]"
    return f"{weak}{escape(fact.text)} {origin}"


def known(entry: SystemEntry | None) -> str:
    """Where what the catalogue says of a system comes from."""
    if entry is None:
        return "[the request; unverified]"
    if entry.tier == "user":
        return "[the attached OpenAPI file; user-supplied]"
    on = f", {entry.verified_on.isoformat()}" if entry.verified_on else ""
    return f"[{link(entry.docs_url)}; vendor-doc{on}]"
