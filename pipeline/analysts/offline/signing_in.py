"""How to sign in at each system, as the text asks for it."""

import re
from collections.abc import Sequence

from pipeline.analysts.offline.request import Mention
from pipeline.catalogue.model import SystemEntry
from pipeline.plan.model import Auth, AuthType, Grant

_SCHEMES: list[tuple[re.Pattern[str], AuthType, Grant | None]] = [
    (re.compile(r"\bclient[ _-]?credentials?\b|\bmachine[ -]to[ -]machine\b|\b2-legged\b", re.I),
     "oauth2", "client-credentials"),
    (re.compile(r"\b(?:resource owner )?password grant\b", re.I), "oauth2", "password"),
    (re.compile(r"\bauthori[sz]ation[ -]code\b|\b3-legged\b|\bpkce\b", re.I),
     "oauth2", "authorization-code"),
    (re.compile(r"\bo-?auth(?:\s*-?2(?:\.0)?|2)?\b", re.I), "oauth2", None),
    (re.compile(r"\bbasic[ -]?auth\w*|\be-?mail(?: address)? (?:and|&|/|\+) (?:an? )?"
                r"(?:api )?(?:token|key|password)\b|\b(?:consumer|client) keys?\b|"
                r"\b(?:account )?sid (?:and|&|/|\+)|"
                r"\bhttp basic\b|\busername (?:and|&|/|\+) password\b", re.I),
     "basic-auth", None),
    (re.compile(r"\b(?:api|access|secret|private|personal access|app|admin api|bot|bearer)[ -]?"
                r"(?:access )?(?:keys?|tokens?)\b|\bPAT\b|\btoken auth\w*", re.I),
     "api-key", None),
    (re.compile(r"\bhmac\b", re.I), "hmac", None),
    (re.compile(r"\b(?:mtls|mutual tls|client certificate)\b", re.I), "certificate", None),
    (re.compile(r"\b(?:no auth\w*|without auth\w*|unauthenticated)\b", re.I), "none", None),
]  # fmt: skip
_ALL = re.compile(r"\b(?:both|all|each|either|everything|everywhere|the two)\b", re.I)


def read_auth(text: str, mentions: Sequence[Mention]) -> dict[str, tuple[AuthType, Grant | None]]:
    """System -> the scheme and grant that the text names for it; others are left out."""
    found: dict[str, tuple[AuthType, Grant | None]] = {}
    names = list(dict.fromkeys(mention.system for mention in mentions))
    for start, end, kind, grant in schemes(text):
        owners = _owners(text, start, end, mentions) or (
            names
            if _ALL.search(text[end : end + 30]) or _ALL.search(text[max(0, start - 30) : start])
            else []
        )
        for owner in owners:
            old = found.get(owner)
            if old is None or (old[0] == kind and old[1] is None):
                found[owner] = (kind, grant)
    return found


def schemes(text: str) -> list[tuple[int, int, AuthType, Grant | None]]:
    """Schemes with their places; a grant next to “OAuth” is one with it."""
    found: list[tuple[int, int, AuthType, Grant | None]] = []
    for pattern, kind, grant in _SCHEMES:
        for match in pattern.finditer(text):
            near = next((one for one in found if one[2] == kind and one[1] >= match.start() - 4
                         and one[0] <= match.end() + 4), None)  # fmt: skip
            if near is None:
                found.append((match.start(), match.end(), kind, grant))
            else:
                wide = (min(near[0], match.start()), max(near[1], match.end()))
                found[found.index(near)] = (*wide, near[2], near[3])
    return sorted(found, key=lambda one: one[0])


def _owners(text: str, start: int, end: int, mentions: Sequence[Mention]) -> list[str]:
    """Systems that a scheme belongs to: “X for A and B”, “A with X”, “A (X)”."""
    behind = text[end : end + 80]
    link = re.match(r"\s*(?:\([^)]*\)\s*)?(?:grant |flow |auth\w* |login |key |token )*"
                    r"(?:for|on|with|to|at|in|against)\b\s*", behind, re.I)  # fmt: skip
    if link and _ALL.match(text[end + link.end() :]):
        return []
    if link:
        return _listed(text, end + link.end(), mentions)
    before = [mention for mention in mentions if mention.end <= start]
    between = text[before[-1].end : start] if before else ""
    if before and len(between) <= 40 and not re.search(r"[.;!?\n]", between):
        return [before[-1].system]
    return []


def _listed(text: str, position: int, mentions: Sequence[Mention]) -> list[str]:
    owners: list[str] = []
    for mention in mentions:
        gap = text[position : mention.start]
        joined = re.fullmatch(r"\s*(?:,|and|&|\+|,\s*and)?\s*(?:the|our|my)?\s*", gap, re.I)
        if mention.start >= position and joined:
            owners.append(mention.system)
            position = mention.end
    return owners


_KEYS = ("api-key", "basic-auth")


def scheme(entry: SystemEntry | None, wanted: tuple[AuthType, Grant | None] | None) -> Auth:
    """The catalogue's scheme that fits what was asked for; its usual one where nothing was."""
    schemes = entry.auth if entry else []
    if wanted is None:
        return schemes[0] if schemes else Auth(type="api-key")
    kind, grant = wanted
    fitting = [one for one in schemes if one.type == kind and grant in (None, one.grant)]
    if fitting:
        codes = [one for one in fitting if one.grant == "authorization-code"]
        return codes[0] if kind == "oauth2" and grant is None and codes else fitting[0]
    beside = [one for one in schemes if one.type in _KEYS and kind in _KEYS]
    if beside:  # a pair of keys is basic auth here, an API key there: the API decides
        return beside[0]
    return Auth(type=kind, grant=grant or ("authorization-code" if kind == "oauth2" else None))
