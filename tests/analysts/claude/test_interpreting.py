"""Messages in the thread: told apart first, and never more done than asked."""

import pytest

from pipeline.analysts.assignment import Assignment, assigned
from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import SourceFile
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.apply import apply_edit
from pipeline.plan.edits import MapField, SetBaseUrl
from pipeline.ports import Turn
from tests.analysts.claude.conftest import EXAMPLE, ask, draft
from tests.anthropic_double import said, says, uses
from tests.messages_rules import wants
from tests.models import agreeable, in_turn, material, when

CATALOGUE = Catalogue.load()
FILTER = ("filter", {"workflow": "", "field": "test", "operator": "eq", "value": "false",
                     "reason": "asked"})  # fmt: skip
NOTHING = {"workflow": "", "write": "", "lookup": "", "constant": "", "transform": "",
           "transform_args": "", "each": ""}  # fmt: skip
NOTE = ("map", {**NOTHING, "target": "PrivateNote", "source": "email", "reason": "asked"})


@pytest.fixture(scope="module")
def plan():
    return OfflineAnalyst(CATALOGUE).research(ask(EXAMPLE), lambda doing: None)


def reads(kind):
    return when("Reading", {"restated": "You want a change.", "kind": kind})


def changing(*calls, **options):
    """When a change is wanted: these uses of tools, then the end."""
    replies = in_turn(*(uses(call, **options) for call in calls))
    return lambda body: replies(body) if wants(body) == "ChangeResult" else None


def test_the_request_is_restated_and_the_edits_are_made_in_order(claude, plan):
    made = claude(agreeable(reads("change"), changing(FILTER, NOTE)))
    meaning = made.analyst.interpret("skip test orders, e-mail into the note", draft(plan))
    assert meaning.restated == "You want a change."
    assert [edit.op for edit in meaning.edits] == ["filter", "map"]
    assert meaning.edits[0].reason == "asked"
    assert meaning.answer == ""


@pytest.mark.parametrize("kind", ["question", "not for Weft"])
def test_without_a_change_there_is_no_tool_that_changes(claude, plan, kind):
    made = claude(agreeable(reads(kind), lambda body: None))
    meaning = made.analyst.interpret("why don't you skip test orders?", draft(plan))
    assert meaning.edits == []
    offered = {one["name"] for call in made.double.calls for one in call.body.get("tools", [])}
    assert not offered & {"map", "filter", "base_url"}


def test_a_question_beside_a_change_is_answered_on_the_changed_plan(claude, plan):
    made = claude(
        agreeable(reads("change and question"), changing(FILTER),
                  when("AnswerResult", {"answer": "Because of X."}))
    )  # fmt: skip
    meaning = made.analyst.interpret("skip test orders; and why X?", draft(plan))
    assert [edit.op for edit in meaning.edits] == ["filter"]
    assert meaning.answer == "Because of X."
    assert '\\"op\\":\\"eq\\"' in said(made.double.calls[-1].body)


def test_a_refused_edit_goes_back_with_the_reason(claude, plan):
    wrong = ("filter", {**FILTER[1], "field": "tset"})
    made = claude(agreeable(reads("change"), changing(wrong, FILTER)))
    meaning = made.analyst.interpret("skip test orders", draft(plan))
    assert [edit.op for edit in meaning.edits] == ["filter"]
    result = made.double.calls[2].body["messages"][-1]["content"][0]
    assert result["is_error"]
    assert "has no field “tset”" in result["content"]


def test_edits_that_fail_again_and_again_come_to_an_end(claude, plan):
    wrong = ("filter", {**FILTER[1], "field": "tset"})
    made = claude(agreeable(reads("change"), changing(*[wrong] * 9)))
    meaning = made.analyst.interpret("skip tset orders", draft(plan))
    assert meaning.edits == []
    assert "has no field “tset”" in meaning.answer
    assert "Too many edits were refused" in said(made.double.calls[-1].body)


def test_what_was_confirmed_is_never_changed_silently(claude, plan):
    confirmed = apply_edit(plan, MapField(target="PrivateNote", source="note"), CATALOGUE)
    made = claude(agreeable(reads("change"), changing(NOTE)))
    meaning = made.analyst.interpret("put the e-mail into the note", draft(confirmed))
    assert meaning.edits
    assert "replaces what was confirmed before: PrivateNote" in meaning.answer


@pytest.mark.parametrize(
    ("message", "taken"),
    [("the base URL of Shopify is https://shop.example/api", True), ("use our own server", False)],
)
def test_an_address_is_taken_from_the_message_alone(claude, plan, message, taken):
    url = "https://shop.example/api"
    call = ("base_url", {"system": "shopify", "base_url": url, "reason": ""})
    made = claude(agreeable(reads("change"), changing(call)))
    meaning = made.analyst.interpret(message, draft(plan))
    assert meaning.edits == ([SetBaseUrl(system="shopify", base_url=url)] if taken else [])


def test_an_answer_links_only_to_what_the_plan_names(claude, plan):
    source = plan.facts[0].source
    answer = {"answer": f"See {source} and https://evil.example/?q=secret ."}
    made = claude(agreeable(reads("question"), when("AnswerResult", answer)))
    said_back = made.analyst.interpret("why?", draft(plan)).answer
    assert source in said_back
    assert "evil" not in said_back


def test_a_pasted_case_is_read_without_the_model(claude, plan):
    made = claude()
    text = '{"input": {"email": "ada@customer.example"}, "expected": {}}'
    assert made.analyst.interpret(text, draft(plan)).test_cases
    assert made.double.calls == []


def test_the_model_may_look_things_up_before_it_answers(claude, plan):
    look = uses(("search_operations", {"query": "refund", "system": "shopify"}),
                ("get_entity", {"system": "shopify", "entity": "oder"}))  # fmt: skip
    turns = in_turn(look)
    made = claude(
        agreeable(reads("question"),
                  lambda body: turns(body) if wants(body) == "AnswerResult" else None,
                  when("AnswerResult", {"answer": "No."}))
    )  # fmt: skip
    assert made.analyst.interpret("does it handle refunds?", draft(plan)).answer == "No."
    found, missing = made.double.calls[-1].body["messages"][-1]["content"]
    assert '"grade":"vendor-schema"' in found["content"]
    assert missing["is_error"]
    assert "Closest: order" in missing["content"]


def test_unusable_answers_are_asked_for_again(claude, plan):
    bad = says("Sure! Here you go.", hostile=True)
    made = claude(agreeable(in_turn(bad)))
    assert made.analyst.interpret("why?", draft(plan)).answer
    assert "does not fit the schema" in said(made.double.calls[1].body)


FILES = [
    SourceFile(path="src/workflows/order.ts", content="// header\nexport const order = 1;\n"),
    SourceFile(
        path="src/services/order.test.ts",
        content='Deno.test("a case", () => {\n  const given = "ada@customer.example";\n});\n',
    ),
]


def test_what_was_said_before_tells_what_a_message_means(claude, plan):
    made = claude(agreeable(reads("change"), changing(FILTER)))
    earlier = [Turn(said="could you skip test orders?", answered="Yes: a filter on test.")]
    assert made.analyst.interpret("yes, do that", draft(plan), earlier).edits
    for body in (one.body for one in made.double.calls):
        told = material(body, "earlier in the thread, dealt with")
        assert told.splitlines() == [
            "a person: could you skip test orders?", "Weft: Yes: a filter on test.",
        ]  # fmt: skip
        assert material(body, "reply") == "yes, do that"


def test_a_question_about_the_code_is_answered_from_the_code(claude, plan):
    turns = in_turn(
        uses(("list_files", {})),
        uses(("read_file", {"path": "src/workflows/order.ts", "first_line": 2}),
             ("read_file", {"path": "src/services/order.test.ts", "first_line": 1}),
             ("read_file", {"path": "src/workflows/oder.ts", "first_line": 1})),
    )  # fmt: skip
    made = claude(
        agreeable(reads("question"),
                  lambda body: turns(body) if wants(body) == "AnswerResult" else None,
                  when("AnswerResult", {"answer": "Line 2 exports it."}))
    )  # fmt: skip
    assert made.analyst.interpret("explain order.ts", draft(plan, FILES)).answer
    listed, read = (one.body["messages"][-1]["content"] for one in made.double.calls[2:])
    assert "src/workflows/order.ts" in listed[0]["content"]
    code, tests, missing = (one["content"] for one in read)
    assert "2 export const order = 1;" in code
    assert "header" not in code
    assert "a case" in tests
    assert "ada@customer.example" not in tests  # samples are customers' data
    assert "Closest: src/workflows/order.ts" in missing


def test_before_there_is_code_nobody_can_read_it(claude, plan):
    made = claude(agreeable(reads("question")))
    made.analyst.interpret("explain order.ts", draft(plan))
    assert "read_file" not in [one["name"] for one in made.double.calls[-1].body["tools"]]


def test_who_watches_is_told_what_claude_does(claude, plan):
    told = []
    made = claude(agreeable(reads("change"), changing(FILTER)))
    with assigned(Assignment("i1", "T1", report=told.append)):
        made.analyst.interpret("skip test orders", draft(plan))
    assert told[0] == "Claude reads: your message"
    assert "Claude looks things up: the change" in told
