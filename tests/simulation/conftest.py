"""An invented system, small enough to be read at a glance, for everything that data can say."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.artifacts import DryRun
from pipeline.catalogue.model import SystemEntry
from pipeline.clock import SettableClock
from pipeline.simulation.answers import MockResponse
from pipeline.simulation.mock import MockSystem

HEADERS = {"X-Key": "anything", "Content-Type": "application/json"}

_CUSTOMER = {
    "type": "object",
    "additionalProperties": False,
    "required": ["Name"],
    "properties": {
        "Id": {"type": "string", "readOnly": True, "x-weft-key": "id"},
        "SyncToken": {"type": "string", "readOnly": True},
        "Name": {"type": "string", "maxLength": 20, "x-weft-key": "natural"},
        "Email": {"type": ["string", "null"], "format": "email"},
        "Level": {"type": "string", "enum": ["basic", "gold"]},
        "Meta": {
            "type": "object",
            "properties": {
                "CreateTime": {"type": "string", "format": "date-time", "readOnly": True},
                "LastUpdatedTime": {"type": "string", "format": "date-time", "readOnly": True},
            },
        },
    },
}

_RECEIPT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["CustomerRef", "Line"],
    "properties": {
        "Id": {"type": "string", "readOnly": True, "x-weft-key": "id"},
        "DocNumber": {"type": "string"},
        "TotalAmt": {"type": "number", "readOnly": True},
        "CustomerRef": {"$ref": "#/$defs/CustomerRef"},
        "Line": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["Amount"],
                "properties": {
                    "Amount": {"type": "number"},
                    "TaxCode": {
                        "type": "string",
                        "x-weft-reference": {"entity": "tax-code", "field": "Id"},
                        "x-weft-constants": {"NON": {"synonyms": ["tax exempt"]}},
                    },
                },
            },
        },
    },
    "$defs": {
        "CustomerRef": {
            "type": "object",
            "required": ["value"],
            "properties": {
                "value": {
                    "type": "string",
                    "x-weft-reference": {"entity": "customer", "field": "Id"},
                }
            },
        }
    },
}

_OPERATIONS = [
    {"id": "create-customer", "entity": "customer", "action": "create", "method": "POST",
     "path": "/customer", "query": {"v": "7"}, "response_path": "Customer",
     "idempotency_parameter": "query:requestid", "scopes": ["books"]},
    {"id": "update-customer", "entity": "customer", "action": "update", "method": "POST",
     "path": "/customer", "query": {"v": "7"}, "response_path": "Customer",
     "required": ["Id", "SyncToken"], "body": {"sparse": True}},
    {"id": "delete-customer", "entity": "customer", "action": "delete", "method": "POST",
     "path": "/customer", "query": {"v": "7", "operation": "delete"},
     "response_path": "Customer", "required": ["Id", "SyncToken"]},
    {"id": "read-customer", "entity": "customer", "action": "read", "method": "GET",
     "path": "/customer/{Id}", "query": {"v": "7"}, "response_path": "Customer"},
    {"id": "find-customer", "entity": "customer", "action": "find", "method": "GET",
     "path": "/query", "query_parameter": "query", "value_escape": "backslash-quote",
     "find_by": {"Email": "select * from Customer where Email = '{value}'"},
     "response_path": "Found.Customer"},
    {"id": "list-customers", "entity": "customer", "action": "list", "method": "GET",
     "path": "/query", "query": {"query": "select * from Customer"},
     "query_parameter": "query", "value_escape": "backslash-quote",
     "since_by": {"Meta.CreateTime": "select * from Customer where Created >= '{value}'"},
     "response_path": "Found.Customer",
     "pagination": {"style": "offset", "parameter": "query", "page_size": 2, "first": 1,
                    "template": "{query} startposition {position} maxresults {size}",
                    "items_path": "Found.Customer"}},
    {"id": "create-receipt", "entity": "receipt", "action": "create", "method": "POST",
     "path": "/receipt", "request_path": "receipt", "response_path": "receipt"},
    {"id": "list-receipts", "entity": "receipt", "action": "list", "method": "GET",
     "path": "/receipts", "response_path": "items",
     "pagination": {"style": "link", "parameter": "page_info", "size_parameter": "limit"}},
]  # fmt: skip

_ERRORS = [
    {"status": 401, "meaning": "The access token is wrong."},
    {"status": 429, "meaning": "Too many requests.", "retry": True},
    {"body_path": "Fault.Error[].code", "code": "6240", "meaning": "The name is taken."},
    {"body_path": "Fault.Error[].code", "code": "5010", "meaning": "The record was changed."},
    {"body_path": "Fault.Error[].code", "code": "2020", "meaning": "A required field is missing."},
    {"body_path": "Fault.Error[].code", "code": "2050", "meaning": "A value is too long."},
]


@pytest.fixture
def entry() -> SystemEntry:
    return SystemEntry.model_validate(
        {
            "name": "books",
            "display_name": "Books",
            "config": [{"name": "realm", "label": "Realm"}],
            "callback_config": {"realm": "realmId"},
            "auth": [
                {"type": "api-key", "parameter": "X-Key"},
                {"type": "oauth2", "grant": "authorization-code", "scopes": ["books", "read"]},
            ],
            "errors": _ERRORS,
            "probe": {"path": "/company/{realm}", "label_path": "Company.Name"},
            "signature": {"header": "X-Signature"},
            "entities": [
                {"name": "customer", "display_name": "Customer", "record_schema": _CUSTOMER},
                {"name": "receipt", "display_name": "Receipt", "record_schema": _RECEIPT},
                {"name": "tax-code", "display_name": "Tax code",
                 "record_schema": {"properties": {"Id": {"type": "string"}}}},
            ],
            "operations": _OPERATIONS,
            "events": [
                {"name": "customer.created", "entity": "customer", "action": "created",
                 "record_path": "data[]", "id_header": "X-Delivery", "name_header": "X-Topic"},
            ],
        }
    )  # fmt: skip


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def mock(entry: SystemEntry, clock: SettableClock) -> MockSystem:
    return MockSystem(entry, clock)


class Client:
    """Sends well-formed requests, so that a test says only what it is about."""

    def __init__(self, mock: MockSystem) -> None:
        self._mock = mock

    def post(self, path: str, body: Any, **query: str) -> MockResponse:
        return self._mock.handle("POST", path, query, HEADERS, json.dumps(body).encode())

    def get(self, path: str, **query: str) -> MockResponse:
        return self._mock.handle("GET", path, query, HEADERS)

    def create(self, **record: Any) -> Any:
        response = self.post("/customer", record, v="7")
        assert response.status == 200, response.body
        return response.json()["Customer"]


@pytest.fixture
def client(mock: MockSystem) -> Client:
    return Client(mock)


# ---- The table of dry runs, printed at the end ---------------------------------------------------

_RUNS: dict[str, DryRun] = {}
_DEFECTS: dict[str, bool] = {}


@pytest.fixture
def record_dry_run() -> Callable[[str, DryRun], None]:
    return _RUNS.__setitem__


@pytest.fixture
def record_defect() -> Callable[[str, bool], None]:
    return _DEFECTS.__setitem__


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _RUNS:
        terminalreporter.section("dry runs")
        terminalreporter.line(f"{'project':22}{'requests':>9}{'situations':>14}{'canaries':>10}")
    for name, run in _RUNS.items():
        passed = f"{sum(one.passed for one in run.situations)}/{len(run.situations)}"
        terminalreporter.line(f"{name:22}{run.validated:>9}{passed:>14}{run.canaries:>10}")
    if _DEFECTS:
        found = sum(_DEFECTS.values())
        terminalreporter.line(f"seeded defects found: {found} of {len(_DEFECTS)}")
