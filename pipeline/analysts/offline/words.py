"""Text made even before it is read: quotes, arrows, spaces, length."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.analysts.offline.lexicon import table

READ = 8_000  # characters: a request is short; what comes after is a paste

_EVEN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-",
     "\u00a0": " ", "\u200b": None, "\ufeff": None, "\u2060": None}
)  # fmt: skip
_BOTH_WAYS = re.compile(r"\s*(?:<-+>|<=+>|↔|⇄|⇆|⟷|<>)\s*")
_ARROW = re.compile(r"\s*(?:-+>|=+>|→|⇒|➔|➜|⟶)\s*")
# “tickets? no, deals”, “payouts... I mean charges”: what comes first was not meant.
_CORRECTED = re.compile(
    r"\b[\w-]+(?:\?|\.{2,}|…)\s*(?:oh,? )?"
    r"(?:no\b|nah\b|nope\b|i mean\b|sorry\b|actually\b|wait\b|h+m+\b|ugh\b|err?\b|"
    r"or rather\b|let's say\b)"
    r"(?:[\s,.:-]+(?:no|wait|sorry|actually|i mean|just|let's say|rather|make that)\b)*[\s,.:-]*",
    re.I,
)
# “when it is starred... no, just when it is made”: so does a whole condition.
_CORRECTED_CLAUSE = re.compile(
    r"\b(?:when(?:ever)?|if|once)\b[^.;,\n…]{1,60}?(?:\.{2,}|…|,)\s*(?:oh,? )?"
    r"(?:no\b|i mean\b|sorry\b|actually\b|wait\b|or rather\b)[\s,.:-]*(?:just\s+|only\s+)?"
    r"(?=when|if|once)",
    re.I,
)
# 'Done' and « Done » are "Done".
_SINGLE_QUOTED = re.compile(r"(?<![\w'])'(?=[^\s'])([^'\n]{1,80})(?<!\s)'(?![\w'])")
_BACKTICKED = re.compile(r"`([^`\n]{1,80})`")
_WIDE_QUOTED = re.compile(r'(?<!\w)" ([^"\n]{1,80}) "(?!\w)')
_TRAILING_OFF = re.compile(r"(?<=\w)(?:\.{2,}|…)\s+(?=[a-z])")
# “Case closed? Then solve the ticket” is a condition, and no question.
_ASKED_FIRST = re.compile(
    r"(?:^|(?<=[.!\n]))\s*(?P<when>[^.?!\n]{3,120})\?\s*[-,→]*\s*then\b", re.I
)
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=\S)|\n+")
PARTICIPLE = re.compile(r"[\w-]*(?:ed|won|lost|paid|sent|overdue|done)$", re.I)
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")

_IRREGULAR = {"people": "person", "children": "child", "addresses": "address",
              "statuses": "status", "status": "status", "news": "news", "series": "series",
              "sms": "sms", "address": "address", "business": "business", "always": "always",
              "boxes": "box", "taxes": "tax", "cases": "case", "invoices": "invoice"}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """A piece of the text, by character positions."""

    start: int
    end: int

    def holds(self, position: int) -> bool:
        return self.start <= position < self.end


def clean(text: str) -> str:
    """The text in one form: plain quotes, `→` and `↔` for arrows, single spaces, lines kept."""
    text = unicodedata.normalize("NFKC", text[:READ]).translate(_EVEN)
    text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign)[0] != "C")
    text = _ARROW.sub(" → ", _BOTH_WAYS.sub(" ↔ ", text))
    text = _CORRECTED.sub("", _CORRECTED_CLAUSE.sub("", text))
    text = _ASKED_FIRST.sub(r" when \g<when>,", _TRAILING_OFF.sub(" ", text))
    for quoted in (_SINGLE_QUOTED, _BACKTICKED, _WIDE_QUOTED):
        text = quoted.sub(r'"\1"', text)
    text = _shorthand().sub(_written_out, text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


@cache
def _shorthand() -> re.Pattern[str]:
    short = sorted(map(re.escape, table("shorthand")), key=len, reverse=True)
    return re.compile(rf"(?<![\w/'])(?:{'|'.join(short)})(?![\w/'])", re.I)


def _written_out(match: re.Match[str]) -> str:
    known, said = table("shorthand"), match[0]
    if match.string.count('"', 0, match.start()) % 2:
        return said  # what is quoted stands as it is
    return str(known.get(said) or known.get(said.lower()) or said)


def has_words(text: str) -> bool:
    """Whether there is anything to read beyond emoji, numbers and punctuation."""
    bare = re.sub(r":[a-z0-9_+-]+:", " ", text)
    return any(sign.isalpha() for sign in bare)


def sentences(text: str) -> list[Span]:
    """Where each sentence or line stands."""
    spans, start = [], 0
    for match in _SENTENCE_END.finditer(text):
        spans.append(Span(start, match.start()))
        start = match.end()
    return [span for span in [*spans, Span(start, len(text))] if span.end > span.start]


def words(text: str) -> list[str]:
    return [match[0].lower() for match in _WORD.finditer(text)]


def singular(word: str) -> str:
    """A noun without its plural ending, by rule; good enough to compare two of them."""
    word = word.lower()
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def stem(text: str) -> str:
    """Letters and digits only, so that `closed won`, `closed_won` and `ClosedWon` are equal."""
    return "".join(sign for sign in text.lower() if sign.isalnum())


def split_list(text: str) -> list[str]:
    """The items of “name, amount in dollars and owner”."""
    parts = re.split(r"\s*(?:,|;|\n|\band\b|&|\+)\s*", text)
    return [part.strip(" .\"'()*:") for part in parts if part.strip(" .\"'()*:")]


def pieces(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches of a pattern, case ignored by the pattern's own flags."""
    yield from pattern.finditer(text)


def plural(noun: str) -> str:
    """A noun phrase in the plural: `sales receipt` gives `sales receipts`."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun if noun.endswith("s") and singular(noun) != noun else (
        noun + "es" if noun.endswith(("s", "x", "ch", "sh")) else noun + "s"
    )  # fmt: skip


def of_noun(noun: str) -> str:
    """A pattern of a noun in the singular and the plural."""
    stem_of = re.escape(noun[:-1]) + "(?:y|ies)" if noun.endswith("y") else re.escape(noun)
    return rf"{stem_of}\w{{0,3}}"
