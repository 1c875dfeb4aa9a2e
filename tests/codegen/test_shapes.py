"""Members of maps that are objects by kind: plain values are written into them and read out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.extending import extended
from pipeline.catalogue.schema import FieldInfo
from pipeline.catalogue.shapes import shape_of, shapes_at
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.plan.check import check
from pipeline.plan.model import Learned, Workflow
from pipeline.plan.schemas import find_field
from pipeline.plan.writing_out import written_out
from pipeline.sandbox.deno import Deno
from pipeline.simulation.columns import with_columns
from pipeline.simulation.preparing import source_record
from tests.codegen.conftest import tool_result
from tests.codegen.harness import Runtime, running, write_together
from tests.codegen.matrix.building import OFTEN, flow, key, on, plan
from tests.codegen.world import world

KNOWN = Catalogue.load()
PAGE = KNOWN.system("notion").entity("page").record_schema
PLANS = {
    "there": plan(KNOWN, flow("charges", "stripe.charge", "notion.page", {
        "parent.data_source_id": ["tasks"], "properties.Name": "description",
        "properties.Amount": ("amount", "minor_to_major"), "properties.Paid": "paid",
        "properties.When": ("created", "from_unix_time"), "properties.Link": "receipt_url",
        "properties.Note": ("currency", "template", {"text": "in {value}"}),
        "properties.State.status.name": ["Open"],
    }, trigger=on("charge.succeeded"))),
    "kept": plan(KNOWN, flow("customers", "stripe.customer", "notion.page", {
        "parent.data_source_id": ["tasks"], "properties.Name": "name",
        "properties.Mail": "email", "properties.Number": ("balance", "minor_to_major"),
    }, trigger=on("customer.created"), write_mode="upsert",
       match_on=key("properties.Mail", "email"))),
    "back": plan(KNOWN, flow("tasks", "notion.page", "hubspot.contact", {
        "email": "properties.Email", "lastname": "properties.Name", "jobtitle": "properties.Size",
    }, trigger=OFTEN, write_mode="upsert", match_on=key("email", "properties.Email"))),
}  # fmt: skip


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("shapes")
    made = {
        name: [*generate(one, KNOWN), *generate_tests(one, KNOWN, [])]
        for name, one in PLANS.items()
    }
    write_together(made, directory)
    return directory


@pytest.fixture(scope="module")
def runtime(together: Path) -> Iterator[Runtime]:
    with running(PLANS, together) as started:
        yield started


@pytest.mark.parametrize("tool", ["check", "lint", "test"])
def test_projects_are_clean(together: Path, tool: str, deno: Deno) -> None:
    assert tool_result(deno, tool, together).findings == []


def test_each_value_is_written_as_its_kind(runtime: Runtime) -> None:
    there = world(PLANS["there"], KNOWN)
    there.systems["notion"].create("data-source", {"id": "tasks"})
    charge = {"id": "ch_1", "description": "A mug", "amount": 1999, "currency": "usd", "paid": True,
              "created": 1772422200, "receipt_url": "https://example.com/1"}  # fmt: skip
    event = {"type": "charge.succeeded", "data": {"object": charge}}
    outcome = runtime.run("there", "charges", event, there)
    assert outcome["ok"], outcome
    (page,) = there.systems["notion"].records("page")
    assert page["properties"] == {
        "Name": {"title": [{"text": {"content": "A mug"}}]},
        "Amount": {"number": 19.99},
        "Paid": {"checkbox": True},
        "When": {"date": {"start": "2026-03-02T03:30:00Z"}},
        "Link": {"url": "https://example.com/1"},
        "Note": {"rich_text": [{"text": {"content": "in usd"}}]},
        "State": {"status": {"name": "Open"}},
    }


def test_a_page_is_found_by_a_member_as_its_kind(runtime: Runtime) -> None:
    there = world(PLANS["kept"], KNOWN)
    there.systems["notion"].create("data-source", {"id": "tasks"})
    for name in ("Ann", "Anne"):
        customer = {"id": "cus_1", "name": name, "email": "ann@example.com", "balance": 500}
        event = {"type": "customer.created", "data": {"object": customer}}
        outcome = runtime.run("kept", "customers", event, there)
        assert outcome["ok"], outcome
    (page,) = there.systems["notion"].records("page")
    assert page["properties"]["Name"] == {"title": [{"text": {"content": "Anne"}}]}
    searches = [one.body for one in there.systems["notion"].exchanges.all() if "query" in one.path]
    assert all('"email"' in one and '"Mail"' in one for one in searches)


def test_plain_values_are_read_out(runtime: Runtime) -> None:
    there = world(PLANS["back"], KNOWN)
    there.systems["notion"].create("data-source", {"id": "my-data_source_id"})
    there.systems["notion"].create("page", {
        "parent": {"data_source_id": "my-data_source_id"},
        "properties": {
            "Name": {"title": [{"text": {"content": "Lee"}}]},
            "Email": {"email": "ann@example.com"}, "Size": {"number": 5},
        },
    })  # fmt: skip
    outcome = runtime.run("back", "tasks", {}, there)
    assert outcome["ok"], outcome
    (contact,) = there.systems["hubspot"].records("contact")
    written = {name: contact[name] for name in ("email", "lastname", "jobtitle")}
    assert written == {"email": "ann@example.com", "lastname": "Lee", "jobtitle": "5"}


def test_the_plan_names_only_the_member() -> None:
    messages = [one.message for made in PLANS.values() for one in check(made, KNOWN)]
    assert all("Weft knows no way to write" in one for one in messages), messages


def written(workflow: Workflow, known: Catalogue) -> list[str]:
    made = written_out(workflow, PLANS["there"], known)
    return [one.target for one in made.mappings if "Note" in one.target]


def test_what_an_account_shows_of_a_member_counts() -> None:
    notion = KNOWN.system("notion")
    for kind, path in (("select", "select.name"), ("phone_number", "phone_number")):
        learned = Learned(system="notion", entity="page", path="properties.Note", kind=kind)
        known = Catalogue(added=(extended(notion, learned),))
        assert written(PLANS["there"].workflows[0], known) == [f"properties.Note.{path}"]
        schema = known.system("notion").entity("page").record_schema
        field = find_field(schema, "properties.Note")
        assert field is not None and field.type == "any"


@pytest.mark.parametrize(
    ("name", "about", "kind"),
    [
        ("Name", {}, "title"), ("Notes", {}, "rich_text"), ("Notes", {"type": "any"}, "rich_text"),
        ("Due", {"format": "date"}, "date"), ("Mail", {"format": "email"}, "email"),
        ("Price", {"unit": "major"}, "number"), ("Count", {"type": "integer"}, "number"),
        ("State", {"enum": ["a", "b"]}, "select"), ("Done", {"type": "boolean"}, "checkbox"),
        ("Blob", {"type": "object"}, "rich_text"), ("Tags", {"path": "tags[]"}, "multi_select"),
    ],
)  # fmt: skip
def test_the_kind_is_that_of_the_value(name: str, about: dict[str, Any], kind: str) -> None:
    value = FieldInfo(**{"path": "x", "type": "string", **about})
    shape = shape_of(PAGE, f"properties.{name}", value)
    assert shape is not None and shape.kind == kind


def test_other_maps_have_no_kinds() -> None:
    assert shapes_at(PAGE, "parent") == {}
    assert shape_of(PAGE, "url", FieldInfo(path="x", type="string")) is None


def test_samples_of_a_source_are_as_its_api_has_them() -> None:
    made = PLANS["back"]
    entries = {one.name: KNOWN.system(one.name) for one in made.systems}
    entry = with_columns(entries, made.workflows[0])["notion"]
    properties = source_record(entry, made.workflows[0])["properties"]
    assert set(properties["Name"]) == {"title"}
    assert set(properties["Email"]) & {"email", "rich_text"}
