"""A run that a person starts from a date reads from there, and writes nothing twice."""

from pathlib import Path

from pipeline.codegen.generate import generate
from pipeline.sandbox.deno import Deno
from tests.codegen import matrix
from tests.codegen.conftest import tool_result
from tests.codegen.harness import Runtime, add_driver, world, write_together


def test_a_backfill_reads_from_its_date(tmp_path: Path, deno: Deno) -> None:
    known = matrix.catalogue()
    plan = matrix.plans(known)["rows"]
    (workflow,) = plan.workflows
    write_together({"rows": generate(plan, known)}, tmp_path)
    assert tool_result(deno, "check", tmp_path).findings == []
    add_driver({"rows": plan}, tmp_path)
    runtime, there = Runtime(tmp_path), world(plan, known)
    source = there.systems["stripe"]
    for number, created in ((1, 1_600_000_000), (2, 1_700_000_000), (3, 1_772_422_200)):
        record = {"id": f"ch_{number}", "created": created, "amount": 5, "currency": "usd"}
        source.create("charge", record)
    there.kept[f'["{workflow.name}", "progress"]'] = {"since": 1_772_500_000}

    def rows(data: object) -> int:
        outcome = runtime.run("rows", workflow.name, data, there)
        assert outcome["ok"], outcome
        return len(there.systems["google-sheets"].records("row"))

    try:
        assert rows(None) == 0
        assert rows({"since": 1_650_000_000}) == 2
        assert rows({"since": 1_650_000_000}) == 2
        assert rows({"scheduledTime": "2026-03-01T00:00:00Z"}) == 2
    finally:
        runtime.kill()
