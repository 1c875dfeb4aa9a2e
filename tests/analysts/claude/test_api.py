"""Calls: faults of the API, budgets, what is recorded, and stopping at once."""

import json
import threading
import time

import pytest

from pipeline.analysts.assignment import Assignment, assigned
from pipeline.analysts.usage import footer, summary
from pipeline.cancellation import Cancellation
from pipeline.errors import AnalystError, Stopped
from tests.analysts.claude.conftest import KEY, ask
from tests.anthropic_double import Reply, fails, says, thinks, uses
from tests.models import agreeable, in_turn

YES = {"in_scope": True, "reason": "It moves data.", "alternatives": []}


@pytest.mark.parametrize(
    ("first", "calls"),
    [(fails(429, "rate_limit_error"), 2), (fails(500), 2), (fails(529, "overloaded_error"), 2),
     (Reply(breaks=True), 2), (fails(408, "timeout_error"), 2)],
    ids=["429", "500", "529", "broken stream", "408"],
)  # fmt: skip
def test_what_may_pass_is_tried_again(claude, first, calls):
    made = claude(agreeable(in_turn(first)))
    assert made.analyst.scope(ask()).in_scope
    assert len(made.double.calls) == calls


@pytest.mark.parametrize(
    ("reply", "sentence", "retryable"),
    [
        (fails(401, "authentication_error"), "ANTHROPIC_API_KEY", False),
        (fails(404, "not_found_error"), "WEFT_MODEL", False),
        (fails(400, "invalid_request_error"), "refused the request", False),
        (fails(429, "rate_limit_error"), "rate limit", True),
        (fails(529, "overloaded_error"), "overloaded", True),
        (Reply(breaks=True), "overloaded", True),
        (Reply(stop_reason="refusal", stop_details={"type": "refusal", "category": "cyber"}),
         "declined to answer this \\(cyber\\)", False),
        (Reply(stop_reason="max_tokens", blocks=[{"type": "text", "text": "{"}]), "was cut", False),
        (Reply(stop_reason="model_context_window_exceeded"), "read at once", False),
        (says("no JSON", hostile=True), "no usable answer", False),
        (uses(("fly", {}), hostile=True), "did not come to an end", False),
    ],
)  # fmt: skip
def test_what_does_not_pass_is_a_sentence(claude, reply, sentence, retryable):
    made = claude(lambda body: reply)
    with pytest.raises(AnalystError, match=sentence) as error:
        made.analyst.scope(ask())
    assert error.value.retryable is retryable
    assert KEY not in str(error.value)
    assert len(made.double.calls) <= 12


def test_an_unreachable_api_is_a_sentence(claude):
    made = claude(base_url="http://127.0.0.1:9", retries=0)
    with pytest.raises(AnalystError, match="ANTHROPIC_BASE_URL"):
        made.analyst.scope(ask())


def test_a_call_takes_no_longer_than_it_may(claude):
    made = claude(lambda body: Reply(stalls=True), call_seconds=0.5)
    begun = time.monotonic()
    with pytest.raises(AnalystError, match="in time"):
        made.analyst.scope(ask())
    assert time.monotonic() - begun < 5


def test_stopping_closes_the_stream_at_once(claude):
    made = claude(lambda body: Reply(stalls=True))
    cancellation = Cancellation()
    threading.Timer(0.3, cancellation.cancel).start()
    begun = time.monotonic()
    with assigned(Assignment("i1", "T1", cancellation)), pytest.raises(Stopped):
        made.analyst.scope(ask())
    assert time.monotonic() - begun < 3
    assert made.double.disconnected.wait(3)
    with assigned(Assignment("i1", "T1", cancellation)), pytest.raises(Stopped):
        made.analyst.scope(ask("another request to copy orders"))
    assert len(made.double.calls) == 1


def test_a_report_that_stops_the_work_stops_it(claude):
    def report(doing: str) -> None:
        if "reads" in doing:
            raise Stopped("Stopped.")

    made = claude()
    with pytest.raises(Stopped):
        made.analyst.research(ask(), report)


def test_input_is_counted_before_it_is_sent(claude):
    made = claude(request_tokens=100)
    with pytest.raises(AnalystError, match="100 is the most for one call"):
        made.analyst.scope(ask())
    assert made.double.calls == []
    assert made.ledger.recorded == []


def test_a_server_that_does_not_count_is_estimated(claude):
    made = claude()
    made.double.counts = False
    assert made.analyst.scope(ask()).in_scope


def test_a_workspace_has_a_budget_of_its_own(claude):
    made = claude(daily_tokens=18_000)
    with assigned(Assignment("i1", "T1")):
        made.analyst.scope(ask())
        with pytest.raises(AnalystError, match="of its 18,000 Claude tokens of today"):
            made.research()
    with assigned(Assignment("i2", "T2")):
        assert made.analyst.scope(ask("sync new Shopify customers to HubSpot")).in_scope


def test_every_call_is_recorded_with_what_it_used(claude):
    made = claude()
    with assigned(Assignment("i1", "T1")):
        made.research()
    calls = made.ledger.calls("i1")
    assert [one.purpose for one in calls] == ["scope", "systems", "workflows", "mappings"]
    assert {one.team for one in calls} == {"T1"}
    for call, exchange in zip(calls, made.double.calls, strict=True):
        assert call.input_tokens == exchange.usage["input_tokens"]
        assert call.cache_write_tokens == exchange.usage["cache_creation_input_tokens"]
        assert call.output_tokens == exchange.usage["output_tokens"]
    used = summary(calls)
    assert used.cost is not None
    assert used.cost > 0
    assert "4 calls" in footer(used)


def test_a_stream_that_broke_is_recorded_too(claude):
    made = claude(agreeable(in_turn(Reply(breaks=True), Reply(breaks=True))))
    with pytest.raises(AnalystError):
        made.analyst.scope(ask())
    assert [(one.outcome, one.output_tokens) for one in made.ledger.recorded] == [
        ("AnalystError", 1)
    ]


def test_the_prefix_is_read_from_the_cache_the_second_time(claude):
    made = claude()
    made.research()
    first = len(made.double.calls)
    made.research("Sync new Shopify customers to HubSpot contacts, by webhook")
    later = [one.usage["cache_read_input_tokens"] for one in made.double.calls[first:]]
    assert later[0] == 0  # scope's prefix is too short for the cache
    assert all(read > 1000 for read in later[1:])


def test_each_kind_of_work_has_its_model(claude):
    made = claude(model="strong", small_model="small", effort="high")
    made.research()
    bodies = [one.body for one in made.double.calls]
    assert [one["model"] for one in bodies] == ["small", "strong", "strong", "strong"]
    assert "thinking" not in bodies[0]
    assert bodies[1]["thinking"] == {"type": "adaptive"}
    assert bodies[1]["output_config"]["effort"] == "high"
    unthinking = claude(thinking=False)
    unthinking.research()
    assert all("thinking" not in one.body for one in unthinking.double.calls)
    assert summary(made.ledger.recorded).cost is None  # nobody knows the price of “strong”


def test_thoughts_go_back_unaltered_between_uses_of_tools(claude):
    look = thinks(uses(("get_auth", {"system": "shopify"})))
    made = claude(agreeable(lambda body: look if len(body["messages"]) == 1
                            and body["model"] == "claude-opus-5-5" else None))  # fmt: skip
    assert made.research().workflows
    results = made.double.calls[2].body["messages"][-1]["content"]
    assert '"grade":"vendor-schema"' in results[0]["content"]
    assert "https://" in results[0]["content"]


def test_a_server_without_structured_output_may_talk_around_its_answer(claude):
    talkative = says(f"Sure:\n```json\n{json.dumps(YES)}\n```", hostile=True)
    made = claude(agreeable(in_turn(talkative)), effort="none", thinking=False)
    made.research()
    bodies = [one.body for one in made.double.calls]
    assert len(bodies) == 4
    assert not [one for one in bodies if "thinking" in one or "effort" in one["output_config"]]
