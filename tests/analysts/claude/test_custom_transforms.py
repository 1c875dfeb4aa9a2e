"""Functions that a model writes: they count once they are pure and their examples have passed."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import Finding
from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import SandboxError
from pipeline.plan.apply import replay
from pipeline.plan.check import check
from pipeline.plan.diff import plan_diff
from pipeline.plan.edits import MapField
from pipeline.plan.model import CustomTransform, Example
from tests.analysts.claude.conftest import EXAMPLE, ask, draft
from tests.anthropic_double import said, uses
from tests.messages_rules import wants
from tests.models import agreeable, in_turn, when

CATALOGUE = Catalogue.load()
SHOUT = """export function shout(value: string): string | undefined {
  return `${value.toUpperCase()}!`;
}"""
EXAMPLES = [{"inputs": '["hello"]', "output": '"HELLO!"'}, {"inputs": '["ß"]', "output": '"SS!"'}]
CASE_FAILED = Finding(tool="deno test", message="expected", file="src/services/custom-shout.ts")


def writes(source: str = SHOUT, examples=EXAMPLES, **changes):
    given = {"name": "shout", "summary": "in capitals", "source": source, "takes": ["string"],
             "gives": "string", "examples": examples}  # fmt: skip
    return ("write_transform", {**given, **changes})


def maps(target="PrivateNote", source="note", transform="shout"):
    return ("map", {"workflow": "", "write": "", "lookup": "", "target": target, "source": source,
                    "constant": "", "transform": transform, "transform_args": '{"with": []}',
                    "each": "", "reason": "asked"})  # fmt: skip


def script(stage: str, *calls):
    """A model that uses these tools in that stage, one a turn."""
    replies = in_turn(*map(uses, calls))
    return agreeable(
        when("Reading", {"restated": "You want capitals.", "kind": "change"}),
        lambda body: replies(body) if wants(body) == stage else None,
    )


def passes(custom, cancellation):
    return []


@pytest.fixture(scope="module")
def plan():
    return OfflineAnalyst(CATALOGUE).research(ask(EXAMPLE), lambda doing: None)


@pytest.fixture(scope="module")
def with_function(plan):
    """A plan with a function whose body somebody else wrote."""
    custom = CustomTransform(
        name="shout",
        summary="in capitals",
        source=SHOUT.replace("!", "?"),
        examples=[Example(inputs=[one], output=f"{one.upper()}?") for one in ("a", "b")],
    )
    edit = MapField(target="PrivateNote", source="note", transform="custom",
                    transform_args={"with": []}, custom=custom)  # fmt: skip
    return replay(plan, [edit], CATALOGUE)


def test_a_function_is_run_before_a_mapping_may_name_it(claude, plan):
    made = claude(script("ChangeResult", maps(), writes(), maps()))
    meaning = made.analyst.interpret("put the note in capitals", draft(plan))
    (edit,) = meaning.edits
    assert (edit.transform, edit.custom.source, edit.reason) == ("custom", SHOUT, "asked")
    assert check(replay(plan, meaning.edits, CATALOGUE), CATALOGUE) == []
    results = [one.body["messages"][-1]["content"][0] for one in made.double.calls[2:]]
    assert [one["is_error"] for one in results] == [True, False, False]
    assert "Its 2 examples pass" in results[1]["content"]


def test_an_example_that_fails_goes_back_with_what_came_out(claude, plan):
    wrong = [EXAMPLES[0], {"inputs": '["a"]', "output": '"B!"'}]
    made = claude(script("ChangeResult", writes(examples=wrong), maps()))
    assert made.analyst.interpret("put the note in capitals", draft(plan)).edits == []
    (result,) = made.double.calls[2].body["messages"][-1]["content"]
    assert result["is_error"]
    assert "A!" in result["content"]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (writes(SHOUT.replace("return", "fetch('https://evil.example'); return")), "fetch"),
        (writes(examples=EXAMPLES[:1]), "at least 2 examples"),
        (writes(examples=[{"inputs": '"a"', "output": ""}] * 2), "JSON text of an array"),
        (writes(examples=[{"inputs": "[1", "output": ""}] * 2), "must be JSON text"),
        (writes(takes=[]), "inputs"),
    ],
)
def test_what_is_no_function_is_refused_before_it_runs(claude, plan, call, sentence):
    made = claude(script("ChangeResult", call, maps()))
    meaning = made.analyst.interpret("put the note in capitals", draft(plan))
    assert meaning.edits == []
    assert sentence in said(made.double.calls[2].body)


def test_the_number_of_tries_is_bounded(claude, plan):
    tried = []

    def fails(custom, cancellation):
        tried.append(custom)
        return [Finding(tool="deno check", message="Type error")]

    made = claude(script("ChangeResult", *[writes()] * 8), trying=fails)
    made.analyst.interpret("put the note in capitals", draft(plan))
    assert len(tried) == 6
    assert "leave this mapping to a person" in said(made.double.calls[-1].body)


def test_without_a_sandbox_it_is_left_out(claude, plan):
    def missing(custom, cancellation):
        raise SandboxError("Deno is missing.")

    made = claude(script("ChangeResult", writes()), trying=missing)
    assert made.analyst.interpret("put the note in capitals", draft(plan)).edits == []
    assert "Deno is missing" in said(made.double.calls[-1].body)


def test_research_may_write_one_too_and_a_person_looks_at_it(claude, plan):
    chosen = {"target": "PrivateNote", "source": "note", "constant": "", "transform": "shout",
              "transform_args": '{"with": []}', "each": "", "lookup": "", "confidence": 0.6,
              "reason": "the accountants want capitals"}  # fmt: skip
    replies = in_turn(uses(writes()))
    rule = when("MappingsResult", {"mappings": [chosen], "dropped": [], "questions": []})
    made = claude(
        agreeable(lambda body: replies(body) if wants(body) == "MappingsResult" else None, rule),
        trying=passes,
    )
    (mapping,) = [
        one for one in made.research().workflows[0].mappings if one.target == "PrivateNote"
    ]
    assert (mapping.transform.name, mapping.transform.custom.source) == ("custom", SHOUT)
    assert mapping.status == "needs-review"


def test_a_repair_writes_the_body_anew_and_nothing_else_of_what_was_confirmed(
    claude, with_function
):
    made = claude(
        script("RepairResult", maps(source="email"), writes(), maps(source="email"), maps()),
        trying=passes,
    )
    repair = made.analyst.repair([CASE_FAILED], draft(with_function))
    (edit,) = repair.edits
    assert (edit.source, edit.custom.source) == ("note", SHOUT)
    after = replay(with_function, repair.edits, CATALOGUE)
    assert plan_diff(with_function, after) == ["PrivateNote ← note (in capitals), rewritten"]
    results = [one.body["messages"][-1]["content"][0] for one in made.double.calls[1:]]
    assert [one["is_error"] for one in results] == [True, False, True, False]
    assert "only a person changes it" in results[2]["content"]


def test_what_cannot_be_mended_is_said(claude, plan):
    made = claude(agreeable(when("RepairResult", {"not_mended": "The API itself refuses it."})))
    assert made.analyst.repair([CASE_FAILED], draft(plan)).not_mended == (
        "The API itself refuses it."
    )
