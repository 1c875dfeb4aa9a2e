"""Which system is read and which is written, from the words around their names."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.analysts.offline.clauses import trigger_clauses
from pipeline.analysts.offline.leaning import ARTICLE, leaning_of
from pipeline.analysts.offline.request import MESSENGERS, Ends, Mention
from pipeline.analysts.offline.tenants import without_connecting
from pipeline.analysts.offline.words import Span

_WITH = re.compile(r"\s*(?:and|&|\+|with)\s*(?:our |the |my )?", re.I)
_LISTED = re.compile(r"\s*(?:,|,? and|,? or|&|\+|/)\s*(?:our |the |my |in )?", re.I)
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
    r"\b(?:connect|integrate|link|bridge|hook up|tie|(?:talk|speak)(?:ing)? (?:to|with))\b"
    r"(?!.*\b(?:new|as|become))",
    re.I | re.S,
)
_KEPT = re.compile(
    r"\bkeep\b.{0,80}\b(?:in sync|synchroni[sz]ed|the same|aligned|consistent|identical)\b", re.I
)
_CONSULTED = re.compile(
    rf"\b(?:(?:look(?:s|ed|ing)?\s+(?:[\w' -]+\s+)?up|lookup|find|search(?: for)?|fetch)"
    rf"(?:\s+[\w' -]+?)?|enrich\w*\b[^.;]*?)\s*"
    rf"\b(?:in|on|at|with|from|via|using|by|through|against)\s+(?:data\s+|details\s+)?(?:from\s+|of\s+)?"
    rf"{ARTICLE}$",
    re.I,
)
_LOOKED_UP = re.compile(r"\s+(?:is |are |being )?(?:looked up|found|matched|fetched)\b", re.I)
_LOOKING = re.compile(
    r"\b(?:look\w*\b[^.;\n]*?\bup|lookup|find|fetch|(?:with|and) [^.;\n,]*?\blooked up)\b[^.;\n]*",
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
    ends = _ends(text, mentions)
    return replace(ends, consulted=list(dict.fromkeys([*consulted, *ends.consulted])))


def _consulted(text: str, mentions: Sequence[Mention]) -> list[str]:
    """Systems in which something is only looked up on the way; two others are the ends."""
    others = dict.fromkeys(
        one.system for one in mentions
        if not _CONSULTED.search(text[: one.start]) and not _LOOKED_UP.match(text[one.end :])
    )  # fmt: skip
    asked = dict.fromkeys(one.system for one in mentions if one.system not in others)
    return list(asked) if len(others) >= 2 else []


def without_looking_up(text: str) -> str:
    """The text without how something is looked up on the way: its key is not the record's."""
    return _LOOKING.sub(lambda match: " " * len(match[0]), text)


def _beside_the_trigger(
    mentions: Sequence[Mention], sources: Sequence[str], triggers: list[Span]
) -> list[str]:
    """Sources that start nothing while another does: something is fetched from them on the way."""
    starting = {
        one.system for one in mentions if any(span.holds(one.start) for span in triggers)
    } & set(sources)
    return [name for name in sources if name not in starting] if starting else []


def _ends(text: str, mentions: Sequence[Mention]) -> Ends:
    names = list(dict.fromkeys(mention.system for mention in mentions))
    if not names:
        return Ends([], [], clear=False)
    triggers = trigger_clauses(text)
    scores, last = dict.fromkeys(names, 0.0), 0.0
    for index, mention in enumerate(mentions):
        before = mentions[index - 1].end if index else 0
        leaning = leaning_of(text, mention, before, triggers)
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
    open_ended = joined or (not clear and bool(_OPEN.search(connected)))
    # What has been said to people, nobody keeps the same as records; an arrow has one direction.
    messengers = {one.system for one in mentions if one.entry and one.entry.kind in MESSENGERS}
    one_way = len(set(names) - messengers) < 2 or "→" in text
    if both or (not one_way and (kept or (open_ended and not triggers))):
        return Ends(names[:1], names[1:], both_ways=True, clear=both)
    sources, targets = _sides(names, scores)
    back = _goes_back(text, mentions, sources)
    beside = _beside_the_trigger(mentions, sources, triggers)
    sources = [name for name in sources if name not in beside]
    return Ends(sources, targets, write_back=back, clear=clear, consulted=beside)


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
        consulted=list(dict.fromkeys(name for part in parts for name in part.consulted)),
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
