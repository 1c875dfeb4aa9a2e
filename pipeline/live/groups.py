"""Grouping failures by reason: pure functions from news to groups, and to what is worth saying."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from pipeline.live.capabilities import Failure, News, Success
from pipeline.live.reasons import plain_reason
from pipeline.live.state import FailureGroup, Watch
from pipeline.model import digest

MOST_GROUPS = 8  # of an environment at a time; what fails for further reasons shares one
QUIET = timedelta(seconds=60)  # without a failure, before it is said that things work again
EDITS_APART = timedelta(seconds=20)
REMEMBERED = timedelta(days=1)  # after the last change; then the same reason begins a new message
_MOST_IDS = 1000
_OTHERS = "others"
_REASON_COMPARED = 160  # characters
# What differs from record to record: quoted words, addresses, ids, long numbers.
_PARTICULAR = re.compile(
    r"“[^”]*”|\"[^\"]*\"|'[^']*'|\S+@\S+|\S*/\S+|#\S+|\b(?=\w*\d)\w{8,}\b|\b[\w-]*\d{4,}[\w-]*\b"
)


def kind_of(workflow: str, reason: str) -> str:
    """The same for failures that have one cause, as far as their words tell."""
    general = _PARTICULAR.sub("…", reason)
    return digest([workflow, " ".join(general.split())[:_REASON_COMPARED]])[:16]


def take(watch: Watch, environment: str, news: News, now: datetime) -> Watch:
    """The watch after these news; nothing of it is said yet."""
    groups = {group.id: group for group in _remembered(watch.groups, now)}
    for failure in news.failures:
        group = _group_of(list(groups.values()), environment, failure, now)
        groups[group.id] = _failed(group, failure)
    for success in news.successes:
        for group in list(groups.values()):
            if group.workflow == success.workflow:
                groups[group.id] = _went_through(group, success)
    fresh = [one for one in news.replayed if one.event_id not in watch.replayed]
    for group in list(groups.values()):
        count = sum(belongs(one, group) for one in fresh)
        replayed = min(group.replayed + count, group.count)
        groups[group.id] = group.model_copy(update={"replayed": replayed})
    return watch.model_copy(
        update={
            "position": news.position,
            "groups": list(groups.values()),
            "replayed": [*watch.replayed, *(one.event_id for one in fresh)][-_MOST_IDS:],
        }
    )


def belongs(failure: Failure, group: FailureGroup) -> bool:
    """Whether a failure is one of the group's, or of the reasons that share one."""
    kind = kind_of(failure.workflow, failure.first_reason or failure.reason)
    return group.kind in (kind, _OTHERS)


def recovered(group: FailureGroup, now: datetime) -> FailureGroup:
    """The group, marked where it can be said that things work again."""
    if group.recovered_at is not None:
        return group
    outage_is_over = (
        group.going_since is not None
        and group.count > 1
        and not group.mixed
        and now - group.last_at >= QUIET
    )
    if group.kept == 0 or outage_is_over:
        return group.model_copy(update={"recovered_at": group.going_since or now})
    return group


def worth_saying(group: FailureGroup, now: datetime) -> bool:
    """Whether people see something old, and were not told of a change just before."""
    if not group.said:
        return True
    return group.said != seen(group) and now - group.said_at >= EDITS_APART


def said(group: FailureGroup, now: datetime) -> FailureGroup:
    return group.model_copy(update={"said": seen(group), "said_at": now})


def seen(group: FailureGroup) -> str:
    """What people see of a group, in short."""
    return digest(group.model_dump(mode="json", exclude={"said", "said_at"}))[:12]


def _remembered(groups: Sequence[FailureGroup], now: datetime) -> list[FailureGroup]:
    return [
        group
        for group in groups
        if now - max(group.last_at, group.said_at) < REMEMBERED or group.said != seen(group)
    ]


def _group_of(
    groups: Sequence[FailureGroup], environment: str, failure: Failure, now: datetime
) -> FailureGroup:
    """The group that the failure belongs to; a fresh one has a count of 0."""
    kind = kind_of(failure.workflow, failure.first_reason or failure.reason)
    known = {group.kind: group for group in groups}
    if kind not in known and len(groups) >= MOST_GROUPS:
        kind = _OTHERS
    if kind in known:
        return known[kind]
    return FailureGroup(
        id=digest([environment, kind, failure.event_id])[:12],
        kind=kind,
        environment=environment,
        workflow=failure.workflow if kind != _OTHERS else "",
        reason=plain_reason(failure.reason),
        count=0,
        first_at=failure.at,
        last_at=failure.at,
        example=failure.event_id,
        said_at=now,
    )


def _failed(group: FailureGroup, failure: Failure) -> FailureGroup:
    is_again = failure.replay_of is not None and group.count > 0
    changes = {
        "count": group.count + (not is_again),
        "failed_again": group.failed_again + is_again,
        "reason": plain_reason(failure.reason),
        "first_at": min(group.first_at, failure.at),
        "last_at": max(group.last_at, failure.at),
        "example": failure.replay_of or failure.event_id,
        "mixed": group.mixed or group.going_since is not None,
        "going_since": None,
        "went_through": 0,
        "recovered_at": None,
    }
    return group.model_copy(update=changes)


def _went_through(group: FailureGroup, success: Success) -> FailureGroup:
    if success.last_at <= group.first_at:
        return group
    if success.last_at <= group.last_at:
        return group.model_copy(update={"mixed": True})
    return group.model_copy(
        update={
            "went_through": group.went_through + success.count,
            "going_since": group.going_since or success.last_at,
        }
    )
