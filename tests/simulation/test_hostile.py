"""Whatever is sent, the mock answers properly and its state stays whole."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.catalogue.catalogue import Catalogue
from pipeline.simulation.credentials import sample_headers
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.samples import sample
from pipeline.simulation.templates import match_search
from tests.simulation.conftest import HEADERS

_quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
_NAMES = st.sampled_from(["Name", "Id", "SyncToken", "sparse", "Meta", "Email", "Line"])
_PATHS = st.sampled_from(["/customer", "/receipt", "/query", "/customer/1"]) | st.text()
_GRAPHQL = [
    entry for entry in Catalogue.load().systems() if any(o.graphql for o in entry.operations)
]


def is_proper(response: Any) -> bool:
    assert 200 <= response.status < 500
    json.loads(response.body)
    return True


@_quick
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]) | st.text(max_size=8),
    path=_PATHS,
    query=st.dictionaries(st.sampled_from(["v", "query", "limit", "page_info"]), st.text()),
    headers=st.dictionaries(st.sampled_from(["x-key", "content-type", "accept"]), st.text()),
    body=st.binary(),
)
def test_any_bytes(
    mock: MockSystem, method: str, path: str, query: Any, headers: Any, body: bytes
) -> None:
    assert is_proper(mock.handle(method, path, query, {**HEADERS, **headers}, body))


@_quick
@given(path=_PATHS, record=st.dictionaries(_NAMES | st.text(), _JSON, max_size=6))
def test_any_json(mock: MockSystem, path: str, record: Any) -> None:
    body = json.dumps(record).encode()
    assert is_proper(mock.handle("POST", path, {"v": "7"}, HEADERS, body))
    for kept in mock.records("customer"):
        assert {"Id", "SyncToken", "Name"} <= set(kept)


@_quick
@given(payload=st.fixed_dictionaries({"query": _JSON | st.text(), "variables": _JSON}))
def test_any_graphql_request(payload: Any) -> None:
    for entry in _GRAPHQL[:1]:
        mock = MockSystem(entry)
        operation = next(each for each in entry.operations if each.graphql)
        headers = sample_headers(entry, operation)
        answer = mock.handle("POST", operation.path, "", headers, json.dumps(payload).encode())
        assert is_proper(answer)


@_quick
@given(schema=_JSON | st.dictionaries(
    st.sampled_from(["type", "properties", "items", "enum", "required", "maxLength", "pattern"]),
    _JSON,
))  # fmt: skip
def test_a_sample_of_any_schema(schema: Any) -> None:
    json.dumps(sample(schema if isinstance(schema, dict) else {}))


@_quick
@given(value=st.text())
def test_what_was_escaped_into_a_search_is_what_is_searched_for(value: str) -> None:
    for escape, quote in (("backslash-quote", "'"), ("double-quote", '"')):
        escaped = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
        template = f"name = {quote}{{value}}{quote} end"
        text = template.replace("{value}", escaped)
        assert match_search(template, text, escape) == value
