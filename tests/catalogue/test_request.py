from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.catalogue.model import Entity, SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.catalogue.request import request_schema

RECORD: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "lines"],
    "additionalProperties": False,
    "$defs": {
        "line": {
            "type": "object",
            "required": ["amount", "total"],
            "properties": {
                "amount": {"type": "number"},
                "code": {"type": "string"},
                "total": {"type": "number", "readOnly": True},
            },
        }
    },
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "version": {"type": "string", "readOnly": True},
        "name": {"type": "string"},
        "lines": {"type": "array", "items": {"$ref": "#/$defs/line"}},
        "address": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
GOOD = {"name": "a", "lines": [{"amount": 1}]}


def body_is_valid(sent: Any, /, **operation: Any) -> bool:
    settings = {"id": "o", "entity": "e", "action": "create", "method": "POST", "path": "/e"}
    entry = SystemEntry(
        name="s",
        display_name="S",
        entities=[Entity(name="e", display_name="E", record_schema=RECORD)],
    )
    schema = request_schema(entry, Operation(**{**settings, **operation}))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema).is_valid(sent)


def test_a_record_without_its_read_only_fields_is_a_body() -> None:
    assert body_is_valid(GOOD)
    assert not body_is_valid({**GOOD, "id": "1"})
    assert not body_is_valid({"name": "a", "lines": [{"amount": 1, "total": 1}]})
    assert not body_is_valid({"name": "a"})
    assert not body_is_valid({**GOOD, "unknown": 1})


def test_the_record_stands_at_the_request_path() -> None:
    assert body_is_valid({"order": GOOD}, request_path="order")
    assert not body_is_valid(GOOD, request_path="order")
    assert not body_is_valid({"order": GOOD, "other": 1}, request_path="order")
    assert body_is_valid({"records": [{"fields": GOOD}]}, request_path="records[].fields")
    assert not body_is_valid({"records": []}, request_path="records[].fields")


def test_the_operation_requires_fields_at_any_depth() -> None:
    assert not body_is_valid(GOOD, required=["address.city"])
    assert body_is_valid({**GOOD, "address": {"city": "x"}}, required=["address.city"])


def test_a_partial_write_requires_only_what_its_operation_does() -> None:
    update = {"action": "update", "required": ["id", "version"]}
    assert body_is_valid({"id": "1", "version": "2"}, **update)
    assert not body_is_valid({"id": "1"}, **update)
    assert not body_is_valid({"id": "1", "version": 2}, **update)


def test_constants_of_the_operation_stand_beside_the_record() -> None:
    assert body_is_valid({**GOOD, "sparse": True}, body={"sparse": True})
    assert not body_is_valid({**GOOD, "sparse": False}, body={"sparse": True})
    assert not body_is_valid({**GOOD, "sparse": True})


def test_an_update_that_replaces_needs_the_whole_record() -> None:
    assert not body_is_valid({"name": "a"}, action="update", replaces=True)
    assert body_is_valid(GOOD, action="update", replaces=True)


def test_graphql_variables_are_the_template_filled_from_the_record() -> None:
    template = {
        "input": {"title": "{name}", "city": "{address.city}", "kind": "FIXED"},
        "lines": [{"amount": "{lines[].amount}"}],
        "place": {"city": "{address.city}"},
    }
    graphql = {"graphql": "mutation { x }", "variables": template}
    filled = {"input": {"title": "a", "kind": "FIXED"}, "lines": [{"amount": 1}]}
    assert body_is_valid({"query": "…", "variables": filled}, **graphql)
    assert body_is_valid({"variables": {**filled, "place": {"city": "x"}}}, **graphql)
    wrong: list[dict[str, Any]] = [
        {},
        {**filled, "input": {"title": "a", "kind": "OTHER"}},
        {**filled, "input": {"title": 1, "kind": "FIXED"}},
        {**filled, "input": {"kind": "FIXED"}},
        {**filled, "unknown": 1},
    ]
    for variables in wrong:
        assert not body_is_valid({"variables": variables}, **graphql)


def test_a_placeholder_within_a_longer_text_is_text() -> None:
    graphql = {"graphql": "mutation { x }", "variables": {"id": "gid://Thing/{name}"}}
    assert body_is_valid({"variables": {"id": "gid://Thing/7"}}, **graphql)
    for wrong in ({"id": "7"}, {"id": "gid://Thing/"}, {"id": 7}, {}):
        assert not body_is_valid({"variables": wrong}, **graphql)


def test_an_idempotency_key_may_stand_among_the_variables() -> None:
    graphql: dict[str, Any] = {"graphql": "mutation { x }", "variables": {"title": "{name}"}}
    sent = {"variables": {"title": "a", "key": "k"}}
    assert body_is_valid(sent, **graphql, idempotency_parameter="variable:key")
    assert not body_is_valid(sent, **graphql)


def test_a_record_may_be_sent_as_the_list_of_its_values() -> None:
    row = {"record_as": "values", "request_path": "values[]"}
    assert body_is_valid({"values": [["a", 1, True, None]]}, **row)
    for wrong in ([], [[]], ["a"], [{"name": "a"}], [[{"name": "a"}]]):
        assert not body_is_valid({"values": wrong}, **row)


def test_a_record_may_be_sent_as_one_email() -> None:
    mail = {"record_as": "mime", "request_path": "raw"}
    assert body_is_valid({"raw": "VG86IGFkYQ=="}, **mail)
    for wrong in ("", "To: ada", {"to": "ada"}, None):
        assert not body_is_valid({"raw": wrong}, **mail)


def test_an_unknown_entity_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        body_is_valid({}, entity="nothing")
