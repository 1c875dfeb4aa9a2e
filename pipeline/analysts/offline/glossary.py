"""Requests in other languages, put into English word by word: `glossary.yaml` has the words."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from pipeline.analysts.offline.words import words

_ENOUGH_SIGNS = 2


class _Language(NamedTuple):
    signs: frozenset[str]
    words: dict[str, str]
    pattern: re.Pattern[str]

    def put(self, text: str) -> str:
        return self.pattern.sub(lambda match: self.words[match[0].lower()], text)


def in_english(text: str) -> str:
    """The text with the words of its language in English; an English text as it is.

    The order of words stays, names too: what is read of a request stands in single words.
    """
    said = set(words(text))
    for language in _languages():
        if len(said & language.signs) >= _ENOUGH_SIGNS:
            return language.put(text)
    return text


@cache
def _languages() -> list[_Language]:
    content = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return [_language(**listed) for listed in content.values()]


def _language(signs: list[str], words: dict[str, str]) -> _Language:
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w#@/'\"-])(?:{'|'.join(longest_first)})(?![\w/'-])", re.I)
    return _Language(frozenset(signs), words, pattern)
