"""Every pattern, generated, verified and run: effects are counted at the mocks.

Duplicates, events in another order, and a process that is killed right after a write must leave
each source record in the target as often as the effect class of the write promises.
"""

from pathlib import Path

import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.sandbox.deno import Deno
from pipeline.simulation.faults import Fault
from tests.codegen import matrix
from tests.codegen.conftest import Tried, proving, tool_result
from tests.codegen.matrix import ROWS, Pattern, Row
from tests.codegen.matrix.document import document
from tests.codegen.trial import COUNT
from tests.codegen.world import Killed

PAGE = Path(__file__).parents[2] / "docs/patterns.md"
EACH = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@pytest.mark.parametrize("pattern", Pattern)
def test_a_pattern_is_proved_by_two_pairs_of_systems(pattern: Pattern) -> None:
    assert len(matrix.table()[pattern]) >= 2


def test_the_page_says_what_is_run() -> None:
    assert PAGE.read_text() == document(), "run `python -m tests.codegen.matrix > docs/patterns.md`"


@pytest.mark.parametrize("tool", ["check", "lint", "test"])
def test_every_row_is_clean(together: Path, tool: str, deno: Deno) -> None:
    result = tool_result(deno, tool, together)
    assert result.findings == []
    assert tool != "test" or result.tests_passed > 250


@EACH
def test_each_record_arrives_once(row: Row, tried: Tried) -> None:
    trial = tried(row)
    trial.succeed([*trial.inputs, *reversed(trial.inputs), trial.inputs[0]])
    assert trial.counts() == {name: COUNT * each for name, each in row.arriving.items()}
    assert trial.world.issues == []


@EACH
def test_a_kill_after_a_write_loses_and_repeats_nothing(row: Row, tried: Tried) -> None:
    trial = tried(row)
    trial.world.kill_after_write = 2  # the write is done, but nobody has noted it
    with pytest.raises(Killed):
        trial.succeed(trial.inputs)
    trial.succeed(trial.inputs)
    left_to_a_person = len(trial.world.issues)
    assert left_to_a_person == 0 or row.ambiguous
    for name, count in trial.counts().items():
        # Of several writes, what follows the uncertain one waits for the person too.
        each = row.arriving[name]
        assert (COUNT - left_to_a_person) * each <= count <= COUNT * each


def test_what_cannot_be_repeated_is_left_to_a_person(tried: Tried) -> None:
    trial = tried(matrix.named("text-message"))
    trial.world.systems["twilio"].faults.add(Fault("lost-response", times=5))
    assert not trial.run(trial.inputs[0])["ok"]
    assert trial.run(trial.inputs[0])["data"]["status"] == "skipped"
    assert trial.counts() == {"twilio.message": 1}
    assert [one["title"] for one in trial.world.issues][-1].endswith("has to be looked at")


@proving(Pattern.WEBHOOK)
def test_a_webhook_answers_at_once_and_asks_who_sends(
    row: Row, together: Path, known: Catalogue
) -> None:
    workflow = (together / f"src/{row.name}/workflows/{row.workflow.name}.ts").read_text()
    signs = known.system(row.workflow.source.system).signature is not None
    assert 'response: { mode: "async" }' in workflow
    assert signs == (f'connection: "{row.workflow.source.system}",\n}})' in workflow)


@proving(Pattern.ROWS_TO_LIST)
def test_all_rows_of_a_record_stand_in_its_list(row: Row, tried: Tried) -> None:
    trial = tried(row)
    trial.succeed()
    (target,) = row.arriving
    [name] = {one.target.partition("[]")[0] for one in row.workflow.mappings if "[]" in one.target}
    assert [len(one[name]) for one in trial.found(target)] == [2] * COUNT


@proving(Pattern.WRITES_IN_ORDER)
def test_a_later_write_uses_what_an_earlier_one_gave(row: Row, tried: Tried) -> None:
    trial = tried(row)
    trial.succeed(trial.inputs)
    first, second = row.arriving
    mock, entity = trial.mock(first)
    ids = [mock.kind(entity).id_field.path, "number"]
    for made, told in zip(trial.found(first), trial.found(second), strict=True):
        assert any(f" {made.get(one)}" in f" {told}".replace("#", " ") for one in ids)
