"""Where the first analyst can't be reached, the second does the work and says so."""

import pytest

from pipeline.analysts.fallback import FallbackAnalyst
from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import Finding
from pipeline.errors import AnalystError, OffGround, Stopped
from pipeline.ports import Draft, Request
from tests.analysts.invented import catalogue

REQUEST = Request(text="Copy new Relato contacts to Ledgerly", today="2026-11-22")
OFFLINE = OfflineAnalyst(catalogue())


class Broken:
    name = "claude"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def fail(self, *args: object) -> None:
        raise self.error

    scope = research = interpret = repair = fail


def silent(doing: str) -> None:
    """Nobody watches."""


DOWN = FallbackAnalyst(Broken(AnalystError("The API can't be reached.")), OFFLINE)


def test_a_scope_says_who_judged():
    scope = DOWN.scope(REQUEST)
    assert scope.in_scope
    assert scope.reason.endswith("(Read by rule, without Claude: The API can't be reached.)")


def test_a_plan_is_the_seconds_with_a_weak_fact():
    told: list[str] = []
    plan = DOWN.research(REQUEST, told.append)
    usual = OFFLINE.research(REQUEST, silent)
    assert plan.workflows == usual.workflows
    assert plan.facts[1:] == usual.facts
    assert (plan.facts[0].source, plan.facts[0].grade) == ("Weft", "unverified")
    assert "without Claude" in told[0]


def test_a_message_is_answered_with_the_sentence():
    plan = OFFLINE.research(REQUEST, silent)
    meaning = DOWN.interpret("run every hour instead", Draft(plan=plan, request=REQUEST))
    assert [edit.op for edit in meaning.edits] == ["set-trigger"]
    assert "without Claude" in meaning.answer
    finding = Finding(tool="deno check", message="?")
    repair = DOWN.repair([finding], Draft(plan=plan, request=REQUEST))
    assert repair.edits == []
    assert "without Claude" in repair.not_mended


@pytest.mark.parametrize("error", [Stopped("Stopped."), OffGround("Which list?")])
def test_what_is_no_failure_goes_through(error):
    stopped = FallbackAnalyst(Broken(error), OFFLINE)
    with pytest.raises(type(error)):
        stopped.research(REQUEST, silent)


def test_while_the_first_works_the_second_is_not_asked():
    nobody = Broken(AssertionError("asked"))
    assert FallbackAnalyst(OFFLINE, nobody).scope(REQUEST).in_scope
