"""One workflow on the stage: how it is started, and what it did to the systems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.plan.model import Plan, Workflow
from pipeline.simulation.faults import Fault
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.kinds import EntityKind
from pipeline.simulation.preparing import (
    Record,
    furnish,
    source_record,
    source_schema,
    start_of,
)
from pipeline.simulation.running import Fate, Invoker
from pipeline.simulation.world import Sent, World

_BATCH = 2  # records that one scheduled run finds


@dataclass(frozen=True)
class Played:
    """What came of one situation."""

    world: World
    fates: list[Fate]

    @property
    def ok(self) -> bool:
        return all(fate.ok for fate in self.fates)

    @property
    def error(self) -> str:
        return next((fate.error for fate in self.fates if not fate.ok), "")

    @property
    def said(self) -> str:
        """The error with all that was logged of it."""
        return "\n".join([self.error, *self.world.complaints])


@dataclass
class Scene:
    """A workflow, the systems around it, and what it is known to do when nothing is wrong."""

    plan: Plan
    workflow: Workflow
    entries: Mapping[str, SystemEntry]
    invoker: Invoker
    given: Mapping[str, object] = field(default_factory=dict)
    main: Operation | None = None  # the write that everything is about
    reads: list[tuple[str, Operation]] = field(default_factory=list)  # system, operation
    count: int = 0  # how many writes a plain run makes
    plain: dict[str, int] = field(default_factory=dict)  # what the target keeps after it

    @property
    def by_event(self) -> bool:
        return self.workflow.trigger.kind == "webhook"

    @property
    def by_notice(self) -> bool:
        """Whether its events have a payload of their own, which always names the record."""
        event = next((e for e in self.source.events if e.name == self.workflow.trigger.event), None)
        return event is not None and (event.read_id or event.record_schema) is not None

    @property
    def source(self) -> SystemEntry:
        return self.entries[self.workflow.source.system]

    @property
    def target(self) -> SystemEntry:
        return self.entries[self.workflow.target.system]

    def records(self, count: int | None = None) -> list[Record]:
        """What comes in: one record by an event, a few by a run."""
        wanted = count if count is not None else 1 if self.by_event else _BATCH
        return [
            source_record(self.source, self.workflow, seed, self.given) for seed in range(wanted)
        ]

    def sibling(self, world: World) -> Record:
        """Another record that refers to the same; only its own keys are others."""
        record, other = self.records(2)
        kind = self.source_kind
        referring = {pair.source for one in self.workflow.lookups for pair in one.by}
        own = [kind.id_field.path, *kind.unique]
        own += [pair.source for pair in self.workflow.match_on if pair.source not in referring]
        for path in own:
            if "[]" not in path and not path.startswith("$"):
                record = put_at(record, path, read_at(other, path))
        furnish(world, self.plan, self.workflow, [record])
        return record

    def world(self, records: Sequence[Record], faults: Mapping[str, Fault] | None = None) -> World:
        """A fresh world that has what the workflow needs; `faults` by system."""
        world = World(self.plan, self.entries)
        furnish(world, self.plan, self.workflow, records)
        for system, fault in (faults or {}).items():
            world.mocks[system].faults.add(fault)
        return world

    def play(self, world: World, records: Sequence[Record], times: int = 1) -> Played:
        """Start the workflow with these records, `times` at once."""
        starts = [start_of(world, self.workflow, record) for record in records]
        starts = starts if self.by_event else starts[:1]
        starts = starts or [start_of(world, self.workflow, {})]
        return Played(world, self.invoker.run(world, *starts * times))

    def plainly(self, fault: Fault | None = None, system: str | None = None) -> Played:
        """The usual records, in a fresh world with this fault (of the target, unless said)."""
        records = self.records()
        faults = {system or self.target.name: fault} if fault else None
        return self.play(self.world(records, faults), records)

    def once_more(self, played: Played) -> Played:
        """The same event delivered again, as a replay or the sender's own second attempt."""
        return self.play(played.world, self.records())

    # ---- What happened ------------------------------------------------------------------------

    def writes(self, world: World) -> list[Sent]:
        """The writes of the workflow's own target that had an effect."""
        return [sent for sent in self.asked(world) if sent.effective]

    def asked(self, world: World) -> list[Sent]:
        """Every request for such a write, whatever came of it."""
        writing = ("create", "update", "upsert", "delete", "action")
        ids = {
            one.id
            for one in self.target.operations
            if one.entity == self.workflow.target.entity and one.action in writing
        }
        return [
            sent
            for sent in world.sent
            if sent.system == self.target.name and sent.exchange.operation in ids
        ]

    def kept(self, world: World) -> dict[str, int]:
        """How many records of each entity the target holds, and what was done to its own."""
        mock, own = world.mocks[self.target.name], self.workflow.target.entity
        kept = {one.name: len(mock.records(one.name)) for one in self.target.entities}
        done = 0 if kept.get(own) else len(self.writes(world))  # an action keeps no record
        return {**kept, "": done}

    def as_plain(self, played: Played) -> bool:
        """Whether the target holds what it holds when nothing is wrong."""
        return self.kept(played.world) == self.plain

    def learn(self, played: Played) -> None:
        """Take down from a plain run which calls there are to disturb."""
        known = {
            (entry.name, one.id): one for entry in self.entries.values() for one in entry.operations
        }
        written = self.writes(played.world)
        self.plain = self.kept(played.world)
        self.count = len(written)
        if written:
            self.main = known[self.target.name, written[-1].exchange.operation]
        for sent in played.world.sent:
            found = known.get((sent.system, sent.exchange.operation))
            reading = found is not None and found.action in ("read", "list", "find")
            if found is not None and reading and (sent.system, found) not in self.reads:
                self.reads.append((sent.system, found))

    @property
    def calls(self) -> list[tuple[str, Operation]]:
        """Every call that is known of it, reads first."""
        return self.reads + ([(self.target.name, self.main)] if self.main else [])

    @property
    def source_kind(self) -> EntityKind:
        entity = self.source.entity(self.workflow.source.entity)
        schema = dict(source_schema(self.source, self.workflow))
        return EntityKind(entity.model_copy(update={"record_schema": schema}))

    @property
    def repeatable(self) -> bool:
        """Whether sending the main write twice has the effect of sending it once."""
        if self.main is None:
            return False
        deletes = self.main.action == "delete" and self.main.method == "DELETE"
        return deletes or self.main.effect in ("idempotency-key", "repeatable")

    @property
    def findable(self) -> bool:
        """Whether a second run can see what a first one left, though its answer was lost."""
        find = self.target.operation(self.workflow.target.entity, "find")
        keys = [pair.target for pair in self.workflow.match_on]
        return find is not None and bool(keys) and keys[0] in find.find_by
