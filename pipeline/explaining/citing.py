"""A fact with what it stands on."""

from pipeline.plan.model import Fact


def cited(fact: Fact) -> str:
    """A fact with its source, grade and date; a weak one is called weak."""
    weak = " (weak)" if fact.grade in ("inferred", "unverified") else ""
    return f"{fact.text} [{fact.source}, {fact.grade}{weak}, {fact.verified_on.isoformat()}]"
