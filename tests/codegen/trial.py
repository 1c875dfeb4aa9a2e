"""A row of the matrix, run: what the source holds, what starts it, and what then is where."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.catalogue.catalogue import Catalogue
from pipeline.received import parsed
from pipeline.simulation.json_paths import put_at
from pipeline.simulation.mock import MockSystem
from tests.codegen.harness import STATIC, Runtime
from tests.codegen.matrix.row import Record, Row
from tests.codegen.world import World, world

COUNT = 3  # records of the source
Outcome = dict[str, Any]


class Trial:
    """One world in which a row's workflows run, as often as a test wants."""

    def __init__(self, row: Row, runtime: Runtime, known: Catalogue, *, count: int = COUNT) -> None:
        self.row = row
        self.world: World = world(row.plan(known), known)
        self._runtime = runtime
        for name, make in row.there.items():
            self.put(name, map(make, numbers(count)))
        self.records = [row.make(number) for number in numbers(count)]
        held = [*self.records, *([row.left_out] if row.left_out else [])]
        self.put(row.source, held)
        self.inputs = [self.event(one) for one in held] if row.event else [{}]

    def put(self, name: str, records: Iterable[Record]) -> None:
        """Records that a system (`system.entity`) has by itself."""
        mock, entity = self.mock(name)
        for record in records:
            mock.create(entity, record)

    def mock(self, name: str) -> tuple[MockSystem, str]:
        system, _, entity = name.partition(".")
        return self.world.systems[system], entity

    def found(self, name: str) -> list[Record]:
        """What a system has now."""
        mock, entity = self.mock(name)
        return mock.records(entity)

    def event(self, record: Record) -> Any:
        """What the source sends of a record; the event's name in the words of the system."""
        mock, _ = self.mock(self.row.source)
        assert self.row.event is not None
        event = mock.entry.event(self.row.event)
        headers, body = mock.sample_event(self.row.event, record)
        data = parsed(body, headers["content-type"])
        return put_at(data, event.name_path or "", event.name_value) if event.name_value else data

    def counts(self) -> dict[str, int]:
        """How many records each target has."""
        return {name: len(self.found(name)) for name in self.row.arriving}

    def run(
        self,
        data: Any = None,
        *,
        workflow: str = "",
        durable: bool = False,
        activation: Mapping[str, Any] = STATIC,
    ) -> Outcome:
        """The outcome of one run, whatever it is."""
        name = workflow or self.row.workflow.name
        return self._runtime.run(
            self.row.name, name, data, self.world, durable=durable, activation=activation
        )

    def succeed(self, inputs: Iterable[Any] = ({},), **how: Any) -> list[Outcome]:
        """The outcomes of runs that have to go well."""
        outcomes = [self.run(data, **how) for data in inputs]
        assert [one.get("error") for one in outcomes if not one["ok"]] == []
        return outcomes


def numbers(count: int) -> range:
    return range(1, count + 1)
