"""Reading what ended on a platform: from its own report, or from its logs where it has none."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pipeline.errors import PlatformError
from pipeline.live.capabilities import Failure, News, Reporting, Success
from pipeline.live.state import Watch
from pipeline.model import digest
from pipeline.ports import LogLine, Platform

_LATE = timedelta(seconds=60)  # lines may come this late: reading overlaps by as much
_LINES = 1000
_MOST_IDS = 2000
_RECORD_FIELDS = ("record", "id")
_REASON_FIELDS = ("error", "reason")


def read_news(
    platform: Platform, project_id: str, environment: str, watch: Watch
) -> tuple[News, list[str]]:
    """What ended since the watch's position, and the ids to remember for the next reading."""
    if isinstance(platform, Reporting):
        return platform.news(project_id, environment, after=watch.position), []
    after = datetime.fromisoformat(watch.position)
    lines = platform.logs(project_id, environment, after=after - _LATE, limit=_LINES)
    return news_of_logs(lines, watch)


def news_of_logs(lines: Sequence[LogLine], watch: Watch) -> tuple[News, list[str]]:
    """Runs told apart by their execution: one that logged an error failed."""
    runs: dict[str, list[LogLine]] = {}
    for line in lines:
        runs.setdefault(line.execution_id or digest(line)[:24], []).append(line)
    failures, ended_well = [], []
    for run_id, told in runs.items():
        wrong = next((line for line in told if line.level == "error"), None)
        mark = f"{run_id}:{'failed' if wrong else 'done'}"
        if mark in watch.recent or (wrong is None and told[0].execution_id is None):
            continue
        if wrong is None:
            ended_well.append((run_id, told[-1]))
        else:
            failures.append(
                Failure(event_id=run_id, workflow="", reason=_reason(wrong), at=wrong.at)
            )
    position = max([line.at.isoformat() for line in lines], default=watch.position)
    news = News(
        position=max(position, watch.position),
        failures=sorted(failures, key=lambda failure: failure.at),
        successes=_successes(line for _, line in ended_well),
    )
    marks = [f"{one.event_id}:failed" for one in failures]
    marks += [f"{run_id}:done" for run_id, _ in ended_well]
    return news, [*watch.recent, *marks][-_MOST_IDS:]


def record_of(platform: Platform, project_id: str, environment: str, execution_id: str) -> str:
    """The id of the record that a run was about, as its logs have it; empty where they do not."""
    try:
        lines = platform.logs(project_id, environment, limit=_LINES)
    except PlatformError:
        return ""  # the failure is told without it
    for line in lines:
        if line.execution_id == execution_id:
            for name in _RECORD_FIELDS:
                if isinstance(line.fields.get(name), str | int):
                    return str(line.fields[name])
    return ""


def _reason(line: LogLine) -> str:
    told = next((line.fields[name] for name in _REASON_FIELDS if line.fields.get(name)), None)
    return f"{line.message}: {told}" if told is not None else line.message


def _successes(lines: Iterable[LogLine]) -> list[Success]:
    ended = list(lines)
    if not ended:
        return []
    return [Success(workflow="", count=len(ended), last_at=max(line.at for line in ended))]
