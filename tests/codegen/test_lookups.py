"""What several records refer to is created once, and asked for once in a run."""

from tests.codegen.conftest import Tried, proving
from tests.codegen.matrix import Pattern, Row
from tests.codegen.trial import COUNT, numbers


@proving(Pattern.LOOKUP_OR_CREATE)
def test_what_all_records_refer_to_is_created_once(row: Row, tried: Tried) -> None:
    trial = tried(row, count=0)
    for name, make in row.there.items():
        trial.put(name, map(make, numbers(COUNT)))
    (lookup,) = row.workflow.lookups
    referring = lookup.by[0].source.partition(".")[0]
    records = [{**row.make(one), referring: row.make(1)[referring]} for one in numbers(COUNT)]
    trial.put(row.source, records)
    inputs = [trial.event(one) for one in records] if row.event else [{}]
    trial.succeed(inputs)
    mock, entity = trial.mock(f"{lookup.system}.{lookup.entity}")
    assert len(mock.records(entity)) == 1
    finding = mock.entry.operation(entity, "find")
    assert finding is not None
    asked = [one for one in mock.exchanges.all() if one.operation == finding.id]
    assert len(asked) == len(inputs), "each run asks once for each key"
