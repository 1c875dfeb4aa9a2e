"""Which system is read and which is written, from the words around their names."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.analysts.offline.clauses import CREATE, MOVE, trigger_clauses
from pipeline.analysts.offline.request import Ends, Mention
from pipeline.analysts.offline.tenants import without_connecting
from pipeline.analysts.offline.words import Span, sentences

_ARTICLE = (r"(?:(?:an?|the|our|my|your|their|its|this|that|own|new|existing|internal|company|"
            r"main|shared|all|production|central)\s+)*")  # fmt: skip
_MODIFIED = rf"{_ARTICLE}(?:[\w'\"#-]+\s+){{0,2}}?"
_FROM = re.compile(
    rf"\b(?:from|out of|off|via|of|inside of|about)\s+{_ARTICLE}$|"
    rf"\b(?:from|out of|about)\s+{_ARTICLE}[\w'-]+\s+$",
    re.I,
)
_INTO = re.compile(
    rf"\b(?:to|into|onto|in to|on to|towards?|over to|inside|within|against)\s+{_ARTICLE}$", re.I
)
_INTO_FAR = re.compile(r"\b(?:into|to)\s+(?:an?|the|our|my)\s+(?:[\w'\"#-]+\s+){1,3}(?:in|on|of)\s+"
                       rf"{_ARTICLE}$", re.I)  # fmt: skip
_IN = re.compile(rf"\b(?:in|on|at|as|using|with)\s+{_ARTICLE}$", re.I)
_CREATED = re.compile(
    rf"\b(?:{'|'.join(CREATE)})(?:s|ed|ing)?\s+(?:me |us )?"
    r"(?:an?|one|the corresponding|a matching|a new)\s+(?:new\s+)?$",
    re.I,
)
_MADE = re.compile(r"\b(?:create|open|raise|file|make|generate|draft|issue)s?\s+(?:new\s+)?$", re.I)
_GOT = re.compile(r"\b(?:get|send|post|receive|want|need|have)(?: us| me| out)?\s+(?:an?)\s+"
                  r"(?:[\w-]+\s+)?$", re.I)  # fmt: skip
_WITH = re.compile(r"\s*(?:and|&|\+|with)\s*(?:our |the |my )?", re.I)
_LISTED = re.compile(r"\s*(?:,|,? and|,? or|&|\+|/)\s*(?:our |the |my |in )?", re.I)
_PLACED = re.compile(r"[#\"'][\w\"'-]+\s*\($")  # “in #finance (Acme)”
_TOLD = re.compile(
    r"\b(?:notify|ping|alert|message|update|tell|via|over|through)\s+"
    rf"(?:\w+\s+){{0,3}}?(?:in|on|via|over|through|by)?\s*{_ARTICLE}$",
    re.I,
)
_TAKEN = re.compile(
    rf"\b(?:{'|'.join(MOVE)}|add)(?:s|es|ed|ing)?\s+(?:over\s+)?(?:(?:all|any|each|every|new|our|"
    rf"the|"
    r"my|their|these|those|only|yesterday's|today's|recent|latest|incoming|open|closed|paid|"
    r"unpaid|completed|active)\s+)*$",
    re.I,
)
_BOTH = re.compile(
    r"\b(?:both (?:ways|directions|sides)|either (?:way|direction)|two[- ]?ways?|2[- ]?ways?|"
    r"bi-?directional(?:ly)?|in both|vice[- ]versa|and back(?: again)?(?=[.,;]|$)|"
    r"back and forth|each other|in sync\b.{0,40}\bwith each|mirror each)\b|↔",
    re.I,
)
_OPEN = re.compile(
    r"\b(?:between|in sync|synchroni[sz]ed|sync(?:ed|hroni[sz]e)?|connect|integrate|link|bridge|"
    r"hook up|tie|the same|aligned|consistent)\b",
    re.I,
)
_EQUAL = re.compile(
    r"\b(?:should|must|have to|need to|to)\s+(?:always\s+)?(?:match|agree|be (?:the same|equal|"
    r"identical)|stay (?:the same|equal|aligned))\b",
    re.I,
)
_JOINED = re.compile(
    r"\b(?:connect|integrate|link|bridge|hook up|tie)\b(?!.*\b(?:new|as|become))", re.I | re.S
)
_KEPT = re.compile(
    r"\bkeep\b.{0,80}\b(?:in sync|synchroni[sz]ed|the same|aligned|consistent|identical)\b", re.I
)
_DESCRIBED = re.compile(
    r"\b(?:spec\w*|docs?|documentation|openapi|swagger|schema)(?: file)?\s+"
    rf"(?:of|for|from)\s+{_ARTICLE}"
    r"(?:[\w-]+\s+)?$",
    re.I,
)
_LEADS = re.compile(
    r"\s*(?:\(|is |being |as )\s*(?:the |our |always )*(?:master|source of truth|leading|leader|"
    r"primary|truth|golden source|source)\b",
    re.I,
)
_BECOMES = re.compile(
    rf"\b(?:becom(?:e|es|ing)|turn(?:s|ed)? into|end up (?:in|as)|land in|show up in|appear in|"
    rf"arrive in|needs?(?: to be)?)\s+{_ARTICLE}$",
    re.I,
)
_RESIDING = re.compile(
    r"^\W*(?:(?:hey|hi|please|so|and)\W+)*"
    r"(?:all|new|every|each|any|when(?:ever)?(?: an?)?(?: new)?)\s+"
    rf"(?:[\w-]+\s+){{1,3}}(?:in|on|of)\s+{_ARTICLE}$",
    re.I,
)
_FOLLOWED = re.compile(
    rf"\b(?:should|must|shall|to|will)\s+(?:always\s+)?(?:follow|mirror|reflect|copy|track)\s+{_ARTICLE}$",
    re.I,
)
_MESSENGERS = ("messaging", "email")
_THROUGH = re.compile(
    r"\b(?:text|sms|e-?mail|mail|message|whatsapp|notify|send|ping|alert|tell|call|dm)\b"
    r"(?:(?!\b(?:come|comes|came|arriv\w*|receiv\w*)\b)[^.;])*"
    rf"\b(?:via|over|through|using|by|with)\s+{_ARTICLE}$|"
    r"(?:^|[.;,:]|\b(?:then|and|please))\s*(?:text|sms|e-?mail)\s+(?:the|our|each|every|all|them|"
    rf"him|her|people|customers?|users?)\b[^.;]*\bfrom\s+{_ARTICLE}$",
    re.I,
)
_CONSULTED = re.compile(
    rf"\b(?:look(?:s|ed|ing)?\s+(?:[\w' -]+\s+)?up|enrich\w*\b[^.;]*?|complete[sd]?\b[^.;]*?)\s*"
    rf"\b(?:in|on|at|with|from|via|using|by|through|against)\s+(?:data\s+|details\s+)?(?:from\s+|of\s+)?"
    rf"{_ARTICLE}$",
    re.I,
)
_BACK = re.compile(
    r"\b(?:back (?:on|to|onto|into|in|at)\b|(?:write|post|put|send|save|store|push|add)s? "
    r"(?:[\w' -]+? )?back\b|write[- ]?back\b|update the original\b)",
    re.I,
)


def read_ends(text: str, mentions: Sequence[Mention]) -> Ends:
    """Sources and targets among the systems named; in doubt the first named is read."""
    consulted = _consulted(text, mentions)
    mentions = [one for one in mentions if one.system not in consulted]
    return replace(_ends(text, mentions), consulted=consulted)


def _consulted(text: str, mentions: Sequence[Mention]) -> list[str]:
    """Systems in which something is only looked up on the way; two others are the ends."""
    others = dict.fromkeys(
        one.system for one in mentions if not _CONSULTED.search(text[: one.start])
    )
    asked = dict.fromkeys(one.system for one in mentions if one.system not in others)
    return list(asked) if len(others) >= 2 else []


def _ends(text: str, mentions: Sequence[Mention]) -> Ends:
    names = list(dict.fromkeys(mention.system for mention in mentions))
    if not names:
        return Ends([], [], clear=False)
    triggers = trigger_clauses(text)
    scores, last = dict.fromkeys(names, 0.0), 0.0
    for index, mention in enumerate(mentions):
        before = mentions[index - 1].end if index else 0
        leaning = _leaning(text, mention, before, triggers)
        if index and not leaning and _LISTED.fullmatch(text, before, mention.start):
            leaning = last  # “in A or B”, “notify A and B”
        scores[mention.system] += leaning
        last = leaning
    if len(names) == 1:
        return _alone(names[0], scores[names[0]])
    both = bool(_BOTH.search(text))
    clear = max(scores.values()) - min(scores.values()) >= 1.5
    paired = _paired(text, mentions)
    # “Connect A to B” says nothing of the direction; that customers connect theirs, even less.
    connected = without_connecting(text)
    joined = paired or bool(_JOINED.search(connected))
    kept = bool(_KEPT.search(text) or _EQUAL.search(text))
    if both or kept or ((joined or (not clear and _OPEN.search(connected))) and not triggers):
        return Ends(names[:1], names[1:], both_ways=True, clear=both)
    sources, targets = _sides(names, scores)
    back = _goes_back(text, mentions, sources)
    return Ends(sources, targets, write_back=back, clear=clear)


def _goes_back(text: str, mentions: Sequence[Mention], sources: Sequence[str]) -> bool:
    """Whether something goes back to a source: “back” to a target is but another word for to."""
    for match in _BACK.finditer(text):
        stop = re.compile(r"[.;\n]|$").search(text, match.end())
        end = stop.start() if stop else len(text)
        named = [one.system for one in mentions if match.end() <= one.start < end][:1]
        if not named or named[0] in sources:
            return True
    return False


def together(parts: Sequence[Ends]) -> Ends:
    """The ends of several workflows of one request."""
    return Ends(
        sources=list(dict.fromkeys(name for part in parts for name in part.sources)),
        targets=list(dict.fromkeys(name for part in parts for name in part.targets)),
        write_back=any(part.write_back for part in parts),
        clear=all(part.clear for part in parts),
    )


def _paired(text: str, mentions: Sequence[Mention]) -> bool:
    """“sync A and B”: both are named in one breath, and nothing says which comes first."""
    return any(
        re.search(r"\bsync\w*\s+(?:our |the |my )?$", text[: one.start], re.I)
        and _WITH.fullmatch(text, one.end, two.start)
        for one, two in zip(mentions, mentions[1:], strict=False)
    )


def _alone(name: str, score: float) -> Ends:
    return Ends([], [name], clear=False) if score < 0 else Ends([name], [], clear=False)


def _sides(names: list[str], scores: dict[str, float]) -> tuple[list[str], list[str]]:
    """Positive scores are sources. Where all lean one way, the least sure one gives in."""
    sources = [name for name in names if scores[name] > 0]
    if not sources:
        sources = [max(names, key=lambda name: scores[name])]
    targets = [name for name in names if name not in sources]
    if not targets:
        last = min(reversed(names), key=lambda name: scores[name])
        sources, targets = [name for name in sources if name != last], [last]
    return sources, targets


def _leaning(text: str, mention: Mention, earlier: int, triggers: list[Span]) -> float:
    """How strongly one mention says “source” (positive) or “target” (negative)."""
    start = max(earlier, _sentence_start(text, mention.start))
    left, right = _PLACED.sub("", text[start : mention.start]), text[mention.end : mention.end + 40]
    if any(span.holds(mention.start) for span in triggers):
        return 3.0
    side = _side_of_arrow(text, mention)
    if side:
        return side
    if _is_auth(right, left):
        return 0.0
    if _DESCRIBED.search(left):
        return 0.0
    if _LEADS.match(right):
        return 6.0
    if mention.entry is not None and mention.entry.entities and not mention.entry.operations:
        return 3.0  # it takes nothing in
    if _is_messenger(mention) and _THROUGH.search(left):
        return -3.0
    return _by_words(left, right)


def _side_of_arrow(text: str, mention: Mention) -> float:
    """Before the first arrow of its sentence a system is read, behind it written; 0 for neither."""
    sentence = next((one for one in sentences(text) if one.holds(mention.start)), None)
    if sentence is None or re.search(r"\bmap", text[sentence.start : sentence.end], re.I):
        near = text[mention.end : mention.end + 4].lstrip(), text[: mention.start].rstrip()
        return 3.0 if near[0].startswith("→") else -3.0 if near[1].endswith("→") else 0.0
    arrow = text.find("→", sentence.start, sentence.end)
    return 0.0 if arrow < 0 else 3.0 if mention.start < arrow else -3.0


def _is_messenger(mention: Mention) -> bool:
    return mention.entry is not None and mention.entry.kind in _MESSENGERS


def _by_words(left: str, right: str) -> float:
    if _FROM.search(left) or _RESIDING.search(left) or _FOLLOWED.search(left):
        return 3.0
    if _BECOMES.search(left):
        return -3.0
    if _INTO.search(left) or _INTO_FAR.search(left):
        return -3.0
    if _CREATED.search(left) or _GOT.search(left):
        return -3.0
    if _TAKEN.search(left):
        return 2.0
    if _MADE.search(left):
        return -2.0
    if re.search(r"\b(?:new|each|every|all|any)\s+(?:\w+\s+)?$", left, re.I):
        return 2.0
    if _IN.search(left) or _TOLD.search(left):
        return -1.5
    return 0.5 if re.match(r"'s\b", right) else 0.0


def _is_auth(right: str, left: str) -> bool:
    """Whether a mention only says how to sign in there: “OAuth 2.0 for QuickBooks”."""
    near = left[-60:]
    return bool(
        re.search(r"\b(?:oauth|api[- ]?key|token|basic auth|auth\w*|credentials?)\b[^.;,]*"
                  r"\b(?:for|with|on|to|by|in)\s+(?:\w+\s+)?$", near, re.I)
        or re.match(r"\s*(?:uses|using|via|with|by|over|:|\()\s*(?:an? )?(?:oauth|api[- ]?key|"
                    r"token|"
                    r"basic|key|auth)", right, re.I)
    )  # fmt: skip


def _sentence_start(text: str, position: int) -> int:
    return max((span.start for span in sentences(text) if span.start <= position), default=0)
