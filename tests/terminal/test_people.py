"""What `--yes` decides, and where it stops."""

from bot.terminal.answers import Answers
from bot.terminal.people import ACTOR, Prepared
from pipeline.conversation import Thread
from tests.pipeline.conftest import Pipeline, migrated, pipeline

__all__ = ["migrated", "pipeline"]  # fixtures


def test_what_is_refused_is_not_given_again_for_ever(pipeline: Pipeline) -> None:
    pipeline.platform.refuses = {"shopify"}
    person = Prepared(pipeline.conversation, pipeline.services, Answers(), approve_all=True)
    asked = pipeline.conversation.start(
        Thread(team="T", channel="C", thread="1"), ACTOR, "sync orders"
    )
    pipeline.id = asked.id
    rounds = 0
    while person.decide(pipeline.advance()):
        rounds += 1
        assert rounds < 20
    assert [one.subject for one in pipeline.now.open_gates()] == ["shopify"]
    assert pipeline.now.steps["connections"].status != "done"
