"""What the ledger of model calls keeps to."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.analysts.usage import ModelCall, footer, summary
from store.usage import SqlUsage

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def usage(database):
    return SqlUsage(database)


def call(integration_id="i1", team="T1", at=NOON, **values):
    given = {
        "purpose": "scope",
        "model": "m",
        "input_tokens": 100,
        "output_tokens": 10,
        "cost": 0.5,
    }
    return ModelCall(integration_id=integration_id, team=team, at=at, **{**given, **values})


def test_calls_come_back_whole_and_in_order(usage):
    made = [call(purpose=name, cost=cost) for name, cost in (("b", None), ("a", 0.25))]
    for one in [*made, call(integration_id="i2")]:
        usage.record_call(one)
    assert usage.calls("i1") == made


def test_all_tokens_of_the_workspace_count_from_the_time_given(usage):
    usage.record_call(call(cache_read_tokens=1000, cache_write_tokens=200))
    usage.record_call(call(at=NOON - timedelta(seconds=1)))
    usage.record_call(call(team="T2"))
    assert usage.tokens_since("T1", NOON) == 1310
    assert usage.tokens_since("T3", NOON) == 0


def test_totals_are_the_sums_of_each_integration(usage):
    first, second = call(cache_read_tokens=7, seconds=1.5), call(cost=None, output_tokens=4)
    later = call(integration_id="i2", at=NOON + timedelta(hours=1))
    for one in (first, later, second):
        usage.record_call(one)
    assert usage.totals() == {
        ("T1", "i2"): summary([later]),
        ("T1", "i1"): summary([first, second]),
    }
    assert list(usage.totals()) == [("T1", "i2"), ("T1", "i1")]


def test_the_footer_says_what_it_cost_or_that_nobody_knows():
    assert footer(summary([])) == ""
    assert "2 calls, 200 tokens in (0% from the cache), 20 out, $1.0000" in footer(
        summary([call(), call()])
    )
    assert "cost not known" in footer(summary([call(), call(cost=None)]))
