"""Trying a deployed integration: its source's mock sends a sample event; we look what comes out.

Only where both ends are mocks: nothing real is written by a trial.
"""

import time
from typing import Any, Protocol, runtime_checkable

from pydantic import JsonValue

from pipeline.case import Case
from pipeline.errors import UserError
from pipeline.live.reasons import plain_reason
from pipeline.model import Value
from pipeline.plan.grouping import rows_of
from pipeline.plan.model import Lookup, Workflow
from pipeline.plan.paths import read
from pipeline.replies import Tried
from pipeline.simulation.columns import with_columns
from pipeline.simulation.concepts import NOTHING_WORDS
from pipeline.simulation.exchanges import what_it_did
from pipeline.simulation.kinds import words
from pipeline.simulation.preparing import source_record
from pipeline.simulation.samples import sample

_WAIT_SECONDS = 60.0
_POLL_SECONDS = 0.1
_ENDED = ("done", "failed")

Record = dict[str, Any]


class EventFate(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def reason(self) -> str: ...


@runtime_checkable
class Tryable(Protocol):
    """What a trial needs of a platform with mocks."""

    def mock_records(self, project_id: str, system: str, entity: str) -> list[dict[str, Any]]: ...
    def create_mock_record(
        self, project_id: str, system: str, entity: str, record: dict[str, JsonValue] | None = None
    ) -> dict[str, Any]: ...
    def mock_exchanges(self, project_id: str, system: str) -> list[dict[str, Any]]: ...
    def events(
        self, project_id: str, environment: str, *, state: str | None = None, limit: int = 100
    ) -> list[Any]: ...
    def event(self, event_id: str) -> Any: ...
    def run_workflow(
        self, project_id: str, environment: str, workflow: str, data: JsonValue = None
    ) -> str: ...
    def send_sample_event(
        self,
        project_id: str,
        environment: str,
        system: str,
        event: str,
        workflow: str,
        record: dict[str, JsonValue] | None = None,
    ) -> dict[str, JsonValue]: ...


class Trial(Value):
    """What one sample event did, at the mocks."""

    workflow: str
    state: str
    reason: str = ""
    exchanges: list[dict[str, Any]] = []  # what the target's mock was asked, in order
    records: list[dict[str, Any]] = []  # of the target's entity, that were not there before


def run_trial(platform: Tryable, case: Case, workflow: Workflow) -> Trial:
    """Send one sample event. UserError where an end is no mock; PlatformError where it fails."""
    _require_mocks(case, workflow)
    project, target = case.setup.project_id, workflow.target
    record = _sample(platform, case, workflow)
    _prepare(platform, case, workflow, record)
    before = _records(platform, project, workflow)
    asked = len(platform.mock_exchanges(project, target.system))
    fate = _wait(platform, _send(platform, case, workflow, record))
    after = _records(platform, project, workflow)
    return Trial(
        workflow=workflow.name,
        state=fate.state,
        reason=fate.reason,
        exchanges=platform.mock_exchanges(project, target.system)[asked:],
        records=[record for record in after if record not in before],
    )


def shown(trial: Trial) -> Tried:
    rows = [
        [
            f"{item.get('method')} {item.get('path')}",
            str(item.get("status")),
            what_it_did(item),
        ]
        for item in trial.exchanges
    ]
    return Tried(
        key=f"tried:{trial.workflow}:{time.time_ns()}",
        workflow=trial.workflow,
        state=trial.state,
        reason=plain_reason(trial.reason),
        requests=rows,
        records=trial.records,
    )


def _require_mocks(case: Case, workflow: Workflow) -> None:
    mocked = {item.system for item in case.connections.connections if item.mock}
    real = sorted({workflow.source.system, workflow.target.system} - mocked)
    if real:
        raise UserError(
            f"{' and '.join(real)} is connected for real, so a sample would write real records. "
            "Send a test record from the source system instead."
        )


def _prepare(platform: Tryable, case: Case, workflow: Workflow, record: Record) -> None:
    """Give the mocks what the workflow expects to find and may not create itself."""
    for lookup in workflow.lookups:
        if lookup.on_missing == "create":
            continue
        schema = case.catalogue.system(lookup.system).entity(lookup.entity).record_schema
        there = platform.mock_records(case.setup.project_id, lookup.system, lookup.entity)
        for keys in _searched(case, lookup, record):
            if not any(_has(item, keys) for item in there):
                made = sample(schema, keys, seed=len(there))
                there.append(
                    platform.create_mock_record(
                        case.setup.project_id, lookup.system, lookup.entity, made
                    )
                )


def _searched(case: Case, lookup: Lookup, record: Record) -> list[Record]:
    """What is searched for: from settings and the record that comes in, where these decide it."""
    settings = {f"$variable.{item.name}": item.default for item in case.plan.variables}

    def values(source: str) -> list[Any]:
        if source.startswith("$"):
            return [settings[source]] if source in settings else []
        found = read(record, source)
        return found if isinstance(found, list) else [found]

    found = zip(*(values(pair.source) for pair in lookup.by), strict=False)
    targets = [pair.target for pair in lookup.by]
    return [dict(zip(targets, keys, strict=True)) for keys in found if None not in keys]


def _has(record: Record, keys: Record) -> bool:
    return all(str(read(record, path)) == str(value) for path, value in keys.items())


def _records(platform: Tryable, project: str, workflow: Workflow) -> list[dict[str, Any]]:
    return platform.mock_records(project, workflow.target.system, workflow.target.entity)


def _sample(platform: Tryable, case: Case, workflow: Workflow) -> Record:
    """The record that will come in: another one at each trial."""
    source = workflow.source
    earlier = platform.mock_records(case.setup.project_id, source.system, source.entity)
    systems = {one.name: case.catalogue.system(one.name) for one in case.plan.systems}
    entry = with_columns(systems, workflow)[source.system]
    record = source_record(entry, workflow, seed=len(earlier))
    # A sample's discounts, fees and taxes are zero: without them, no line of nothing comes out.
    return {name: [] if _lists_nothing(name, value) else value for name, value in record.items()}


def _lists_nothing(name: str, value: JsonValue) -> bool:
    return isinstance(value, list) and bool(NOTHING_WORDS & set(words(name)))


def _send(platform: Tryable, case: Case, workflow: Workflow, record: Record) -> str:
    """Let a new record come in the way it is meant to; gives the event's id."""
    project, environment = case.setup.project_id, case.setup.environment
    source, trigger = workflow.source, workflow.trigger
    if trigger.kind != "webhook" or trigger.event is None:
        for row in rows_of(record) if workflow.group_by else [record]:
            platform.create_mock_record(project, source.system, source.entity, row)
        return platform.run_workflow(project, environment, workflow.name)
    if case.catalogue.system(source.system).event(trigger.event).read_id is not None:
        # The event only names the record, so the mock must have it to be read.
        record = platform.create_mock_record(project, source.system, source.entity, record)
    platform.send_sample_event(
        project, environment, source.system, trigger.event, workflow.name, record
    )
    return str(platform.events(project, environment, limit=1)[0].id)


def _wait(platform: Tryable, event_id: str) -> EventFate:
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        fate: EventFate = platform.event(event_id)
        if fate.state in _ENDED or time.monotonic() > deadline:
            return fate
        time.sleep(_POLL_SECONDS)
