"""What a request says only by the way: what is not wanted any more, and what it is like."""

import re

from pipeline.analysts.offline.clauses import VERB

_STOP = (
    r"(?=\s*(?:$|[.,;:!?\n(→]|\b(?:every|each|when(?:ever)?|once|as soon as|daily|nightly|hourly|"
    r"weekly|monthly|(?:on|at) (?:\w+day|\d)|using|matching|keyed|we(?:'d)? (?:want|need|would|"
    r"like)|i(?:'d)? (?:want|need|would|like)|can (?:you|we|u)|could (?:you|we)|please|should)\b))"
)
_MADE = (
    r"(?:do|did|does|done|have|had|has|built|build|made|make|got|use|used|set up|run|ran|are doing|"
    r"wanted|asked)"
)
# “→ rename the channel? nah, just update the customer”: a whole step is taken back.
_TAKEN_BACK = re.compile(
    rf"(?<=[→,;:])[^→,;:.?\n]{{1,80}}\?\s*(?:no|nah|nope|wait)[,\s]+(?:just\s+|rather\s+)*"
    rf"(?=(?:{VERB})\b)",
    re.I,
)
_ASIDES = [
    re.compile(pattern + _STOP, re.I)
    for pattern in (
        r"\b(?:instead of|rather than|as opposed to|in place of)\s+(?!created?\b|any\b|"
        r"the ones?\b|those\b|test\b)[^.,;:!?\n(→]+?",
        r"\b(?:(?:just|exactly|much|the|do|is|it's|same|thing|way|setup|idea|flow)\s+)*"
        r"(?:like|as|to what|similar to (?:what)?|same (?:as|for))\s+(?:what\s+)?"
        rf"(?:we|you|they|i)(?:'ve|'d)?\s+(?:already\s+|currently\s+)?{_MADE}\b[^.,;:!?\n(→]*?",
    )
]


def without_asides(text: str) -> str:
    """The text with asides blanked out, every position kept.

    “Instead of copying by hand”, “like we do for refunds”: neither says what to build.
    """
    for pattern in (*_ASIDES, _TAKEN_BACK):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text
