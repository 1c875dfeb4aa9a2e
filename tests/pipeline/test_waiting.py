"""What people are told that they can say, as things stand."""

import pytest

from pipeline.errors import UserError
from pipeline.plan.model import Scope
from pipeline.replies import Progress
from pipeline.waiting import help_text, shown_waiting
from tests.pipeline.conftest import Pipeline


def test_before_anything_is_begun() -> None:
    assert "sync new Shopify orders" in help_text(None)


def test_a_question_says_how_it_is_answered(pipeline: Pipeline) -> None:
    pipeline.start()
    integration = pipeline.advance()
    assert shown_waiting(integration) == "Waiting for approval of the plan"
    assert "say “approve plan”, or use the buttons" in help_text(integration)


def test_what_is_live_can_be_operated(pipeline: Pipeline) -> None:
    integration = pipeline.to_live()
    assert "Live on development: “events”" in help_text(integration)


def test_a_stopped_integration_takes_no_decision(pipeline: Pipeline) -> None:
    pipeline.start()
    integration = pipeline.advance()
    [gate] = integration.open_gates()
    pipeline.conversation.stop(pipeline.id, "U1")
    for decide in (
        lambda: pipeline.conversation.decide(pipeline.id, gate.id, "U1", "approved"),
        lambda: pipeline.conversation.say(pipeline.id, "U1", "approve plan"),
    ):
        with pytest.raises(UserError, match="Say “resume” first"):
            decide()
    assert "Say “resume”" in help_text(pipeline.now)
    pipeline.conversation.resume(pipeline.id, "U1")
    pipeline.conversation.decide(pipeline.id, gate.id, "U1", "approved")


def test_what_fits_no_question_names_those_that_wait(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    with pytest.raises(UserError, match="What does: say “approve plan”"):
        pipeline.conversation.say(pipeline.id, "U1", "deploy to staging")


def test_of_what_is_out_of_scope_no_steps_are_promised(pipeline: Pipeline) -> None:
    scope = Scope(in_scope=False, reason="a poem", alternatives=[])
    pipeline.analyst.plan = pipeline.analyst.plan.model_copy(update={"scope": scope})
    pipeline.start()
    pipeline.advance()
    [shown] = [reply for reply in pipeline.replies() if isinstance(reply, Progress)]
    assert [line.step for line in shown.lines] == ["scope"]
