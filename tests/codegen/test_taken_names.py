"""Whatever a domain's things are called, the generated code has no two of one name."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import Entity, SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.codegen.generate import generate
from pipeline.codegen.names import camel, kebab, pascal, variable
from pipeline.codegen.taken import exported_names, taken_names
from pipeline.codegen.tests import generate_tests
from pipeline.codegen.type_names import type_names
from pipeline.plan.model import Auth, Plan
from pipeline.sandbox.deno import Deno
from tests.codegen.conftest import Project
from tests.codegen.matrix.building import OFTEN, flow, plan

TAKEN = sorted(taken_names())
FIELDS = ["record", "result", "key", "name", "value", "index", "batch"]


@given(st.one_of(st.sampled_from(TAKEN), st.text()))
def test_a_variable_is_none_of_the_templates_own_names(name: str) -> None:
    for made in (variable(name), variable(name, "Key"), variable(kebab(name))):
        assert made not in taken_names()
        assert made.isidentifier()


def test_the_names_are_found_where_they_are_used() -> None:
    assert {"once", "Version", "complete", "readGroups"} <= exported_names()
    assert {"passage", "current", "existing", "repeated", "outcome", "class"} & taken_names() >= {
        "passage", "current", "existing", "repeated", "class"
    }  # fmt: skip


def system(name: str, entities: list[str]) -> SystemEntry:
    """An API that lists and makes things, each with fields and a list of such names."""
    fields = {one: {"type": "string"} for one in FIELDS}
    lines = {"type": "array", "items": {"type": "object", "properties": fields}}
    schema = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "x-weft-key": "id"}, **fields,
            "records": lines, "items": lines,
        },
    }  # fmt: skip
    found = [Entity(name=one, display_name=one, record_schema=schema) for one in entities]
    operations = [
        Operation.model_validate(
            {"id": f"{action}-{one}", "entity": one, "action": action, "path": f"/{one}",
             "method": "GET" if action in ("list", "find") else "POST", "effect": "repeatable",
             "find_by": {"key": "{value}", "name": "{value}"} if action == "find" else {},
             "query_parameter": "q" if action == "find" else None}
        )
        for one in entities
        for action in ("list", "find", "create", "upsert")
    ]  # fmt: skip
    return SystemEntry(
        name=name, display_name=name.capitalize(), base_url="https://x.example.com",
        auth=[Auth(type="none")], entities=found, operations=operations,
    )  # fmt: skip


def named(entities: list[str]) -> tuple[Plan, Catalogue]:
    """A plan with a workflow for each of these entities, between systems of such names too."""
    known = Catalogue(added=(system("batch", entities), system("order", entities)))
    fields = {one: one for one in FIELDS} | {
        "records[].name": "records[].name", "items[].key": "items[].key",
    }  # fmt: skip
    flows = [
        flow(f"{one}", f"batch.{one}", f"order.{one}", fields, trigger=OFTEN) for one in entities
    ]
    return plan(known, *flows), known


@pytest.mark.parametrize("tool", ["check", "lint"])
def test_entities_of_such_names_make_a_clean_project(tool: str, tmp_path: Path, deno: Deno) -> None:
    entities = sorted({kebab(one) for one in TAKEN if re.fullmatch(r"[A-Za-z]{3,14}", one)})[::5]
    made, known = named([*entities, "order", "version", "record", "result", "new-order"])
    project = Project([*generate(made, known)], tmp_path, deno)
    assert project.run(tool).findings == []


def test_their_tests_pass_too(tmp_path: Path, deno: Deno) -> None:
    made, known = named(["version", "record", "result", "page", "references", "order"])
    project = Project([*generate(made, known), *generate_tests(made, known, [])], tmp_path, deno)
    assert project.run("check").findings == []
    assert project.run("test").findings == []


def test_types_that_only_look_the_same_are_told_apart() -> None:
    names = type_names(named(["order", "new-order", "order-group", "version"])[0])
    given = [*names.entities.values(), *names.clients.values()]
    given += [names.element("Order", "line_items[]"), names.element("OrderLine", "items[]")]
    assert len(set(given)) == len(given)
    assert not set(given) & taken_names()
    assert names.element("Order", "line_items[]") == "OrderLineItem"
    assert pascal("version") not in given and camel("order") not in given
