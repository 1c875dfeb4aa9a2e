"""Whether what is live runs at all: told when it has not for a while, and when it does again."""

from datetime import datetime, timedelta

from pipeline.live.capabilities import Issue
from pipeline.live.state import Watch
from pipeline.ports import DeploymentInfo
from pipeline.replies import IssueRaised, Reply, Said

_PATIENCE = timedelta(seconds=30)  # a restart, or a new version, takes less


def take_health(
    watch: Watch, environment: str, live: DeploymentInfo | None, now: datetime
) -> tuple[Watch, list[Reply]]:
    """The watch after a look at the deployment, and what to say of it."""
    since = watch.down_since
    if live is not None and live.healthy:
        replies: list[Reply] = [_up(environment, since, now)] if since and watch.down_said else []
        return watch.model_copy(update={"down_since": None, "down_said": False}), replies
    if since is None:
        return watch.model_copy(update={"down_since": now}), []
    if watch.down_said or now - since < _PATIENCE:
        return watch, []
    detail = live.detail if live is not None else "nothing is deployed there any more"
    return watch.model_copy(update={"down_said": True}), [_down(environment, since, detail)]


def _down(environment: str, since: datetime, detail: str) -> IssueRaised:
    issue = Issue(
        key=f"down:{since.isoformat()}",
        severity="high",
        title="The integration does not run",
        message=f"{detail or 'The platform does not say why'}. Events that come in are kept. "
        "Look at the logs, or roll back.",
        count=1,
        first_at=since,
        last_at=since,
    )
    return IssueRaised(key=f"issue:{issue.key}", environment=environment, issue=issue)


def _up(environment: str, since: datetime, now: datetime) -> Said:
    text = f"The integration runs again on {environment} since {now:%H:%M} UTC (ran)."
    return Said(key=f"up:{since.isoformat()}", text=text)
