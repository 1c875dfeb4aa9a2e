from pipeline.plan.apply import replay
from pipeline.plan.diff import plan_diff, unified
from pipeline.plan.edits import AddFilter, AnswerQuestion, MapField, SetTrigger, UnmapField
from tests.analysts.invented import catalogue
from tests.plan.plans import PLAN

AFTER = replay(
    PLAN,
    [
        SetTrigger(cron="0 2 * * *", timezone="UTC"),
        MapField(target="currency", constant="EUR"),
        UnmapField(target="total"),
        AddFilter(field="stage", operator="eq", value="won"),
        AnswerQuestion(question="big", answer="no"),
    ],
    catalogue(),
)


def test_what_changed_is_said_once_each() -> None:
    assert plan_diff(PLAN, AFTER) == [
        "Answered: Only big deals? — no",
        "Trigger: at 02:00, UTC (cron 0 2 * * *)",
        "Filter added: stage = won",
        "currency ← “EUR”",
        "total is no longer written",
    ]


def test_nothing_changed_says_nothing() -> None:
    assert plan_diff(PLAN, PLAN) == []
    assert unified(PLAN, PLAN) == ""


def test_an_answer_that_changes_nothing_has_no_diff() -> None:
    answered = replay(PLAN, [AnswerQuestion(question="big", answer="no")], catalogue())
    assert plan_diff(PLAN, answered) != []
    assert unified(PLAN, answered) == ""


def test_the_unified_diff_shows_both_sides() -> None:
    lines = unified(PLAN, AFTER).splitlines()
    assert lines[:2] == ["--- plan before", "+++ plan after"]
    assert any(line.startswith("-") and "deal.created" in line for line in lines)
    assert "+ Only where stage = won" in lines
    assert "- total ← amount" in lines
    assert any(line.startswith("+") and "0 2 * * *" in line for line in lines)
