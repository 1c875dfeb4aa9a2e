"""An analyst's plans of listed requests, scored."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.analysts.requests_file import Expected
from pipeline.analysts.scoring import Score, score
from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import UsageError, WeftError
from pipeline.intake import take_in
from pipeline.integration import Attachment
from pipeline.plan.model import Plan, Scope
from pipeline.ports import Analyst, Request


def evaluate(
    requests: Sequence[Expected], home: Path, analyst: Analyst, catalogue: Catalogue, today: str,
    report: Callable[[Score], None] = lambda _: None,
) -> list[Score]:  # fmt: skip
    """One score a request; a request that the analyst can't plan scores as an empty plan."""
    scores = []
    for expected in requests:
        attached = _attachments(expected, home)
        try:
            made = _plan(expected.text, attached, analyst, catalogue, today)
            scores.append(score(expected, made))
        except WeftError as error:
            nothing = Plan(scope=Scope(in_scope=False, reason=str(error)))
            scores.append(score(expected, nothing, trouble=str(error)))
        report(scores[-1])
    return scores


def _attachments(expected: Expected, home: Path) -> list[Attachment]:
    if expected.attachment is None:
        return []
    path = home / expected.attachment
    try:
        return [Attachment(name=path.name, content=path.read_text(encoding="utf-8"))]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}, the attachment of {expected.id}, can't be read.") from error


def _plan(
    text: str, attached: list[Attachment], analyst: Analyst, catalogue: Catalogue, today: str
) -> Plan:
    taken = take_in(text, attached, catalogue)
    request = Request(text=taken.text, attachments=taken.specs, today=today)
    scope = analyst.scope(request)
    return analyst.research(request, lambda _: None) if scope.in_scope else Plan(scope=scope)
