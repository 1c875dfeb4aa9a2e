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
    r"\b(?:each|every one|all) of (?:our|my) \w+s\b (?:connects?|links?|logs? in|has|have)\b"
    r"[^.;]{0,20}\b(?:its|their) own\b|"
    r"\bmulti[- ]?tenant\b|\bwhite[- ]?label|\bper[- ](?:customer|tenant|client|merchant)\b|"
    rf"\btheir own\b|\beach (?:customer|client|tenant|merchant|seller)'s\b",
    re.I,
)
_OWN = re.compile(
    r"\b(?:its own|their|his|her|customers?'s?|clients?'s?|merchants?'s?|tenants?'s?|users?'s?)"
    r"(?: own)?\s+"
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


def without_connecting(text: str) -> str:
    """The text without what people connect by themselves: “they connect their own account”."""
    who = rf"\b(?:{_WHO}|they|who|will|to|that)"
    return re.sub(rf"{who}\s+(?:each |will |can )*(?:connects?|links?)\b",
                  lambda match: " " * len(match[0]), text, flags=re.I)  # fmt: skip


def without_tenants(text: str) -> str:
    """The text with the people who connect blanked out, every position kept."""
    who = rf"\b(?:our|my|each|every|all|any|per|the)\s+(?:of (?:our|my) )?{_WHO}\b"
    who += r"|\b(?:each|every one|all) of (?:our|my) \w+s\b"
    who += r"(?= (?:connects?|links?|logs? in|has|have)\b)"
    what = r"(?<=\w) (?:accounts?|stores?|shops?|workspaces?|compan(?:y|ies))\b"
    what += r"(?=[^.;]{0,12}(?:[.;:,]|$))"
    own = rf"\b(?:their|own)\b[^.;,:]{{0,30}}?(?P<what>{what})"
    text = re.sub(who, lambda match: " " * len(match[0]), text, flags=re.I)
    return re.sub(own, lambda match: match[0][: -len(match["what"])] + " " * len(match["what"]),
                  text, flags=re.I)  # fmt: skip
