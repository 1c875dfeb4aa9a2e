"""What one message stands for, and when it is said that things work again."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.live.capabilities import Failure, Issue, News, Success
from pipeline.live.groups import MOST_GROUPS, kind_of, recovered, said, take, worth_saying
from pipeline.live.issues import take_issues
from pipeline.live.state import FailureGroup, Watch

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WATCH = Watch(position="p")


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def failure(seconds: float, reason: str = "ApiError: QuickBooks is down", **more: str) -> Failure:
    return Failure.model_validate(
        {"event_id": f"evt_{seconds}", "workflow": "orders", "reason": reason, "at": at(seconds)}
        | more
    )


def news(*failures: Failure, done_at: float | None = None, **more: object) -> News:
    done = [Success(workflow="orders", count=1, last_at=at(done_at))] if done_at else []
    return News.model_validate(
        {"position": "p", "failures": list(failures), "successes": done} | more
    )


def taken(*told: News) -> FailureGroup:
    watch = WATCH
    for one in told:
        watch = take(watch, "development", one, NOON)
    (group,) = watch.groups
    return group


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Order 1042 is refused", "Order 90311 is refused"),
        ("A customer “Ann” exists", "A customer “Zoë Å” exists"),
        ("No item for #12 in the list", "No item for #13 in the list"),
        ("401 at /v3/company/12/item", "401 at /v3/company/99/item"),
        ("gone: 6f1ed002ab5595859014ebf0951522d9", "gone: 00aa11bb22cc33dd44ee55ff66aa77bb"),
        ("ann@example.com is taken", "bob@example.org is taken"),
    ],
)
def test_particulars_make_no_difference(one: str, other: str) -> None:
    assert kind_of("orders", one) == kind_of("orders", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("answered 401", "answered 429"), ("Item is missing", "Customer is missing")],
)
def test_another_reason_is_another_group(one: str, other: str) -> None:
    assert kind_of("orders", one) != kind_of("orders", other)
    assert kind_of("orders", one) != kind_of("returns", one)


def test_failures_of_one_reason_are_counted_together() -> None:
    group = taken(news(failure(1), failure(2)), news(failure(3)))
    assert (group.count, group.first_at, group.last_at) == (3, at(1), at(3))
    assert group.example == "evt_3"


def test_a_flood_of_reasons_is_no_flood_of_messages() -> None:
    reasons = [failure(n, "Failed for " + "abcdefghijklmnopqrst"[n]) for n in range(20)]
    groups = take(WATCH, "development", news(*reasons), NOON).groups
    assert len(groups) == MOST_GROUPS + 1
    assert sum(group.count for group in groups) == 20


def test_a_replay_that_fails_again_is_no_further_event() -> None:
    again = failure(2, "another reason", replay_of="evt_1", first_reason=failure(1).reason)
    group = taken(news(failure(1)), news(again))
    assert (group.count, group.failed_again, group.kept) == (1, 1, 1)
    assert group.reason == "another reason"


def test_replayed_is_counted_once_however_often() -> None:
    replayed = {"replayed": [failure(1)]}
    group = taken(news(failure(1), failure(2)), news(**replayed), news(**replayed))
    assert (group.replayed, group.kept) == (1, 1)


def test_an_outage_is_over_when_it_was_quiet_for_a_while() -> None:
    group = taken(news(failure(1), failure(2)), news(done_at=10))
    assert recovered(group, at(30)).recovered_at is None
    assert recovered(group, at(70)).recovered_at == at(10)


def test_one_bad_record_among_good_ones_is_no_outage() -> None:
    between = taken(news(failure(1)), news(done_at=2), news(failure(3)), news(done_at=4))
    alone = taken(news(failure(1)), news(done_at=2))
    assert [recovered(group, at(900)).recovered_at for group in (between, alone)] == [None, None]


def test_all_replayed_is_a_recovery() -> None:
    group = taken(news(failure(1)), news(replayed=[failure(1)]))
    assert recovered(group, at(5)).recovered_at == at(5)


def test_a_message_is_edited_seldom_and_ends_right() -> None:
    group = said(taken(news(failure(1))), NOON)
    assert not worth_saying(group, at(60))
    grown = group.model_copy(update={"count": 7})
    assert not worth_saying(grown, at(5))
    assert worth_saying(grown, at(60))


def test_the_same_reason_a_day_later_is_a_new_message() -> None:
    before = taken(news(failure(1)))
    watch = WATCH.model_copy(update={"groups": [said(before, NOON)]})
    later = NOON + timedelta(days=2)
    (after,) = take(watch, "development", news(failure(172_900)), later).groups
    assert after.id != before.id
    assert after.count == 1


def issue(count: int, message: str = "401", seconds: float = 0) -> Issue:
    return Issue(
        key="refused",
        severity="high",
        title="QuickBooks refuses access",
        message=message,
        count=count,
        first_at=at(0),
        last_at=at(seconds),
    )


def test_an_issue_is_said_once_and_again_only_when_far_more() -> None:
    watch, told = take_issues(WATCH, [issue(1)], at(60))
    assert [one.count for one in told] == [1]
    for count, expected in ((1, 0), (2, 1), (3, 0), (4, 1)):
        watch, told = take_issues(watch, [issue(count)], at(60))
        assert len(told) == expected


def test_an_issue_about_a_failure_is_told_with_it() -> None:
    watch, told = take_issues(WATCH, [issue(1)], at(1))
    assert (told, len(watch.fresh)) == ([], 1)
    watch = take(watch, "development", news(failure(2, "ApiError: 401")), at(3))
    watch, told = take_issues(watch, [], at(20))
    assert (told, watch.fresh) == ([], [])
    assert watch.groups[0].headline == "QuickBooks refuses access"
