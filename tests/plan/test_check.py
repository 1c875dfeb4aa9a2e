"""Findings: each fault of a plan, and no other."""

from typing import Any

import pytest

from pipeline.plan.check import check
from pipeline.plan.model import (
    Filter,
    KeyPair,
    Lookup,
    Mapping,
    Plan,
    Scope,
    Transform,
    Trigger,
    Variable,
)
from tests.analysts.invented import catalogue
from tests.plan.plans import PLAN

FLOW = PLAN.workflows[0]
CLIENT = FLOW.lookups[0]


def with_flow(**changes: Any) -> Plan:
    return PLAN.model_copy(update={"workflows": [FLOW.model_copy(update=changes)]})


def plus(*mappings: Mapping) -> Plan:
    return with_flow(mappings=[*FLOW.mappings, *mappings])


FAULTS = [
    (with_flow(mappings=FLOW.mappings[1:]), "client_id of the invoice is required"),
    (plus(Mapping(target="status", source="nope")), "no field “nope”"),
    (plus(Mapping(target="nope", source="name")), "no field “nope”"),
    (plus(Mapping(target="id", source="name")), "read-only"),
    (plus(Mapping(target="status", constant="lost")), "not among the values"),
    (plus(Mapping(target="test", source="name", transform=Transform(name="nope"))), "no transform"),
    (plus(Mapping(target="number", constant="x" * 30)), "longer"),
    (plus(Mapping(target="number", constant=5)), "not of the type"),
    (plus(Mapping(target="number")), "neither"),
    (plus(Mapping(target="lines[].amount", source="amount")), "for each of which"),
    (
        plus(Mapping(target="lines[].title", source="name", each="x[]")),
        "lines[].amount of the invoice",
    ),
    (with_flow(filters=[Filter(field="amout", op="gt", value=1)]), "amount"),
    (with_flow(filters=[Filter(field="amount", op="gt", value="Total")]), "with “Total”"),
    (with_flow(trigger=Trigger(kind="webhook", event="deal.gone")), "no event"),
    (with_flow(trigger=Trigger(kind="schedule", cron="soon")), "no schedule"),
    (with_flow(lookups=[]), "no lookup “client”"),
    (with_flow(lookups=[CLIENT.model_copy(update={"by": []})]), "no field to find by"),
    (with_flow(lookups=[CLIENT.model_copy(update={"entity": "clint"})]), "no “clint”"),
    (
        with_flow(lookups=[CLIENT.model_copy(update={"on_missing": "create"})]),
        "name of the client is required",
    ),
    (
        with_flow(
            lookups=[CLIENT.model_copy(update={"by": [KeyPair(target="mail", source="name")]})]
        ),
        "mail",
    ),
    (with_flow(write_mode="upsert"), "no field says which"),
    (with_flow(match_on=[KeyPair(target="nope", source="name")]), "nope"),
    (with_flow(source=FLOW.source.model_copy(update={"entity": "del"})), "no “del”.*deal"),
    (PLAN.model_copy(update={"workflows": [FLOW, FLOW]}), "Two workflows"),
    (PLAN.model_copy(update={"workflows": []}), "no workflow"),
    (PLAN.model_copy(update={"systems": PLAN.systems[:1]}), "not among the plan's systems"),
]


@pytest.mark.parametrize(("plan", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_faults_are_found(plan: Plan, message: str) -> None:
    import re

    messages = [finding.message for finding in check(plan, catalogue())]
    assert any(re.search(message.replace("[", r"\["), one) for one in messages), messages


def test_a_setting_tells_no_record_from_another() -> None:
    named = [Variable(name="number", type="string")]
    same = plus(Mapping(target="number", source="$variable.number"))
    found = check(same.model_copy(update={"variables": named}), catalogue())
    assert [
        one.message for one in found if "Every invoice would have the same number" in one.message
    ]


def test_lookups_that_need_each_other_are_found() -> None:
    first = Lookup(name="a", system="ledgerly", entity="client",
                   by=[KeyPair(target="name", source="$lookup.b.name")])  # fmt: skip
    second = Lookup(name="b", system="ledgerly", entity="client",
                    by=[KeyPair(target="name", source="$lookup.a.name")])  # fmt: skip
    messages = [
        one.message for one in check(with_flow(lookups=[CLIENT, first, second]), catalogue())
    ]
    assert any("Lookup a needs “b”" in message for message in messages)


def test_a_plan_out_of_scope_has_nothing_to_find() -> None:
    assert check(Plan(scope=Scope(in_scope=False, reason="A poem.")), catalogue()) == []
