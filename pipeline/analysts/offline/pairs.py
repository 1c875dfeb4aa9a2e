"""Maps that people write down: “Map: firstname → FirstName”, “amount as total”."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.analysts.offline.request import Mention, Pair
from pipeline.analysts.offline.words import Span, sentences

_FIELD = r"[A-Za-z_$][\w.\[\]/$-]*(?: [\w.\[\]/$-]+){0,4}"
_HEAD = re.compile(
    r"\b(?:field )?(?:map(?:ping|pings|ped)?|fields?)\b\s*(?:the )?(?:fields?|columns?|properties)?"
    r"\s*(?:are|is|as follows|like this|like so)?\s*:?\s*",
    re.I,
)
_ARROW = re.compile(r"^(?P<source>\"[^\"]+\"|.+?)\s*→\s*(?P<target>.+)$")
_WORDS = re.compile(
    r"^(?:map\s+|use\s+|put\s+|copy\s+)?(?:the |its |their )?(?P<source>\"[^\"]+\"|.+?)\s+"
    r"(?:to|as|into|in|onto|goes (?:in)?to|becomes|=>)\s+(?:the |its |their )?(?P<target>.+)$",
    re.I,
)
_EQUALS = re.compile(rf"^(?P<target>{_FIELD})\s*(?:=|:|←|<-)\s*(?P<source>\"[^\"]+\"|.+)$", re.I)
_SET = re.compile(
    rf"\bset (?:the )?(?P<target>{_FIELD}?)\s+(?:to|as|=)\s+(?P<source>\"[^\"]+\"|'[^']+'|true\b|"
    rf"false\b|\d+(?:\.\d+)?(?=\s*(?:$|[.,;)])))",
    re.I,
)
# “subject = "Website form"”
_IS_TEXT = re.compile(
    rf"(?:^|[;,(.:]\s*|\b(?:with|and|set)\s+)(?:the )?(?P<target>{_FIELD}?)\s*=\s*"
    r"(?P<source>\"[^\"]+\")",
    re.I,
)
_ITEM = r"[A-Za-z_][\w.\[\]]*(?: [\w.\[\]]+){0,3}?"
_TENTATIVE = re.compile(
    rf"^(?:(?:map|put|use|write|copy|with|and|the|set)\s+)*(?:(?P<into>{_ITEM})\s+"
    rf"(?:to|into|as|in|becomes|goes (?:in)?to)\s+(?:the |its )?(?P<target>{_ITEM})|"
    rf"(?P<set>{_ITEM})\s*(?:=|←)\s*(?P<equal>{_ITEM}))$",
    re.I,
)


def read_pairs(text: str, mentions: Sequence[Mention]) -> list[Pair]:
    """Explicit maps in the order of the text; the names of systems are taken off."""
    found = [*_arrows(text, mentions), *_mapped(text, mentions)]
    found += [Pair(_bare(match["source"]), match["target"], True) for match in _SET.finditer(text)]
    found += [Pair(_bare(match["source"]), match["target"].strip(), True)
              for match in _IS_TEXT.finditer(text)]  # fmt: skip
    said = {(pair.source, pair.target) for pair in found}
    found += [one for one in _beside(text, mentions) if (one.source, one.target) not in said]
    return list(dict.fromkeys(found))


def _beside(text: str, mentions: Sequence[Mention]) -> Iterator[Pair]:
    """“put name into Title and total = amount”: items of a list that may be maps."""
    for piece in re.split(r"\s*(?:[,;()\n]|\.\s|\.$|:\s|\band\b|\bwith\b)\s*", text):
        match = _TENTATIVE.match(piece.strip())
        if match is None:
            continue
        source, target = match["into"] or match["equal"], match["target"] or match["set"]
        pair = _pair(source, target, mentions)
        if pair.source and pair.target:
            yield replace(pair, constant=False, tentative=True)


def _arrows(text: str, mentions: Sequence[Mention]) -> Iterator[Pair]:
    for piece in _pieces(text):
        match = _ARROW.match(text[piece.start : piece.end].strip(" *-•"))
        if match is None or _only_systems(match, mentions):
            continue
        yield _pair(match["source"], match["target"], mentions)


def _mapped(text: str, mentions: Sequence[Mention]) -> Iterator[Pair]:
    """“map A to B, C to D”: only behind the word “map”, as “A to B” alone says too little."""
    for sentence in sentences(text):
        part = text[sentence.start : sentence.end]
        head = re.search(r"\bmap(?:ping|pings|ped)?\b(?!\s+of)", part, re.I)
        if head is None or "→" in part:
            continue
        body = _HEAD.sub("", part[head.start() :], count=1)
        for piece in re.split(r"\s*(?:,|;|\band\b)\s*", body):
            match = _WORDS.match(piece.strip(" .")) or _EQUALS.match(piece.strip(" ."))
            if match is not None:
                yield _pair(match["source"], match["target"], mentions)


def _pieces(text: str) -> Iterator[Span]:
    """The parts between commas, semicolons, lines and sentences, which hold one pair each."""
    position = 0
    for match in re.finditer(r"[,;\n]|\.(?=\s)|\band\b(?=[^→]{1,60}→)|(?<=\w):\s", text):
        yield Span(position, match.start())
        position = match.end()
    yield Span(position, len(text))


def _only_systems(match: re.Match[str], mentions: Sequence[Mention]) -> bool:
    """Whether an arrow is between two systems: a direction, not a map."""
    sides = [match["source"], match["target"]]
    return any(not _without_systems(side, mentions) for side in sides)


def _pair(source: str, target: str, mentions: Sequence[Mention]) -> Pair:
    quoted = source.strip().startswith('"')
    return Pair(
        _without_systems(_bare(source), mentions), _without_systems(_bare(target), mentions), quoted
    )


def _bare(text: str) -> str:
    return text.strip(" .\"'`*").removeprefix("the ").strip()


def _without_systems(text: str, mentions: Sequence[Mention]) -> str:
    names = {name for mention in mentions for name in (mention.system, mention.display_name)}
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<![\w.]){re.escape(name)}(?:'s)?(?![\w.])", "", text, flags=re.I)
    return " ".join(text.split()).strip(" .:-")
