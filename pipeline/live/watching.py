"""Watching what is live: each look reads what ended, and saves it with what people should hear.

The position that was read up to, the counts and the replies are saved in one transaction, so that
a crash, or a second worker, makes nothing be said twice and nothing be left out.
"""

from collections.abc import Callable
from datetime import datetime

from pipeline.integration import Integration
from pipeline.live.capabilities import Eventful, Issue, News
from pipeline.live.groups import recovered, said, take, worth_saying
from pipeline.live.health import take_health
from pipeline.live.issues import take_issues
from pipeline.live.reading import read_news, record_of
from pipeline.live.state import FailureGroup, Watch
from pipeline.live.versions import earlier_version
from pipeline.model import digest
from pipeline.ports import Clock, IntegrationStore, Platform
from pipeline.replies import FailuresShown, IssueRaised, Recovered


class Watcher:
    def __init__(
        self, store: IntegrationStore, platform: Callable[[], Platform], clock: Clock
    ) -> None:
        self._store = store
        self._platform = platform
        self._clock = clock

    def look(self, integration_id: str, environment: str) -> bool:
        """Read and tell what is new; whether there was anything. PlatformError, StoreError."""
        integration = self._store.get(integration_id)
        if environment not in integration.live:
            return False
        project = project_of(integration, self._store)
        before = integration.watched.get(environment) or self._beginning(integration, environment)
        platform = self._platform()
        news, recent = read_news(platform, project, environment, before)
        live = platform.deployment(project, environment)
        now = self._clock.now()
        after = take(before, environment, news, now).model_copy(update={"recent": recent})
        after = self._with_records(before, after, project, environment)
        after, of_health = take_health(after, environment, live, now)
        with self._store.change(integration_id) as integration:
            if environment not in integration.live:
                return False
            if (integration.watched.get(environment) or before) != before:
                return True  # another worker looked at the same time, and told it
            for reply in of_health:
                integration.say(reply)
            after = self._tell(integration, environment, after, news, now)
            if _matters(before, after):
                integration.watched = {**integration.watched, environment: after}
        return bool(news.failures or news.successes)

    def _beginning(self, integration: Integration, environment: str) -> Watch:
        """From when it went live, so that nothing before the first look is missed."""
        made = self._store.artifact(integration.live[environment].deployment)
        return Watch(position=made.made_at.isoformat())

    def _with_records(self, before: Watch, after: Watch, project: str, environment: str) -> Watch:
        """The record that each new example was about."""
        known = {group.id: group.example for group in before.groups}
        platform, groups = self._platform(), []
        for group in after.groups:
            if group.example != known.get(group.id):
                record = record_of(platform, project, environment, group.example)
                group = group.model_copy(update={"record": record})
            groups.append(group)
        return after.model_copy(update={"groups": groups})

    def _tell(
        self, integration: Integration, environment: str, watch: Watch, news: News, now: datetime
    ) -> Watch:
        watch, issues = take_issues(watch, news.issues, now)
        for issue in issues:
            integration.say(_raised(environment, issue))
        groups = []
        for before in watch.groups:
            group = recovered(before, now)
            if group.recovered_at is not None and before.recovered_at is None:
                integration.say(Recovered(key=f"recovered:{group.id}", group=group))
            if worth_saying(group, now) or group.recovered_at != before.recovered_at:
                integration.say(self._shown(integration, group))
                group = said(group, now)
            groups.append(group)
        return watch.model_copy(update={"groups": groups})

    def _shown(self, integration: Integration, group: FailureGroup) -> FailuresShown:
        live = integration.live[group.environment].version
        earlier = earlier_version(self._store, integration, group.environment, live)
        return FailuresShown(
            key=f"failures:{group.id}",
            group=group,
            can_replay=isinstance(self._platform(), Eventful),
            earlier=earlier.number if earlier else 0,
        )


def project_of(integration: Integration, store: IntegrationStore) -> str:
    """The platform's id of the integration's project. KeyError before there is one."""
    artifact = store.artifact(integration.steps["systems"].artifact or "").artifact
    assert artifact.kind == "systems"
    return artifact.project_id


def _raised(environment: str, issue: Issue) -> IssueRaised:
    key = digest([environment, issue.key])[:12]
    return IssueRaised(key=f"issue:{key}", environment=environment, issue=issue)


def _matters(before: Watch, after: Watch) -> bool:
    """Whether the watch must be saved: reading successes again does no harm where none failed."""
    settled = {"position": before.position}
    if before.groups or after.model_copy(update=settled) != before:
        return after != before
    since = datetime.fromisoformat(after.position) - datetime.fromisoformat(before.position)
    return since.total_seconds() > 600
