"""Several workflows in one request: each statement says when, from where and to where."""

import re
from collections.abc import Sequence

from pipeline.analysts.offline.clauses import trigger_clauses
from pipeline.analysts.offline.request import Mention
from pipeline.analysts.offline.schedule import read_schedule
from pipeline.analysts.offline.words import Span

_BREAK = re.compile(
    r"(?:(?<=[.!?;])|(?<=[.;,] and))\s+(?=\S)|\n+|(?:^|(?<=\s))(?:\(?\d[.):]|[*•-])\s+", re.I
)


def statements(text: str, mentions: Sequence[Mention]) -> list[Span]:
    """The parts that are whole requests of their own; at most one where there is but one."""
    ends = [*(match.start() for match in _BREAK.finditer(text)), len(text)]
    starts = [0, *(match.end() for match in _BREAK.finditer(text))]
    spans = [Span(start, end) for start, end in zip(starts, ends, strict=True) if end > start]
    return [span for span in spans if _is_whole(text[span.start : span.end], span, mentions)]


def _is_whole(part: str, span: Span, mentions: Sequence[Mention]) -> bool:
    named = {one.system for one in mentions if span.holds(one.start)}
    timed = bool(trigger_clauses(part)) or read_schedule(part) is not None
    led = part.count("→") == 1 and not re.search(r"\bmap", part, re.I)
    return len(named) >= 2 and (timed or led)
