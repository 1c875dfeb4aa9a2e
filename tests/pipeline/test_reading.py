"""What people say while Weft works: read together, in order, and never in words since corrected."""

import pytest

from pipeline.advance import advance
from pipeline.analysts.assignment import current_assignment
from pipeline.artifacts import Finding
from pipeline.cancellation import Cancellation
from pipeline.errors import Stopped
from pipeline.plan.edits import AddFilter
from pipeline.ports import Interpretation, Turn
from pipeline.replies import Progress, Said
from tests.pipeline.conftest import REQUESTER, Pipeline

SKIP_TESTS = AddFilter(field="test", operator="ne", value=True)


def interpreted(pipeline: Pipeline) -> list[str]:
    calls = [call for call in pipeline.analyst.calls if call.startswith("interpret")]
    return [call.removeprefix("interpret ") for call in calls]


def said(pipeline: Pipeline) -> list[str]:
    return [reply.text for reply in pipeline.replies() if isinstance(reply, Said)]


def say(pipeline: Pipeline, *texts: str) -> None:
    for text in texts:
        pipeline.conversation.say(pipeline.id, REQUESTER, text)


def test_what_came_in_meanwhile_is_read_together_and_answered_once(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    meaning = Interpretation(edits=[SKIP_TESTS], answer="It costs nothing.")
    pipeline.analyst.messages = {"skip test orders\n\nwhat does it cost?": meaning}
    say(pipeline, "skip test orders", "what does it cost?")
    integration = pipeline.advance()
    assert interpreted(pipeline) == ["skip test orders\n\nwhat does it cost?"]
    assert integration.messages_read == 2
    (text,) = said(pipeline)
    assert "test ≠ true" in text
    assert "It costs nothing." in text


def test_what_was_said_and_answered_before_is_given_along(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.analyst.messages = {"could it?": Interpretation(answer="It could.")}
    say(pipeline, "could it?")
    pipeline.advance()
    assert pipeline.analyst.earlier == []
    say(pipeline, "do that")
    pipeline.advance()
    assert pipeline.analyst.earlier == [Turn(said="could it?", answered="It could.")]


def test_a_sample_is_read_alone(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    case = '{"input": {"id": 1}, "expected": {"a": 1}}'
    say(pipeline, "first", f"test {case}", "then", "and last")
    pipeline.advance()
    assert interpreted(pipeline) == ["first", f"test {case}", "then\n\nand last"]


def test_more_than_is_read_at_once_is_read_in_turn(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    say(pipeline, "a" * 5_000, "b" * 5_000, "c" * 9_000, "d")
    pipeline.advance()
    assert [text[0] for text in interpreted(pipeline)] == ["a", "b", "c", "d"]


def test_nothing_is_done_in_words_that_were_corrected_meanwhile(pipeline: Pipeline) -> None:
    def correct() -> None:
        pipeline.conversation.edit(pipeline.id, REQUESTER, "m1", "skip nothing", "e1")

    pipeline.start()
    pipeline.advance()
    pipeline.conversation.say(pipeline.id, REQUESTER, "skip test orders", event_key="m1")
    pipeline.analyst.messages = {"skip test orders": Interpretation(edits=[SKIP_TESTS])}
    pipeline.analyst.meanwhile = [correct]
    integration = pipeline.advance()
    assert interpreted(pipeline) == ["skip test orders", "skip nothing"]
    assert integration.edits == []
    assert said(pipeline) == []


def test_a_mistake_in_reading_does_not_hold_up_what_is_said_later(pipeline: Pipeline) -> None:
    def mistake() -> None:
        raise ZeroDivisionError

    pipeline.start()
    pipeline.advance()
    say(pipeline, "{odd}", "skip test orders")
    pipeline.analyst.messages = {"skip test orders": Interpretation(edits=[SKIP_TESTS])}
    pipeline.analyst.meanwhile = [mistake]
    integration = pipeline.advance()
    assert integration.edits == [SKIP_TESTS]
    assert "division" not in said(pipeline)[0]


def test_what_the_analyst_does_stands_over_the_steps_meanwhile(pipeline: Pipeline) -> None:
    titles: list[str] = []

    def think() -> None:
        current_assignment().report("Claude thinks")
        titles.append(_title(pipeline))

    pipeline.start()
    pipeline.advance()
    say(pipeline, "why?")
    pipeline.analyst.meanwhile = [think]
    pipeline.advance()
    assert _title(pipeline) == "Waiting for approval of the plan"
    pipeline.analyst.meanwhile = [think]
    pipeline.verifier.findings = [[Finding(tool="deno check", message="Type error")]]
    pipeline.approve("plan")
    pipeline.approve("set-up")
    pipeline.connect_all()
    assert _title(pipeline) == "Needs attention"
    assert titles == ["Claude thinks"] * 2


def test_who_was_stopped_reports_no_more(pipeline: Pipeline) -> None:
    cancellation = Cancellation()

    def stop_and_think() -> None:
        pipeline.conversation.stop(pipeline.id, REQUESTER)
        cancellation.cancel()
        current_assignment().report("Claude thinks")

    pipeline.start()
    pipeline.advance()
    say(pipeline, "why?")
    pipeline.analyst.meanwhile = [stop_and_think]
    with pytest.raises(Stopped):
        advance(pipeline.id, pipeline.services, cancellation)
    assert _title(pipeline) == "Stopped"
    assert pipeline.now.messages_read == 0


def _title(pipeline: Pipeline) -> str:
    shown = pipeline.services.store.last_reply(pipeline.id, "progress")
    assert isinstance(shown, Progress)
    return shown.title


def test_what_no_edit_can_mend_is_said(pipeline: Pipeline) -> None:
    pipeline.analyst.not_mended = "The API itself refuses it."
    pipeline.verifier.findings = [[Finding(tool="deno check", message="Type error")]]
    pipeline.to_code()
    assert "The API itself refuses it." in said(pipeline)


def test_another_analyst_from_now_on_plans_nothing_anew(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.analyst.name = "claude"
    pipeline.advance()
    assert pipeline.analyst.calls == ["scope", "research"]
