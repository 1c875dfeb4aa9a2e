"""A platform in memory whose events end as a test says, with all that a platform may be able to."""

from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from pipeline.live.capabilities import EventInfo, Failure, Issue, News, Success, Tally
from pipeline.ports import LogLine
from tests.fakes import MemoryPlatform

BEGINNING = datetime(2026, 1, 2, tzinfo=UTC)


class RunningPlatform(MemoryPlatform):
    name = "running"

    def __init__(self) -> None:
        super().__init__()
        self.ended: list[EventInfo] = []
        self.raised: list[Issue] = []
        self.lines: list[LogLine] = []
        self.started: list[tuple[str, JsonValue]] = []
        self.paused: list[bool] = []
        self.removed: list[str] = []
        self.replays_fail = False
        self.place = ("", "development")

    def now(self) -> datetime:
        """Each end is a second after the one before."""
        return BEGINNING + timedelta(seconds=len(self.ended) + len(self.raised))

    def end(
        self, reason: str = "", workflow: str = "orders", replay_of: str | None = None
    ) -> EventInfo:
        """An event ends: failed for that reason, or well."""
        at = self.now().isoformat()
        project = next((one for one in self.created if one.startswith("project")), "")
        event = EventInfo(
            id=f"evt_{len(self.ended)}",
            project_id=project,
            environment="development",
            workflow=workflow,
            kind="webhook",
            state="failed" if reason else "done",
            attempts=1,
            received_at=at,
            finished_at=at,
            reason=reason,
            result={"written": 2},
            replay_of=replay_of,
        )
        self.ended.append(event)
        return event

    def raise_issue(self, title: str, message: str, count: int = 1) -> None:
        self.raised.append(
            Issue(
                key=title,
                severity="high",
                title=title,
                message=message,
                count=count,
                first_at=self.now(),
                last_at=self.now(),
            )
        )

    # ---- What a platform may be able to do -----------------------------------------------------

    def news(self, project_id: str, environment: str, *, after: str) -> News:
        fresh = [one for one in self.ended if (one.finished_at or "") > after]
        done = [one for one in fresh if one.state == "done"]
        by_id = {one.id: one for one in self.ended}
        return News(
            position=max([one.finished_at or "" for one in fresh], default=after),
            failures=[_failure(one, by_id) for one in fresh if one.state == "failed"],
            successes=[
                Success(
                    workflow=name,
                    count=sum(one.workflow == name for one in done),
                    last_at=max(
                        datetime.fromisoformat(one.finished_at or "")
                        for one in done
                        if one.workflow == name
                    ),
                )
                for name in {one.workflow for one in done}
            ],
            replayed=[_failure(by_id[one.replay_of], by_id) for one in done if one.replay_of],
            issues=[one for one in self.raised if one.last_at.isoformat() >= after],
        )

    def tally(self, project_id: str, environment: str, since: datetime) -> list[Tally]:
        failed = sum(one.state == "failed" for one in self.ended)
        return [Tally(workflow="orders", done=len(self.ended) - failed, failed=failed)]

    def events(
        self,
        project_id: str,
        environment: str,
        *,
        state: str | None = None,
        limit: int = 100,
        before: str | None = None,
    ) -> list[EventInfo]:
        found = [one for one in reversed(self.ended) if state in (None, one.state)]
        ids = [one.id for one in found]
        begin = ids.index(before) + 1 if before in ids else 0
        return found[begin : begin + limit]

    def event(self, event_id: str) -> EventInfo:
        return next(one for one in self.ended if one.id == event_id)

    def event_payload(self, event_id: str) -> JsonValue:
        return {"id": 1}

    def unsettled(self, project_id: str, environment: str) -> list[EventInfo]:
        settled = {one.replay_of for one in self.ended if one.state == "done"}
        return [
            one
            for one in self.ended
            if one.state == "failed" and not one.replay_of and one.id not in settled
        ]

    def replay(self, event_id: str) -> str:
        event = self.event(event_id)
        reason = event.reason if self.replays_fail else ""
        return self.end(reason, event.workflow, replay_of=event.replay_of or event.id).id

    def run_workflow(
        self, project_id: str, environment: str, workflow: str, data: JsonValue = None
    ) -> str:
        self.started.append((workflow, data))
        return self.end(workflow=workflow).id

    def pause(self, project_id: str, environment: str) -> None:
        self.paused.append(True)

    def resume(self, project_id: str, environment: str) -> None:
        self.paused.append(False)

    def delete_project(self, project_id: str) -> None:
        self.removed.append(project_id)

    def logs(
        self, project_id: str, environment: str, *, after: datetime | None = None, limit: int = 200
    ) -> list[LogLine]:
        found = [line for line in self.lines if after is None or line.at > after]
        return found[-limit:]


def _failure(event: EventInfo, by_id: dict[str, EventInfo]) -> Failure:
    first = by_id[event.replay_of].reason if event.replay_of else ""
    at = datetime.fromisoformat(event.finished_at or "")
    return Failure(
        event_id=event.id,
        workflow=event.workflow,
        reason=event.reason,
        at=at,
        replay_of=event.replay_of,
        first_reason=first,
    )
