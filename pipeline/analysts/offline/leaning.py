"""Whether one mention of a system says that it is read or that it is written."""

import re

from pipeline.analysts.offline.clauses import CREATE, MOVE
from pipeline.analysts.offline.request import MESSENGERS, Mention
from pipeline.analysts.offline.words import Span, sentences

ARTICLE = (r"(?:(?:an?|the|our|my|your|their|its|this|that|own|new|existing|internal|company|"
            r"main|shared|all|production|central)\s+)*")  # fmt: skip
_FROM = re.compile(
    rf"\b(?:from|out of|off|via|of|inside of|about)\s+{ARTICLE}$|"
    rf"\b(?:from|out of|about)\s+{ARTICLE}[\w'-]+\s+$",
    re.I,
)
_INTO = re.compile(
    rf"\b(?:to|into|onto|in to|on to|towards?|over to|inside|within|against)\s+{ARTICLE}$", re.I
)
_INTO_FAR = re.compile(r"\b(?:into|to)\s+(?:an?|the|our|my)\s+(?:[\w'\"#-]+\s+){1,3}(?:in|on|of)\s+"
                       rf"{ARTICLE}$", re.I)  # fmt: skip
_REMOVED = re.compile(  # what is removed from a system is written there
    rf"(?<!to )\b(?:remove|delete|unsubscribe|erase|purge)\s+[^.,;]{{1,40}}\bfrom\s+{ARTICLE}$",
    re.I,
)
_EACH = re.compile(r"\b(?:new|each|every|all|any)\s+(?:\w+\s+)?$", re.I)
_IN = re.compile(rf"\b(?:in|on|at|as|using|with)\s+{ARTICLE}$", re.I)
_CREATED = re.compile(
    rf"\b(?:{'|'.join(CREATE)})(?:s|ed|ing)?\s+(?:me |us )?"
    r"(?:an?|one|the corresponding|a matching|a new)\s+(?:new\s+)?$",
    re.I,
)
_MADE = re.compile(r"\b(?:create|open|raise|file|make|generate|draft|issue)s?\s+(?:new\s+)?$", re.I)
_GOT = re.compile(r"\b(?:get|send|post|receive|want|need|have)(?: us| me| out)?\s+(?:an?)\s+"
                  r"(?:[\w:-]+\s+){0,3}$", re.I)  # fmt: skip
_PLACED = re.compile(r"[#\"'][\w\"'-]+\s*\($")  # “in #finance (Acme)”
_TOLD = re.compile(
    r"\b(?:notify|ping|alert|message|update|tell|via|over|through)\s+"
    rf"(?:\w+\s+){{0,3}}?(?:in|on|via|over|through|by)?\s*{ARTICLE}$",
    re.I,
)
_TAKEN = re.compile(
    rf"\b(?:{'|'.join(MOVE)}|add)(?:s|es|ed|ing)?\s+(?:over\s+)?(?:(?:all|any|each|every|new|our|"
    rf"the|"
    r"my|their|these|those|only|yesterday's|today's|recent|latest|incoming|open|closed|paid|"
    r"unpaid|completed|active)\s+)*$",
    re.I,
)
_DESCRIBED = re.compile(
    r"\b(?:spec\w*|docs?|documentation|openapi|swagger|schema)(?: file)?\s+"
    rf"(?:of|for|from)\s+{ARTICLE}"
    r"(?:[\w-]+\s+)?$",
    re.I,
)
_LEADS = re.compile(
    r"\s*(?:\(|is |being |as )\s*(?:the |our |always )*(?:master|source of truth|leading|leader|"
    r"primary|truth|golden source|source)\b",
    re.I,
)
_BECOMES = re.compile(
    r"\b(?:becom(?:e|es|ing)|turn(?:s|ed)? into|end up as|"
    r"(?:end up|land|show up|appear|arrive|live|go|be)"
    rf"(?: as [\w -]{{1,30}}?)? in|needs? to be)\s+{ARTICLE}$|\bneeds?\s+(?:an?|its|their)\s+$",
    re.I,
)
_RESIDING = re.compile(
    r"^\W*(?:(?:hey|hi|please|so|and)\W+)*"
    r"(?:all|new|every|each|any|when(?:ever)?(?: an?)?(?: new)?)\s+"
    rf"(?:[\w-]+\s+){{1,3}}(?:in|on|of)\s+{ARTICLE}$",
    re.I,
)
_ABOUT_THERE = re.compile(  # “Acme: when …”
    r"\s*:\s*(?:when(?:ever)?|if|once|every|each|on|new|after|as soon as)\b", re.I
)
_DONE_THERE = re.compile(
    rf"^\W*(?:(?!(?:be|is|are|was|must|should|shall|to)\b)[\w-]+\s+){{1,3}}"
    rf"(?:\w+ed|paid|won|lost|sent|made)\s+(?:in|on|at)\s+{ARTICLE}$",
    re.I,
)
_AS = re.compile(r"(?<!soon )(?<!same )\bas\s+(?:an?\s+)?(?:new\s+)?$", re.I)
_FOLLOWED = re.compile(
    r"\b(?:(?:should|must|shall|to|will)\s+(?:always\s+)?|(?=follow))"
    rf"(?:follow|mirror|reflect|copy|track)\s+{ARTICLE}$",
    re.I,
)
_LISTING = re.compile(
    r"\b(?:listing|showing|with|about|summari[sz]ing|of)\s+"
    r"(?:all |the |any |every |new |overdue |open )*$",
    re.I,
)
_THROUGH = re.compile(
    r"\b(?:text|sms|e-?mail|mail|message|whatsapp|notify|send|ping|alert|tell|call|dm)\b"
    r"(?:(?!\b(?:come|comes|came|arriv\w*|receiv\w*)\b)(?:[^.;]|\.(?=\w)))*"
    rf"\b(?:via|over|through|using|by|with|per)\s+{ARTICLE}$|"
    r"(?:^|[.;,:]|\b(?:then|and|please))\s*(?:text|sms|e-?mail)\s+(?:the|our|each|every|all|them|"
    rf"him|her|people|customers?|users?)\b[^.;]*\bfrom\s+{ARTICLE}$",
    re.I,
)


def leaning_of(text: str, mention: Mention, earlier: int, triggers: list[Span]) -> float:
    """How strongly one mention says “source” (positive) or “target” (negative)."""
    start = max(earlier, _sentence_start(text, mention.start))
    left, right = _PLACED.sub("", text[start : mention.start]), text[mention.end : mention.end + 40]
    if any(span.holds(mention.start) for span in triggers):
        return 3.0
    if text[mention.start : mention.end].lower() == "there":
        return -3.0
    side = _side_of_arrow(text, mention)
    if side:
        return side
    if _is_auth(right, left):
        return 0.0
    if _DESCRIBED.search(left):
        return 0.0
    if _LEADS.match(right):
        return 6.0
    if _ABOUT_THERE.match(text[mention.end :]) and not left.strip(" -*•>"):
        return 3.0
    if mention.entry is not None and mention.entry.entities and not mention.entry.operations:
        return 3.0  # it takes nothing in
    if _is_messenger(mention) and _THROUGH.search(
        text[_sentence_start(text, mention.start) : mention.start]
    ):
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
    return mention.entry is not None and mention.entry.kind in MESSENGERS


# What stands before a name, and how far it says that the system is read (or, negative, written);
# the first that fits says it.
_BEFORE: tuple[tuple[re.Pattern[str], float], ...] = (
    (_FOLLOWED, 6.0), (_REMOVED, -3.0), (_FROM, 3.0), (_RESIDING, 3.0), (_DONE_THERE, 3.0),
    (_AS, -3.0), (_LISTING, 2.0), (_BECOMES, -3.0), (_INTO, -3.0), (_INTO_FAR, -3.0),
    (_CREATED, -3.0), (_GOT, -3.0), (_TAKEN, 2.0), (_MADE, -2.0), (_EACH, 2.0), (_IN, -1.5),
    (_TOLD, -1.5),
)  # fmt: skip


def _by_words(left: str, right: str) -> float:
    said = next((weight for pattern, weight in _BEFORE if pattern.search(left)), None)
    return said if said is not None else 0.5 if re.match(r"'s\b", right) else 0.0


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
