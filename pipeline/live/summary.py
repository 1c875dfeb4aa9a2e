"""A summary of what went through, daily or weekly, for threads that want one."""

from datetime import datetime, timedelta

from pipeline.errors import PlatformError
from pipeline.integration import Integration
from pipeline.live.capabilities import Reporting, Tally
from pipeline.live.state import Frequency, Summary
from pipeline.live.watching import project_of
from pipeline.ports import Clock, IntegrationStore, Platform
from pipeline.replies import Said

_EVERY: dict[Frequency, timedelta] = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


def subscribe(integration: Integration, every: Frequency | None, now: datetime) -> str:
    """Begin, change or end the summary; gives what to tell people."""
    if every is None:
        integration.summary = None
        return "No more summaries. Failures are still told."
    integration.summary = Summary(every=every, since=now, due=now + _EVERY[every])
    period = "day" if every == "daily" else "week"
    return f"A summary comes each {period} at about this time. “no summary” ends it."


def summarise(
    store: IntegrationStore, platform: Platform, clock: Clock, integration_id: str
) -> None:
    """Say the summary that is due, once however many workers look. PlatformError, StoreError."""
    integration = store.get(integration_id)
    summary, now = integration.summary, clock.now()
    if summary is None or now < summary.due or not integration.live:
        return
    lines = [
        line
        for environment in integration.live
        for line in _lines(platform, project_of(integration, store), environment, summary.since)
    ]
    with store.change(integration_id) as integration:
        if integration.summary != summary:
            return
        step = _EVERY[summary.every]
        missed = (now - summary.due) // step
        integration.summary = Summary(
            every=summary.every, since=now, due=summary.due + (missed + 1) * step
        )
        head = f"Since {summary.since:%a %d %b, %H:%M} UTC:"
        integration.say(
            Said(key=f"summary:{summary.due.isoformat()}", text="\n".join([head, *lines]))
        )


def _lines(platform: Platform, project: str, environment: str, since: datetime) -> list[str]:
    if not isinstance(platform, Reporting):
        return [f"{environment}: the platform {platform.name} does not count what went through."]
    try:
        tallies = platform.tally(project, environment, since)
    except PlatformError as error:
        return [f"{environment}: {error}"]
    return [_line(environment, tally) for tally in tallies] or [f"{environment}: nothing came in."]


def _line(environment: str, tally: Tally) -> str:
    parts = [f"{tally.done} done", f"{tally.failed} failed"]
    if tally.waiting:
        parts.append(f"{tally.waiting} waiting")
    return f"{environment}, {tally.workflow}: {', '.join(parts)}."
