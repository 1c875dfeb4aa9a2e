import time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.schema import FieldInfo, field_at, fields

ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["id", "lines", "customer"],
    "$defs": {
        "money": {"type": "object", "properties": {"amount": {"type": "string"}}},
        "person": {
            "type": "object",
            "required": ["email"],
            "properties": {
                "email": {"type": ["string", "null"], "format": "email", "maxLength": 80},
                "manager": {"$ref": "#/$defs/person"},
            },
        },
    },
    "properties": {
        "id": {"type": "integer", "readOnly": True, "x-weft-key": "id"},
        "customer": {"anyOf": [{"$ref": "#/$defs/person"}, {"type": "null"}]},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["price"],
                "properties": {
                    "price": {"$ref": "#/$defs/money", "x-weft-unit": "major"},
                    "codes": {"type": "array", "items": {"type": "string", "enum": ["a", None]}},
                },
            },
        },
        "tags": {"type": "array", "items": {"type": "string"}},
        "notes": {"type": "object"},
    },
}


def by_path(schema: dict[str, Any]) -> dict[str, FieldInfo]:
    return {info.path: info for info in fields(schema)}


def test_leaves_are_scalars_free_objects_and_array_elements() -> None:
    assert list(by_path(ORDER)) == [
        "id",
        "customer.email",
        "lines[].price.amount",
        "lines[].codes[]",
        "tags[]",
        "notes",
    ]


def test_a_field_carries_what_its_schema_says() -> None:
    found = by_path(ORDER)
    assert found["id"].key == "id"
    assert found["id"].read_only
    email = found["customer.email"]
    assert (email.type, email.format, email.max_length) == ("string", "email", 80)
    assert email.required
    assert email.nullable
    assert found["lines[].codes[]"].enum == ["a"]
    assert found["lines[].codes[]"].nullable


def test_required_needs_every_parent_required() -> None:
    schema = {
        "properties": {"bill": {"required": ["city"], "properties": {"city": {"type": "string"}}}}
    }
    assert not by_path(schema)["bill.city"].required
    assert by_path({**schema, "required": ["bill"]})["bill.city"].required


def test_read_only_is_inherited() -> None:
    schema = {"properties": {"meta": {"readOnly": True, "properties": {"at": {}}}}}
    assert by_path(schema)["meta.at"].read_only
    assert by_path(schema)["meta.at"].type == "any"


def test_field_at_reaches_leaves_objects_and_arrays() -> None:
    types = {
        path: info.type if (info := field_at(ORDER, path)) else None
        for path in ("id", "lines", "lines[]", "lines[].price", "tags[]", "customer")
    }
    assert types == {
        "id": "integer",
        "lines": "array",
        "lines[]": "object",
        "lines[].price": "object",
        "tags[]": "string",
        "customer": "object",
    }
    assert (info := field_at(ORDER, "lines[].price"))
    assert info.unit == "major"


def test_field_at_is_none_where_nothing_stands() -> None:
    for path in ("", "nothing", "id.deeper", "lines.price", "id[]", "lines[].price[]"):
        assert field_at(ORDER, path) is None


def test_combinations_are_merged() -> None:
    schema = {
        "allOf": [
            {"required": ["a"], "properties": {"a": {"type": "string"}}},
            {"oneOf": [{"properties": {"b": {}}, "required": ["b"]}, {"properties": {"c": {}}}]},
        ],
        "properties": {"d": {"anyOf": [{"type": "string"}, {"properties": {"x": {}}}]}},
    }
    found = by_path(schema)
    assert set(found) == {"a", "b", "c", "d"}
    assert [path for path, info in found.items() if info.required] == ["a"]
    assert found["d"].type == "string"


def test_nullable_without_type_and_keywords_of_the_wrong_kind() -> None:
    schema = {"required": 7, "properties": {"a": {"nullable": True}, "b": "text", "c": {"enum": 1}}}
    assert {path: info.nullable for path, info in by_path(schema).items()} == {
        "a": True,
        "b": False,
        "c": False,
    }


def test_a_default_comes_with_its_reason() -> None:
    usual = {"x-weft-default": {"value": "Service", "why": "needs no stock"}}
    found = by_path({"properties": {"kind": usual, "size": {"default": 3}}})
    assert (found["kind"].default, found["kind"].default_reason) == ("Service", "needs no stock")
    assert found["size"].default == 3


def test_names_that_no_path_can_hold_are_left_out() -> None:
    assert by_path({"properties": {"a.b": {}, "c[]": {}, "": {}, "d": {}}}).keys() == {"d"}


def test_a_ladder_of_references_takes_no_longer_than_its_length() -> None:
    steps: dict[str, Any] = {
        f"s{n}": {"anyOf": [{"$ref": f"#/$defs/s{n + 1}"}, {"$ref": f"#/$defs/s{n + 1}"}]}
        for n in range(200)
    }
    wide = {f"p{n}": {"$ref": "#/$defs/wide"} for n in range(50)}
    tree = {
        f"t{n}": {"type": "object", "properties": {f"p{m}": {"$ref": f"#/$defs/t{n + 1}"}}}
        for n in range(20)
        for m in range(2)
    }
    schema = {
        "$defs": {**steps, **tree, "wide": {"properties": wide}},
        "properties": {
            "ladder": {"$ref": "#/$defs/s0"},
            "wide": {"$ref": "#/$defs/wide"},
            "tree": {"$ref": "#/$defs/t0"},
        },
    }
    started = time.process_time()
    fields(schema)
    assert time.process_time() - started < 2


_WORDS = st.sampled_from(["type", "properties", "items", "$ref", "anyOf", "allOf", "required", "a"])
_JSON = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.sampled_from(["object", "#", "#/a", "a"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(_WORDS, inner, max_size=5)
    ),
    max_leaves=30,
)


@given(st.dictionaries(_WORDS, _JSON))
def test_any_json_is_walked_and_every_leaf_is_found_again(schema: dict[str, Any]) -> None:
    for info in fields(schema):
        assert field_at(schema, info.path) == info
