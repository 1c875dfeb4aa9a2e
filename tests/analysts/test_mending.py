"""What a strict mock refused leads to an edit of the plan, where no person is needed."""

import pytest

from pipeline.analysts.offline.mending import mend
from pipeline.artifacts import Finding
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.apply import replay
from pipeline.plan.model import Mapping, Plan
from tests.codegen.plans import shopify_orders_to_quickbooks

KNOWN = Catalogue.load()


def refused(field: str, said: str) -> Finding:
    name = shopify_orders_to_quickbooks().workflows[0].name
    return Finding(tool="dry run", message=f"{field}: {said}", workflow=name, field=field)


def with_mappings(*changed: Mapping, without: str = "") -> Plan:
    plan = shopify_orders_to_quickbooks()
    (workflow,) = plan.workflows
    targets = {one.target for one in changed} | {without}
    kept = [one for one in workflow.mappings if one.target not in targets]
    changes = {"mappings": [*kept, *changed]}
    return plan.model_copy(update={"workflows": [workflow.model_copy(update=changes)]})


def test_a_value_that_is_too_long_is_cut() -> None:
    plan = with_mappings(Mapping(target="PrivateNote", source="note"))
    finding = refused("PrivateNote", "the value is too long; at most 4000 characters")
    mended = replay(plan, mend(plan, [finding], KNOWN), KNOWN)
    (note,) = [one for one in mended.workflows[0].mappings if one.target == "PrivateNote"]
    assert note.transform is not None
    assert (note.transform.name, note.transform.args) == ("truncate", {"length": 4000})


def test_what_is_not_known_is_left_out() -> None:
    plan = with_mappings(Mapping(target="Nickname", source="note"))
    finding = refused("Nickname", "a field that is not known or supported")
    mended = replay(plan, mend(plan, [finding], KNOWN), KNOWN)
    assert "Nickname" not in [one.target for one in mended.workflows[0].mappings]


@pytest.mark.parametrize(
    "finding",
    [
        refused("Nowhere", "a required field is missing"),
        refused("PrivateNote", "The server failed."),
        Finding(tool="dry run", message="With 429, it failed."),
        Finding(tool="deno check", message="no", field="PrivateNote"),
    ],
)
def test_what_needs_a_person_is_left_to_one(finding: Finding) -> None:
    assert mend(shopify_orders_to_quickbooks(), [finding], KNOWN) == []
