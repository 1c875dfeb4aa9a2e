"""The picture of a plan's flow: its content as data, and that any text can be drawn."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.flow import MOST_WORKFLOWS, flow_words, flows, picture
from pipeline.plan.model import Filter, KeyPair, Plan, Scope, Trigger, Write
from tests.bot.replies import plan as plan_of


def size(drawn: bytes) -> tuple[int, int]:
    """Width and height in pixels, as the first chunk of every PNG says them."""
    assert drawn.startswith(b"\x89PNG")
    return int.from_bytes(drawn[16:20], "big"), int.from_bytes(drawn[20:24], "big")


def with_workflows(count: int) -> Plan:
    plan = plan_of("orders")
    one = plan.workflows[0]
    many = [one.model_copy(update={"name": f"flow-{number}"}) for number in range(count)]
    return plan.model_copy(update={"workflows": many})


def test_cards_go_from_what_starts_a_workflow_to_what_it_writes() -> None:
    plan = plan_of("orders")
    workflow = plan.workflows[0].model_copy(
        update={
            "trigger": Trigger(kind="schedule", cron="0 7 * * 1-5", timezone="Europe/Berlin"),
            "filters": [Filter(field="total", op="gt", value=100)],
            "writes": [
                Write(
                    id="w2",
                    system="unknown",
                    entity="note",
                    write_mode="upsert",
                    match_on=[KeyPair(target="Id", source="id")],
                )
            ],
        }
    )
    [flow] = flows(plan.model_copy(update={"workflows": [workflow]}))
    kinds = [card["kind"] for card in flow["steps"]]
    assert kinds == ["start", "filter", *["find"] * len(workflow.lookups), "write", "write"]
    assert flow["steps"][0]["lines"] == ["at 07:00, Monday through Friday, Europe/Berlin"]
    assert flow["steps"][1]["lines"] == ["total > 100"]
    assert flow["steps"][-1]["label"] == "To unknown"
    assert flow["steps"][-1]["lines"] == ["create or update, 0 fields", "same record: Id = id"]


def test_a_picture_is_as_wide_as_a_thread_needs_and_says_itself_in_words() -> None:
    plan = plan_of("orders")
    width, height = size(picture(plan))
    assert width == 1080
    assert 300 < height < 4000
    assert plan.workflows[0].source.entity in flow_words(plan)
    assert flow_words(plan).startswith("From ")  # one workflow needs no title
    assert flow_words(with_workflows(2)).startswith("flow 0: From ")


def test_what_both_ways_agree_on_is_said_once() -> None:
    plan = with_workflows(2)
    both = [
        one.model_copy(update={"sync_group": "contacts", "conflict": "latest-wins"})
        for one in plan.workflows
    ]
    notes = [flow["note"] for flow in flows(plan.model_copy(update={"workflows": both}))]
    assert notes == ["", "Where both sides changed: latest wins"]


def test_more_workflows_than_can_be_read_are_counted() -> None:
    shown = flows(with_workflows(MOST_WORKFLOWS + 3))
    assert len(shown) == MOST_WORKFLOWS
    assert shown[-1]["note"] == "3 more workflows in the document."


def test_a_plan_without_workflows_has_no_picture() -> None:
    assert picture(Plan(scope=Scope(in_scope=False, reason="no"))) == b""


@pytest.mark.parametrize("text", ["#panic()", '")#read("/etc/passwd")', "$ x^2 $", "x" * 100_000])
def test_text_is_never_markup(text: str) -> None:
    assert size(picture(plan_of(text)))[0] == 1080


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1))
def test_any_text_can_be_drawn(text: str) -> None:
    assert size(picture(plan_of(text)))[0] == 1080
