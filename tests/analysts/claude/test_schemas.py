"""The API's limits on strict schemas, counted over every set of schemas that one call can send."""

from dataclasses import replace

import pytest
from pydantic import BaseModel

from pipeline.analysts.claude.catalogue_tools import catalogue_tools
from pipeline.analysts.claude.code_tools import code_tools
from pipeline.analysts.claude.edit_tools import EDITS, EditSession, flat_schema, read_edit
from pipeline.analysts.claude.results import RESULTS
from pipeline.analysts.claude.tools import schema_of
from pipeline.artifacts import SourceFile
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.custom import try_transform
from pipeline.errors import InvalidEdit
from pipeline.plan.edits import MapField, SetTrigger
from pipeline.plan.model import Plan, Scope
from tests.messages_rules import STRICT_TOOLS, nodes

PLAN = Plan(scope=Scope(in_scope=True, reason=""))


def tools():
    catalogue = Catalogue.load()
    session = EditSession(PLAN, catalogue, lambda edit, plan: "", try_transform)
    code = code_tools([SourceFile(path="src/index.ts", content="")])
    return [*session.tools(), *catalogue_tools(catalogue), *code]


SCHEMAS = [
    *((one.__name__, schema_of(one)) for one in RESULTS),
    *((one.name, one.schema) for one in tools()),
]


@pytest.mark.parametrize(("name", "schema"), SCHEMAS, ids=[name for name, _ in SCHEMAS])
def test_a_schema_has_no_union_no_optional_field_and_no_any(name, schema):
    for node in nodes(schema):
        assert "anyOf" not in node
        assert not isinstance(node.get("type"), list)
        assert set(node.get("properties", {})) == set(node.get("required", []))
        assert node.keys() & {"type", "enum", "$ref"}, f"{node} is of any type"
        if node.get("type") == "object":
            assert node["additionalProperties"] is False


def test_no_more_tools_are_strict_than_the_limit(claude):
    more = [replace(one, name=f"{one.name}_again") for one in tools()]
    desk = claude().analyst._desk
    request = desk.dialogue("change", "judging", tools=[*tools(), *more])._request(None)
    assert [one["strict"] for one in request["tools"]].count(True) == STRICT_TOOLS
    assert len(request["tools"]) == 2 * len(tools())


def test_every_edit_of_a_plan_has_a_tool_with_all_its_fields():
    for edit in EDITS.values():
        assert set(flat_schema(edit)["properties"]) == set(edit.model_fields) - {"op", "custom"}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_nothing_given_is_nothing_set(edit: type[BaseModel]):
    required = {name for name, field in edit.model_fields.items() if field.is_required()}
    values = dict.fromkeys(flat_schema(edit)["properties"], "")
    if required:
        with pytest.raises(InvalidEdit):
            read_edit(edit, values)
    else:
        assert read_edit(edit, values) == edit()


def test_values_of_any_type_come_as_json():
    edit = read_edit(
        MapField, {"target": "a", "constant": '"paid"', "transform_args": '{"length": 3}'}
    )
    assert edit == MapField(target="a", constant="paid", transform_args={"length": 3})
    assert read_edit(MapField, {"target": "a", "constant": "0"}).constant == 0


@pytest.mark.parametrize(
    "values",
    [
        {"target": "a", "constant": "paid"},
        {"target": "a", "constant": "[" * 100_000},
        {"target": 7},
        {"target": "a", "op": "unmap"},
        {"target": "a", "shell": "rm"},
        {"target": "a", "transform_args": "[]"},
    ],
)
def test_what_is_no_edit_is_a_sentence(values):
    with pytest.raises(InvalidEdit):
        read_edit(MapField, values)


def test_a_choice_must_be_one_of_those_offered():
    with pytest.raises(InvalidEdit, match="kind"):
        read_edit(SetTrigger, {"kind": "sometimes"})
