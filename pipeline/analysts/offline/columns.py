"""Fields that a text lists: “(date, amount in dollars, receipt url)”, “include name and owner”."""

import re
from dataclasses import dataclass
from itertools import takewhile

from pipeline.analysts.offline.words import split_list

_LISTS = [
    re.compile(pattern, re.I)
    for pattern in (
        r"\b(?:columns?|fields?|with (?:the )?(?:columns?|fields?))\s*(?:are|being|for|:)?\s*"
        r"(?P<list>[^.;\n()]{3,300})",
        r"\b(?:includ(?:e|es|ing)|contain(?:s|ing)?|mention(?:ing)?|showing|shows?|listing)\s+"
        r"(?:the |its |their |at least )?(?P<list>[^.;\n()]{3,300})",
        r"\((?P<list>[^()]*,[^()]*)\)",
        r":\s+(?P<list>[^.;:\n()→]*,[^.;:\n()→]*)(?=\.?$|\.\s|\n)",
        r"\b(?:rows?|lines?|records?|messages?|cards?) (?:\w+ ){0,2}with "
        r"(?P<list>[^.;\n()]*,[^.;\n()]*)",
        r"\bwith (?:the |its |their )(?P<list>[^.;\n()]*(?:,| and )[^.;\n()]*)",
    )
]
_LONGEST = 5  # words of a field; what is longer goes on with the sentence
_AS = re.compile(r"^(?P<field>.+?)\s+(?:in|as)\s+(?:an?\s+)?(?P<form>.+)$", re.I)
_STOP = re.compile(r"\b(?:whenever|when|every|each|for|if|so that|then|to the|into)\b.*$", re.I)


@dataclass(frozen=True)
class Column:
    """A listed field: its words, and in what form it is wanted (“dollars”)."""

    words: str
    form: str = ""

    @property
    def name(self) -> str:
        return "_".join(re.findall(r"[a-z0-9]+", self.words.lower()))


def read_columns(text: str) -> list[Column]:
    """The first list of at least two fields in a text; empty where there is none."""
    for pattern in _LISTS:
        for match in pattern.finditer(text):
            listed = split_list(_STOP.sub("", match["list"]))
            items = list(takewhile(lambda item: len(item.split()) <= _LONGEST, listed))
            if len(items) >= 2:
                return [_column(item) for item in items]
    return []


def _column(item: str) -> Column:
    item = re.sub(r"^(?:the|its|their|a|an|an?d)\s+", "", item, flags=re.I)
    match = _AS.match(item)
    return Column(match["field"], match["form"]) if match else Column(item)
