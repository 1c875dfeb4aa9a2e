"""Issues that the code raised: each is told once, and not beside the failure that it is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pipeline.live.capabilities import Issue
from pipeline.live.state import FailureGroup, Watch

_FRESH = timedelta(seconds=10)  # by then the run that raised it has usually ended


def take_issues(watch: Watch, issues: Sequence[Issue], now: datetime) -> tuple[Watch, list[Issue]]:
    """The watch after these issues, and those to say: new ones, and those raised far more often."""
    told, fresh, groups = dict(watch.issues), [], list(watch.groups)
    to_say = []
    for issue in {one.key: one for one in (*watch.fresh, *issues)}.values():
        if issue.count < 2 * told.get(issue.key, 0) or issue.count == told.get(issue.key):
            continue
        group = next((one for one in groups if _is_about(issue, one)), None)
        if group is None and now - issue.last_at < _FRESH:
            fresh.append(issue)
            continue
        told[issue.key] = issue.count
        if group is None:
            to_say.append(issue)
        else:
            adopted = group.model_copy(update={"headline": issue.title})
            groups = [adopted if one.id == group.id else one for one in groups]
    changes = {"issues": told, "fresh": fresh, "groups": groups}
    return watch.model_copy(update=changes), to_say


def _is_about(issue: Issue, group: FailureGroup) -> bool:
    return bool(issue.message) and issue.message in group.reason
