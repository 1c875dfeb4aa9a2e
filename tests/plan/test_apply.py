"""Every edit, applied and refused."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from pipeline.errors import InvalidEdit
from pipeline.plan.apply import apply_edit, replay
from pipeline.plan.check import check
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Filter, KeyPair, Plan, Workflow
from tests.analysts.invented import catalogue
from tests.plan.plans import PLAN

_EDIT: TypeAdapter[PlanEdit] = TypeAdapter(PlanEdit)


def edit(op: str, **fields: Any) -> PlanEdit:
    return _EDIT.validate_python({"op": op, **fields})


def apply(*edits: PlanEdit, plan: Plan = PLAN) -> Plan:
    return replay(plan, edits, catalogue())


def workflow(plan: Plan) -> Workflow:
    return plan.workflows[0]


def filled(plan: Plan) -> dict[str, Any]:
    return {one.target: one for one in workflow(plan).mappings}


def test_the_plan_itself_is_complete() -> None:
    assert check(PLAN, catalogue()) == []


def test_a_schedule_brings_what_reading_needs() -> None:
    after = workflow(apply(edit("set-trigger", cron="0 2 * * *", timezone="Europe/Berlin")))
    assert (after.trigger.kind, after.trigger.cron) == ("schedule", "0 2 * * *")
    assert after.trigger.event is None
    assert (after.source.method, after.source.path) == ("GET", "/deals")
    assert after.pagination.style == "page"
    assert after.cursor is not None
    assert after.cursor.field == "updated_at"


def test_back_to_the_webhook_takes_the_usual_event() -> None:
    after = apply(edit("set-trigger", cron="0 2 * * *"), edit("set-trigger", kind="webhook"))
    assert after == PLAN


def test_map_confirms() -> None:
    after = filled(apply(edit("map", target="currency", source="currency")))
    assert (after["currency"].source, after["currency"].status) == ("currency", "confirmed")


def test_map_replaces_and_converts() -> None:
    after = filled(apply(edit("map", target="number", source="amount")))
    assert after["number"].source == "amount"
    assert after["number"].transform.name == "to_string"


def test_map_a_constant_and_a_variable() -> None:
    after = filled(
        apply(
            edit("map", target="status", constant="sent"),
            edit("variable", name="prefix", default="R-", description="Before numbers"),
            edit("map", target="number", source="$variable.prefix"),
        )
    )
    assert after["status"].constant == "sent"
    assert after["number"].source == "$variable.prefix"


def test_unmap() -> None:
    assert "number" not in filled(apply(edit("unmap", target="number")))


def test_filters_are_added_replaced_and_removed() -> None:
    once = edit("filter", field="amount", operator="gt", value=10)
    more = edit("filter", field="amount", operator="gt", value=20)
    assert workflow(apply(once, more)).filters == [Filter(field="amount", op="gt", value=20)]
    assert apply(once, edit("unfilter", field="amount")) == PLAN


def test_rename() -> None:
    assert apply(edit("rename", name="Deals")).title == "Deals"
    assert workflow(apply(edit("rename", workflow="deals", name="New Deals!"))).name == "new-deals"


def test_auth_is_the_catalogues_scheme() -> None:
    auth = apply(edit("auth", system="relato", type="oauth2", grant="client-credentials"))
    assert auth.system("relato").auth.token_url == "https://id.example.com/token"


def test_an_answer_applies_its_edits() -> None:
    after = apply(edit("answer", question="big", answer="YES"))
    assert after.questions[0].answer == "yes"
    assert workflow(after).filters == [Filter(field="amount", op="gt", value=1000)]
    assert apply(edit("answer", question="big", answer="only on Mondays")).questions[0].answer


def test_write_mode() -> None:
    after = workflow(apply(edit("write-mode", write_mode="upsert", match_target="number")))
    assert after.match_on == [KeyPair(target="number", source="name")]
    assert apply(
        edit("write-mode", write_mode="upsert", match_target="number"),
        edit("write-mode", write_mode="create"),
    ) == PLAN  # fmt: skip


def test_on_missing_and_base_url() -> None:
    assert (
        workflow(apply(edit("on-missing", lookup="client", on_missing="skip")))
        .lookups[0]
        .on_missing
        == "skip"
    )
    url = edit("base-url", system="relato", base_url="https://eu.relato.example.com/")
    assert apply(url).system("relato").base_url == "https://eu.relato.example.com"


def test_a_lookup_finds_by_another_key_or_another_value() -> None:
    def keys(*edits: PlanEdit) -> list[KeyPair]:
        return workflow(apply(*edits)).lookups[0].by

    by_name = edit("lookup-key", lookup="client", target="name", source="owner")
    assert keys(by_name) == [KeyPair(target="name", source="owner")]
    other_value = edit("lookup-key", lookup="client", target="email", source="owner")
    assert keys(other_value) == [KeyPair(target="email", source="owner")]


REFUSED = [
    (edit("lookup-key", lookup="clients", target="name", source="owner"), "no lookup.*client"),
    (edit("lookup-key", lookup="client", target="mail", source="owner"), "no field.*email"),
    (edit("lookup-key", lookup="client", target="name", source="holder"), "no field.*owner"),
    (edit("set-trigger", workflow="deal", cron="0 2 * * *"), "no workflow “deal”.*deals"),
    (edit("set-trigger", cron="61 * * * *"), "no schedule"),
    (edit("set-trigger", cron="* * * * * *"), "no schedule"),
    (edit("set-trigger", kind="schedule"), "no schedule"),
    (edit("set-trigger", cron="0 2 * * *", timezone="Mars/Base"), "no time zone"),
    (edit("set-trigger", cron="0 2 * * *", timezone="../etc"), "no time zone"),
    (edit("set-trigger", event="deal.craeted"), "no event.*deal.created"),
    (edit("map", target="nummer", source="name"), "no field “nummer”.*number"),
    (edit("map", target="number", source="nam"), "no field “nam”.*name"),
    (edit("map", target="id", source="name"), "read-only"),
    (edit("map", target="number"), "one value"),
    (edit("map", target="number", source="name", constant="x"), "one value"),
    (edit("map", target="status", constant="lost"), "one of"),
    (edit("map", target="total", constant="many"), "type number"),
    (edit("map", target="number", constant="x" * 21), "at most 20"),
    (edit("map", target="number", source="name", transform="uper"), "no transform.*upper"),
    (edit("map", target="number", source="$variable.nope"), "no variable"),
    (edit("map", target="number", source="$lookup.nope.id"), "no lookup"),
    (edit("map", target="number", source="$lookup.client.nope"), "no field"),
    (edit("map", target="a..b", source="name"), "no path"),
    (edit("map", write="w", target="number", source="name"), "no write"),
    (edit("map", lookup="w", target="number", source="name"), "no lookup"),
    (edit("unmap", target="client_id"), "required"),
    (edit("unmap", target="status"), "not mapped"),
    (edit("filter", field="amout", operator="gt", value=1), "amount"),
    (edit("filter", field="amount", operator="in", value=1), "list"),
    (edit("unfilter", field="amount"), "No filter"),
    (edit("rename", name="  "), "letter"),
    (edit("rename", workflow="deals", name="!!"), "letter"),
    (edit("auth", system="relato", type="basic-auth"), "offers"),
    (edit("auth", system="relata", type="api-key"), "relato"),
    (edit("answer", question="bog", answer="yes"), "big"),
    (edit("variable", name="x", type="number", default="one"), "number"),
    (edit("variable", name="x", type="number", default=True), "number"),
    (edit("write-mode", write_mode="upsert"), "by which field"),
    (edit("write-mode", write_mode="upsert", match_target="status"), "Nothing is mapped"),
    (edit("on-missing", lookup="client", on_missing="create"), "made of"),
    (edit("on-missing", lookup="clients", on_missing="skip"), "client"),
    (edit("base-url", system="relato", base_url="ftp://x"), "https"),
    (edit("drop-workflow", workflow="deals"), "last workflow"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "message"), REFUSED, ids=lambda value: getattr(value, "op", None)
)
def test_what_cannot_be_done_is_refused_with_what_to_do(wrong: PlanEdit, message: str) -> None:
    with pytest.raises(InvalidEdit, match=message):
        apply_edit(PLAN, wrong, catalogue())


def test_new_research_keeps_what_people_confirmed() -> None:
    edits = [edit("map", target="currency", source="currency"), edit("rename", name="Mine")]
    fresh = PLAN.model_copy(update={"summary": "Found more."})
    after = replay(fresh, edits, catalogue())
    assert (after.summary, after.title) == ("Found more.", "Mine")
    assert filled(after)["currency"].status == "confirmed"
