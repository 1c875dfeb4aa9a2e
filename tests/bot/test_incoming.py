"""What Slack delivers, read into values."""

import pytest

from bot.listeners.incoming import Incoming, read_text
from bot.views.actions import Target
from pipeline.errors import UserError

WEFT = "UWEFT"


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("<@UWEFT> sync orders", "sync orders"),
        ("<@UWEFT|weft>  sync", "sync"),
        ("ask <@U1> &amp; <#C1|ops>", "ask @U1 & #ops"),
        ("see <https://a.example/x|the docs> now", "see https://a.example/x now"),
        ("a &lt; b &gt; c &amp;lt;", "a < b > c &lt;"),
        ("<!channel> stop", "@channel stop"),
        ("", ""),
    ],
)
def test_text_is_what_the_person_typed(raw: str, read: str) -> None:
    assert read_text(raw, WEFT) == read


def test_one_message_has_one_key_by_whichever_event() -> None:
    event = {"ts": "1.2", "user": "U1", "text": "<@UWEFT> hi", "thread_ts": "1.1"}
    one = Incoming.of({**event, "type": "message"}, "T1", "C1", WEFT)
    other = Incoming.of({**event, "type": "app_mention"}, "T1", "C1", WEFT)
    assert one.key == other.key
    assert one.mentions_weft
    assert one.in_thread


def test_a_message_that_begins_with_somebody_else_is_theirs() -> None:
    event = {"ts": "1.2", "user": "U1", "text": "<@U2> what do you think of <#C1|ops>?"}
    assert Incoming.of(event, "T1", "C1", WEFT).to_somebody_else
    assert not Incoming.of({**event, "text": "ask <@U2>"}, "T1", "C1", WEFT).to_somebody_else


@pytest.mark.parametrize("target", [Target("i"), Target("i", "g"), Target("i", "", "c")])
def test_a_target_comes_back_as_it_went(target: Target) -> None:
    assert Target.parse(str(target)) == target


def test_an_empty_target_is_not_wefts() -> None:
    with pytest.raises(UserError):
        Target.parse("")
