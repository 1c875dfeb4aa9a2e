"""Requests for many tenants: each end user connects their own account."""

import re
from collections.abc import Sequence

from pipeline.analysts.offline.request import Mention

_WHO = r"(?:customers?|clients?|tenants?|users?|merchants?|sellers?|partners?|accounts?|members?|vendors?|brands?|agencies|agency|teams?|subscribers?)"  # noqa: E501
_MANY = re.compile(
    rf"\b(?:our|my|the|all|each|every|any)\s+(?:of (?:our|my) )?(?:\w+ )?{_WHO}\b[^.;]{{0,60}}"
    r"\b(?:their own|own|themselves|connects?|log(?:s|ging)? in|authori[sz]es?|links?|bring)\b|"
    rf"\b(?:for|per) (?:each|every) (?:of (?:our|my) )?(?:end[- ]?)?(?:customer|client|tenant|"
    r"merchant|seller|end[- ]?user)(?:'s)?\b(?= (?:push|sync|copy|send|own|separately|we|"
    r"account)|'s|,)|"
    r"\bmulti[- ]?tenant\b|\bwhite[- ]?label|\bper[- ](?:customer|tenant|client|merchant)\b|"
    rf"\btheir own\b|\beach (?:customer|client|tenant|merchant|seller)'s\b",
    re.I,
)
_OWN = re.compile(
    r"\b(?:their|his|her|customers?'s?|clients?'s?|merchants?'s?|tenants?'s?|users?'s?)(?: own)?\s+"
    r"(?:\w+\s+)?$",
    re.I,
)


def read_tenants(text: str, mentions: Sequence[Mention]) -> list[str] | None:
    """Systems that each end user connects; None where the request is for one user alone."""
    if not _MANY.search(text):
        return None
    own = [mention.system for mention in mentions
           if _OWN.search(text[max(0, mention.start - 40) : mention.start])]  # fmt: skip
    return list(dict.fromkeys(own or [mention.system for mention in mentions[:1]]))


def without_tenants(text: str) -> str:
    """The text with the people who connect blanked out, every position kept."""
    return re.sub(rf"\b(?:our|my|each|every|all|any|per|the)\s+(?:of (?:our|my) )?{_WHO}\b",
                  lambda match: " " * len(match[0]), text, flags=re.I)  # fmt: skip
