"""GraphQL: documents recognised, variables read backwards, answers shaped by the selection."""

import json
from typing import Any

import pytest

from pipeline.catalogue.model import SystemEntry
from pipeline.simulation.answers import MockResponse
from pipeline.simulation.mock import MockSystem

_LIST = """
query List($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query) {
    nodes { id: legacyId name total: totalSet { shopMoney { amount } }
            lines(first: 5) { nodes { sku } } unknown }
    pageInfo { hasNextPage endCursor }
  }
}"""
_FIND = "query Find($query: String!) { orders(first: 1, query: $query) { nodes { id name } } }"
_READ = "query Read($id: ID!) { order(id: $id) { ...Parts } } fragment Parts on Order { id name }"
_CREATE = """
mutation Create($input: OrderInput!) {
  result: orderCreate(input: $input) { order { id name } userErrors { field message } }
}"""

_SCHEMA = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "integer", "readOnly": True, "x-weft-key": "id"},
        "name": {"type": "string"},
        "total": {"type": "string"},
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"sku": {"type": "string"}}},
        },
    },
}
_SHARED = {"entity": "order", "method": "POST", "path": "/graphql"}
_PAGES = {
    "style": "graphql", "parameter": "after", "size_parameter": "first", "page_size": 2,
    "next_path": "data.orders.pageInfo.endCursor", "items_path": "data.orders.nodes",
    "more_path": "data.orders.pageInfo.hasNextPage",
}  # fmt: skip


@pytest.fixture
def mock() -> MockSystem:
    operations = [
        {**_SHARED, "id": "list", "action": "list", "graphql": _LIST, "query_parameter": "query",
         "since_by": {"name": 'name:>="{value}"'}, "value_escape": "double-quote",
         "response_path": "data.orders.nodes", "unwrap": ["nodes", "shopMoney", "amount"],
         "pagination": _PAGES},
        {**_SHARED, "id": "find", "action": "find", "graphql": _FIND, "query_parameter": "query",
         "find_by": {"name": 'name:"{value}"'}, "value_escape": "double-quote",
         "response_path": "data.orders.nodes"},
        {**_SHARED, "id": "read", "action": "read", "graphql": _READ,
         "variables": {"id": "gid://x/Order/{id}"}, "response_path": "data.order"},
        {**_SHARED, "id": "create", "action": "create", "graphql": _CREATE,
         "variables": {"input": {"title": "{name}", "lines": [{"code": "{lines[].sku}"}]}},
         "response_path": "data.result.order"},
    ]  # fmt: skip
    return MockSystem(
        SystemEntry.model_validate(
            {
                "name": "shop",
                "display_name": "Shop",
                "entities": [{"name": "order", "display_name": "Order", "record_schema": _SCHEMA}],
                "errors": [
                    {"status": 200, "body_path": "data.result.userErrors[]", "meaning": "Refused."}
                ],
                "operations": operations,
            }
        )
    )


def send(mock: MockSystem, document: Any, variables: Any = None) -> MockResponse:
    body = json.dumps({"query": document, "variables": variables}).encode()
    return mock.handle("POST", "/graphql", "", {"content-type": "application/json"}, body)


def test_a_record_is_read_out_of_the_variables_and_answered_as_selected(mock: MockSystem) -> None:
    variables = {"input": {"title": "#1", "lines": [{"code": "A"}, {"code": "B"}]}}
    answer = send(mock, _CREATE, variables).json()
    assert answer == {"data": {"result": {"order": {"id": 1, "name": "#1"}, "userErrors": []}}}
    assert mock.records("order") == [{"id": 1, "name": "#1", "lines": [{"sku": "A"}, {"sku": "B"}]}]


def test_a_refused_record_is_told_in_the_data(mock: MockSystem) -> None:
    response = send(mock, _CREATE, {"input": {"title": 7}})
    result = response.json()["data"]["result"]
    assert (response.status, result["order"]) == (200, None)
    assert result["userErrors"][0]["field"] == ["name"]
    assert mock.records("order") == []


def test_lists_come_in_pages_and_in_the_wrappers_that_were_selected(mock: MockSystem) -> None:
    for number in range(3):
        mock.create("order", {"name": f"#{number}", "total": "2.50", "lines": [{"sku": "A"}]})
    first = send(mock, _LIST, {"first": 2}).json()["data"]["orders"]
    assert first["nodes"][0] == {
        "id": 1,
        "name": "#0",
        "total": {"shopMoney": {"amount": "2.50"}},
        "lines": {"nodes": [{"sku": "A"}]},
        "unknown": None,
    }
    assert first["pageInfo"]["hasNextPage"] is True
    after = first["pageInfo"]["endCursor"]
    last = send(mock, _LIST, {"first": 2, "after": after}).json()["data"]["orders"]
    assert [each["name"] for each in last["nodes"]] == ["#2"]
    assert last["pageInfo"] == {"endCursor": None, "hasNextPage": False}


def test_find_and_since_are_read_back(mock: MockSystem) -> None:
    for name in ('a"b', "c"):
        mock.create("order", {"name": name})
    found = send(mock, _FIND, {"query": 'name:"a\\"b"'}).json()["data"]["orders"]["nodes"]
    assert [each["name"] for each in found] == ['a"b']
    later = send(mock, _LIST, {"first": 5, "query": 'name:>="b"'}).json()["data"]["orders"]
    assert [each["name"] for each in later["nodes"]] == ["c"]


def test_layout_does_not_matter_and_a_missing_record_is_null(mock: MockSystem) -> None:
    mock.create("order", {"name": "#1"})
    document = " ".join(_READ.split())
    assert send(mock, document, {"id": "gid://x/Order/1"}).json() == {
        "data": {"order": {"id": 1, "name": "#1"}}
    }
    assert send(mock, document, {"id": "gid://x/Order/2"}).json() == {"data": {"order": None}}


@pytest.mark.parametrize(
    ("document", "variables", "says"),
    [
        ("query { other }", None, "none that is known"),
        ("query {", None, "not valid"),
        ("{" * 3000, None, "not valid"),
        ("query A { a } query B { b }", None, "exactly one operation"),
        (None, None, "document is missing"),
        (_FIND, {}, "$query: a required value"),
        (_FIND, {"query": 'name:"x"', "more": 1}, "$more is not declared"),
        (_FIND, {"query": "name:x"}, "not valid here"),
        (_READ, {"id": "1"}, "must be like"),
        (_READ, [], "$id: a required value"),
        (_READ, 3, "must be an object"),
    ],
)
def test_what_the_catalogue_does_not_have_is_refused(
    mock: MockSystem, document: Any, variables: Any, says: str
) -> None:
    response = send(mock, document, variables)
    assert response.status == 200
    assert says in response.json()["errors"][0]["message"]
