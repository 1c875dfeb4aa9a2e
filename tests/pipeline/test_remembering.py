"""What a person confirmed in one integration is taken over into the next of the same pair."""

from pipeline.case import load_case
from pipeline.conversation import Thread
from pipeline.plan.edits import MapField, PlanEdit
from pipeline.plan.model import Mapping, Plan
from pipeline.ports import Interpretation
from pipeline.remembering import Pair, Remembered, memory_of, recalled
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.pipeline.conftest import REQUESTER, THREAD, Pipeline

NOTE = MapField(target="PrivateNote", source="email")
ANOTHER = Thread(team=THREAD.team, channel="C2", thread="2.2")


SAY = "use the email for the note"


def confirm(pipeline: Pipeline, edit: PlanEdit = NOTE, approved: bool = True) -> None:
    """A first integration, in which a person makes an edit and, mostly, approves the plan."""
    pipeline.start()
    pipeline.advance()
    pipeline.analyst.messages[SAY] = Interpretation(edits=[edit])
    pipeline.conversation.say(pipeline.id, REQUESTER, SAY)
    pipeline.advance()
    if approved:
        pipeline.approve("plan")


def next_plan(pipeline: Pipeline, thread: Thread = ANOTHER) -> Plan:
    """The plan of another integration, which nobody has changed."""
    pipeline.id = pipeline.conversation.start(thread, REQUESTER, "the same again").id
    pipeline.advance()
    store, catalogue = pipeline.services.store, pipeline.services.catalogue
    return load_case(store, pipeline.id, catalogue).plan


def note(plan: Plan) -> Mapping | None:
    found = [one for one in plan.workflows[0].mappings if one.target == "PrivateNote"]
    return found[0] if found else None


def test_it_is_taken_over_and_said_where_from(pipeline: Pipeline) -> None:
    confirm(pipeline)
    mapping = note(next_plan(pipeline))
    assert mapping is not None
    assert (mapping.source, mapping.status) == ("email", "confirmed")
    assert "confirmed before, in “" in mapping.note


def test_another_workspace_keeps_its_own(pipeline: Pipeline) -> None:
    confirm(pipeline)
    elsewhere = Thread(team="T2", channel="C1", thread="1.1")
    assert note(next_plan(pipeline, elsewhere)) == note(shopify_orders_to_quickbooks())


def test_what_nobody_approved_is_not_taken_over(pipeline: Pipeline) -> None:
    confirm(pipeline, approved=False)
    assert note(next_plan(pipeline)) == note(shopify_orders_to_quickbooks())


def test_a_constant_is_of_one_integration(pipeline: Pipeline) -> None:
    confirm(pipeline, MapField(target="PrivateNote", constant="from the shop"))
    assert note(next_plan(pipeline)) == note(shopify_orders_to_quickbooks())


def test_what_the_request_says_comes_first(pipeline: Pipeline) -> None:
    confirm(pipeline)
    store, catalogue = pipeline.services.store, pipeline.services.catalogue
    memory = memory_of(store, THREAD.team, "", catalogue)
    plan = shopify_orders_to_quickbooks()
    said = Mapping(target="PrivateNote", source="note", status="confirmed")
    others = [one for one in plan.workflows[0].mappings if one.target != "PrivateNote"]
    workflow = plan.workflows[0].model_copy(update={"mappings": [*others, said]})
    plan = plan.model_copy(update={"workflows": [workflow]})
    assert note(recalled(plan, memory, catalogue)) == said


def test_a_field_that_is_gone_is_not_taken_over(pipeline: Pipeline) -> None:
    plan = shopify_orders_to_quickbooks()
    pair = Pair("shopify", "order", "quickbooks", "sales-receipt")
    gone = Remembered(Mapping(target="PrivateNote", source="no_such_field"), "before")
    catalogue = pipeline.services.catalogue
    assert note(recalled(plan, {pair: [gone]}, catalogue)) == note(plan)
