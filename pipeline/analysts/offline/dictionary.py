"""Which words are ordinary English: so that a slip is told from a word of its own."""

from functools import cache

from spellchecker import SpellChecker


def frequency(word: str) -> int:
    """How often a word is met in English; 0 where it is none. In small letters."""
    return _words().get(word, 0)


@cache
def _words() -> dict[str, int]:
    listed = SpellChecker(language="en", distance=1).word_frequency.dictionary
    return dict(listed)
