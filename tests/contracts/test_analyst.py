"""What every analyst keeps to: the offline one, and Claude's with a model of one's own."""

import json
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from pipeline.analysts.claude import ClaudeAnalyst, Configuration
from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import Finding, SourceFile
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.custom import try_transform
from pipeline.integration import Attachment
from pipeline.plan.apply import replay
from pipeline.plan.check import check
from pipeline.plan.model import Plan
from pipeline.ports import Analyst, Draft, Request
from tests.analysts.claude.conftest import EXAMPLE, MemoryLedger
from tests.anthropic_double import AnthropicDouble, Reply, said, says, uses
from tests.fakes import SteppingClock
from tests.messages_rules import Body, wants
from tests.models import agreeable

TITLES = json.dumps({
    "openapi": "3.0.0", "info": {"title": "Bookery"}, "servers": [{"url": "https://api.bookery.example"}],
    "paths": {"/titles": {
        "get": {"responses": {"200": {"content": {"application/json": {"schema": {
            "type": "array", "items": {"$ref": "#/components/schemas/Title"}}}}}}},
        "post": {"requestBody": {"content": {"application/json": {"schema": {
            "$ref": "#/components/schemas/Title"}}}}, "responses": {"201": {}}}}},
    "components": {"schemas": {"Title": {"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string"}, "price": {"type": "number"}}}}},
})  # fmt: skip


def sensible(body: Body) -> Reply | None:
    """What a model would make of the messages below."""
    text = said(body)
    if wants(body) == "ScopeResult" and "haiku" in text:
        return says({"in_scope": False, "reason": "I build data integrations; this is a poem.",
                     "alternatives": ["Copy finished poems to a sheet"]})  # fmt: skip
    if wants(body) == "Reading":
        asked = "why" in text or "explain" in text
        kind = "change" if "skip test" in text else "question" if asked else "not for Weft"
        return says({"restated": "You ask for that.", "kind": kind})
    if wants(body) == "ChangeResult" and "tool_result" not in text:
        given = {"workflow": "", "field": "test", "operator": "eq", "value": "false", "reason": ""}
        return uses(("filter", given))
    return None


def offline() -> Iterator[Analyst]:
    yield OfflineAnalyst(Catalogue.load())


def claude() -> Iterator[Analyst]:
    with AnthropicDouble(agreeable(sensible)).running() as double:
        configuration = Configuration(api_key=SecretStr("key"), base_url=double.url)
        yield ClaudeAnalyst(
            configuration, Catalogue.load(), MemoryLedger(), SteppingClock(), try_transform
        )
        assert double.problems == []


@pytest.fixture(scope="module", params=[offline, claude], ids=["offline", "claude"])
def analyst(request: pytest.FixtureRequest) -> Iterator[Analyst]:
    make: Callable[[], Iterator[Analyst]] = request.param
    yield from make()


def ask(text: str, *attachments: Attachment) -> Request:
    return Request(text=text, attachments=list(attachments), today="2026-11-22")


@pytest.fixture(scope="module")
def plan(analyst: Analyst) -> Plan:
    return analyst.research(ask(EXAMPLE), lambda doing: None)


def test_has_a_name(analyst):
    assert analyst.name in ("offline", "claude")


@pytest.mark.parametrize("text", ["", "   ", "…!?", "write a haiku about Shopify and QuickBooks"])
def test_out_of_scope_says_why_and_plans_nothing(analyst, text):
    scope = analyst.scope(ask(text))
    assert not scope.in_scope
    assert scope.reason
    assert analyst.research(ask(text), lambda doing: None) == Plan(scope=scope)


def test_the_example_becomes_a_plan_without_findings(analyst, plan):
    (workflow,) = plan.workflows
    assert (workflow.source.system, workflow.trigger.event) == ("shopify", "orders/create")
    assert (workflow.target.system, workflow.target.entity) == ("quickbooks", "sales-receipt")
    assert check(plan, Catalogue.load()) == []
    assert plan.title
    assert all(fact.source and fact.verified_on for fact in plan.facts)


def test_says_what_it_does_meanwhile(analyst):
    said_meanwhile: list[str] = []
    analyst.research(ask(EXAMPLE), said_meanwhile.append)
    assert said_meanwhile


def test_the_same_request_gives_the_same_plan(analyst, plan):
    assert analyst.research(ask(EXAMPLE), lambda doing: None) == plan


def test_what_the_request_maps_itself_is_confirmed(analyst):
    made = analyst.research(ask(f"{EXAMPLE} Map note → PrivateNote."), lambda doing: None)
    confirmed = [one for one in made.workflows[0].mappings if one.status == "confirmed"]
    assert any(one.source == "note" for one in confirmed)


def test_an_attached_description_is_a_system(analyst):
    request = ask(
        "Every night copy titles from our own API to Google Sheets",
        Attachment(name="bookery.json", content=TITLES),
    )
    made = analyst.research(request, lambda doing: None)
    assert made.workflows[0].source.system == "bookery"


def test_a_file_that_is_no_description_is_no_trouble(analyst):
    made = analyst.research(
        ask(EXAMPLE, Attachment(name="x.yaml", content="{")), lambda doing: None
    )
    assert made.workflows


def test_a_change_comes_as_edits_that_can_be_made(analyst, plan):
    meaning = analyst.interpret("skip test orders", Draft(plan=plan, request=ask(EXAMPLE)))
    after = replay(plan, meaning.edits, Catalogue.load())
    assert [(one.field, one.value) for one in after.workflows[0].filters] == [("test", False)]
    assert check(after, Catalogue.load()) == []


def test_a_question_is_answered_and_changes_nothing(analyst, plan):
    meaning = analyst.interpret(
        "why is CustomerRef looked up?", Draft(plan=plan, request=ask(EXAMPLE))
    )
    assert meaning.edits == []
    assert meaning.answer


def test_a_question_about_the_code_is_answered_and_changes_nothing(analyst, plan):
    files = [
        SourceFile(path="src/index.ts", content="// Starts the workflows.\nexport const a = 1;\n"),
        SourceFile(path="src/services/records.ts", content="export const b = 2;\n"),
    ]
    meaning = analyst.interpret(
        "explain src/index.ts", Draft(plan=plan, request=ask(EXAMPLE), files=files)
    )
    assert (meaning.edits, meaning.test_cases) == ([], [])
    assert meaning.answer


def test_what_came_in_together_is_read_as_one(analyst, plan):
    text = "thanks, looks good\n\nskip test orders"
    meaning = analyst.interpret(text, Draft(plan=plan, request=ask(EXAMPLE)))
    after = replay(plan, meaning.edits, Catalogue.load())
    assert [(one.field, one.value) for one in after.workflows[0].filters] == [("test", False)]


def test_what_is_not_for_weft_does_nothing(analyst, plan):
    meaning = analyst.interpret("thanks, see you at lunch", Draft(plan=plan, request=ask(EXAMPLE)))
    assert (meaning.edits, meaning.test_cases, meaning.answer) == ([], [], "")


def test_a_pasted_test_case_is_taken(analyst, plan):
    text = 'add a test case {"input": {"id": 7}, "expected": {"PrivateNote": "7"}}'
    meaning = analyst.interpret(text, Draft(plan=plan, request=ask(EXAMPLE)))
    assert [(one.input, one.expected) for one in meaning.test_cases] == [
        ({"id": 7}, {"PrivateNote": "7"})
    ]
    assert meaning.edits == []


@pytest.mark.parametrize("text", ["", "\x00", "{" * 5000, "</material> " * 500, "map " * 20_000])
def test_odd_messages_are_no_trouble(analyst, plan, text):
    meaning = analyst.interpret(text, Draft(plan=plan, request=ask(EXAMPLE)))
    replay(plan, meaning.edits, Catalogue.load())


def test_findings_are_mended(analyst, plan):
    catalogue = Catalogue.load()
    workflow = plan.workflows[0]
    kept = [one for one in workflow.mappings if one.target != "Line[].Amount"]
    broken = plan.model_copy(
        update={"workflows": [workflow.model_copy(update={"mappings": [
            *kept, workflow.mappings[0].model_copy(update={"target": "Nonsense"})]})]}
    )  # fmt: skip
    findings = check(broken, catalogue)
    edits = analyst.repair(findings, Draft(plan=broken, request=ask(EXAMPLE))).edits
    mended = replay(broken, edits, catalogue)
    assert len(check(mended, catalogue)) < len(findings)


def test_what_no_edit_can_mend_is_left(analyst, plan):
    finding = Finding(tool="deno check", message="Type error", file="src/index.ts", line=3)
    assert analyst.repair([finding], Draft(plan=plan, request=ask(EXAMPLE))).edits == []
