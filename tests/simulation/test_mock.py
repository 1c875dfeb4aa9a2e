"""The mock as an API: what it takes, what it refuses, what it remembers."""

import json
from typing import Any

import pytest

from pipeline.catalogue.model import SystemEntry
from pipeline.clock import SettableClock
from pipeline.simulation.mock import MockSystem
from tests.simulation.conftest import HEADERS, Client


def code(response: Any) -> str:
    return str(response.json()["Fault"]["Error"][0]["code"])


def test_a_created_record_gets_id_version_and_times_and_can_be_read(client: Client) -> None:
    made = client.create(Name="Ada")
    assert made == {
        "Name": "Ada",
        "Id": "1",
        "SyncToken": "0",
        "Meta": {
            "CreateTime": "2026-01-01T00:00:00Z",
            "LastUpdatedTime": "2026-01-01T00:00:00Z",
        },
    }
    assert client.get("/customer/1", v="7").json() == {"Customer": made}


def test_an_update_needs_the_current_version_and_keeps_other_fields(
    client: Client, clock: SettableClock
) -> None:
    client.create(Name="Ada", Email="ada@example.com")
    clock.advance(60)
    change = {"sparse": True, "Id": "1", "SyncToken": "0", "Level": "gold"}
    changed = client.post("/customer", change, v="7").json()["Customer"]
    assert (changed["SyncToken"], changed["Level"], changed["Email"]) == (
        "1", "gold", "ada@example.com",
    )  # fmt: skip
    assert changed["Meta"]["LastUpdatedTime"] == "2026-01-01T00:01:00Z"
    assert changed["Meta"]["CreateTime"] == "2026-01-01T00:00:00Z"
    assert code(client.post("/customer", change, v="7")) == "5010"


def test_a_whole_record_may_quote_what_only_the_system_writes(entry: SystemEntry) -> None:
    whole = [
        one.model_copy(update={"replaces": True, "body": {}})
        if one.id == "update-customer" else one
        for one in entry.operations
    ]  # fmt: skip
    client = Client(MockSystem(entry.model_copy(update={"operations": whole}), SettableClock()))
    made = client.create(Name="Ada")
    assert client.post("/customer", {**made, "Name": "Ada B"}, v="7").status == 200
    changed = {**made, "SyncToken": "1", "Meta": {"CreateTime": "2020-01-01T00:00:00Z"}}
    assert "Meta.CreateTime" in client.post("/customer", changed, v="7").body.decode()


def test_a_deleted_record_is_gone(client: Client, mock: MockSystem) -> None:
    client.create(Name="Ada")
    gone = client.post("/customer", {"Id": "1", "SyncToken": "0"}, v="7", operation="delete")
    assert gone.status == 200
    assert mock.records("customer") == []
    assert client.get("/customer/1", v="7").status == 404


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "2020"),
        ({"Name": "Ada" * 20}, "2050"),
    ],
)
def test_a_refusal_has_the_code_that_the_vendor_documents(
    client: Client, record: Any, expected: str
) -> None:
    response = client.post("/customer", record, v="7")
    assert (response.status, code(response)) == (400, expected)


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ({"Name": 7}, "Name"),
        ({"Name": "Ada", "Nmae": "Ada"}, "Nmae"),
        ({"Name": "Ada", "Id": "9", "SyncToken": "0"}, "sparse"),
        ({"Name": "Ada", "SyncToken": "0"}, "SyncToken: a read-only field"),
        ({"Name": "Ada", "Meta": {"CreateTime": "2026-01-01T00:00:00Z"}}, "Meta.CreateTime"),
        ({"Name": "Ada", "Level": "silver"}, "silver"),
        ({"Name": "Ada", "Email": "not an address"}, "email"),
        ([], "the body"),
    ],
)
def test_a_wrong_record_is_refused_with_the_field_named(
    client: Client, mock: MockSystem, record: Any, says: str
) -> None:
    assert client.post("/customer", record, v="7").status == 400
    exchange = mock.exchanges.all()[-1]
    assert (exchange.effect, exchange.status) == ("refused", 400)
    assert says in exchange.detail
    assert mock.records("customer") == []


def test_a_natural_key_is_taken_once(client: Client) -> None:
    client.create(Name="Ada")
    assert code(client.post("/customer", {"Name": "Ada"}, v="7")) == "6240"


def test_a_reference_must_exist_unless_it_is_a_documented_constant(client: Client) -> None:
    customer = client.create(Name="Ada")

    def receipt(reference: str, tax: str) -> Any:
        line = {"Amount": 2.5, "TaxCode": tax}
        record = {"CustomerRef": {"value": reference}, "Line": [line, {"Amount": 1}]}
        return client.post("/receipt", {"receipt": record})

    assert receipt("99", "NON").status == 400
    assert receipt(customer["Id"], "5").status == 400
    assert receipt(customer["Id"], "NON").json()["receipt"]["TotalAmt"] == 3.5


def test_what_stands_beside_the_record_is_refused(client: Client) -> None:
    assert "other" in str(client.post("/receipt", {"receipt": {}, "other": 1}).json())


@pytest.mark.parametrize(
    "name", ["ada@example.com", "o'brien@example.com", "back\\slash'@example.com"]
)
def test_find_reverses_the_search_and_its_escaping(
    client: Client, mock: MockSystem, name: str
) -> None:
    mock.create("customer", {"Name": "Ada", "Email": name})
    mock.create("customer", {"Name": "Bob", "Email": "bob@example.com"})
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    found = client.get("/query", query=f"select * from Customer where Email = '{escaped}'")
    assert [each["Name"] for each in found.json()["Found"]["Customer"]] == ["Ada"]


def test_find_of_nothing_is_an_empty_list_and_noted_as_nothing(
    client: Client, mock: MockSystem
) -> None:
    found = client.get("/query", query="select * from Customer where Email = 'x@example.com'")
    assert found.json() == {"Found": {"Customer": []}}
    assert mock.exchanges.all()[-1].effect == "nothing"


def test_an_unescaped_quote_in_a_search_is_refused(client: Client) -> None:
    query = "select * from Customer where Email = 'o'brien@example.com'"
    assert client.get("/query", query=query).status == 400


def test_a_list_is_read_page_by_page_where_the_position_stands_in_the_search(
    client: Client,
) -> None:
    for name in "ABC":
        client.create(Name=name)
    pages = [
        client.get("/query", query=f"select * from Customer startposition {start} maxresults 2")
        for start in (1, 3, 5)
    ]
    assert [[each["Name"] for each in page.json()["Found"]["Customer"]] for page in pages] == [
        ["A", "B"], ["C"], [],
    ]  # fmt: skip


def test_a_list_since_a_time_leaves_out_what_is_older(client: Client, clock: SettableClock) -> None:
    client.create(Name="old")
    clock.advance(3600)
    client.create(Name="new")
    query = "select * from Customer where Created >= '2026-01-01T00:30:00Z'"
    assert [
        each["Name"] for each in client.get("/query", query=query).json()["Found"]["Customer"]
    ] == ["new"]


def test_link_pagination_goes_on_until_there_is_no_link(client: Client, mock: MockSystem) -> None:
    for number in range(3):
        mock.create("receipt", {"DocNumber": str(number)})
    response = client.get("/receipts", limit="2")
    seen = response.json()["items"]
    address = response.headers["link"].partition("<")[2].partition(">")[0]
    response = mock.handle("GET", address, "", HEADERS)
    seen += response.json()["items"]
    assert [each["DocNumber"] for each in seen] == ["0", "1", "2"]
    assert "link" not in response.headers


def test_the_same_idempotency_key_writes_once(client: Client, mock: MockSystem) -> None:
    first = client.post("/customer", {"Name": "Ada"}, v="7", requestid="k1")
    again = client.post("/customer", {"Name": "Ada"}, v="7", requestid="k1")
    assert again == first
    assert len(mock.records("customer")) == 1
    assert [each.effect for each in mock.exchanges.all()] == ["created", "nothing"]
    assert client.post("/customer", {"Name": "Bob"}, v="7", requestid="k1").status == 400


@pytest.mark.parametrize(
    ("method", "path", "status", "says"),
    [
        ("GET", "/nowhere", 404, "POST /customer"),
        ("DELETE", "/customer", 405, "only POST"),
        ("GET", "/customer/1", 400, "v: a required query parameter"),
        ("GET", "/receipts?limi=2", 400, "limi: a query parameter that is not known"),
        ("GET", "/receipts?limit=0", 400, "page size"),
        ("GET", "/receipts?limit=many", 400, "whole number"),
        ("GET", "/receipts?page_info=zzz", 400, "not a position"),
    ],
)
def test_what_is_not_in_the_catalogue_is_refused_with_what_was_expected(
    mock: MockSystem, method: str, path: str, status: int, says: str
) -> None:
    response = mock.handle(method, path, "", HEADERS)
    assert response.status == status
    assert says in mock.exchanges.all()[-1].detail


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"Name": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a":' * 90 + b"1" + b"}" * 90, "application/json", 400),
        (b'{"Name": "Ada"}', "text/plain", 415),
    ],
)
def test_a_body_that_is_no_json_is_refused(
    mock: MockSystem, body: bytes, kind: str, status: int
) -> None:
    headers = {**HEADERS, "Content-Type": kind}
    assert mock.handle("POST", "/customer", {"v": "7"}, headers, body).status == status


def test_the_probe_names_the_mock_as_the_account(client: Client) -> None:
    assert client.get("/company/17").json() == {"Company": {"Name": "Mock Books"}}


class TestCredentials:
    def test_one_must_be_there(self, mock: MockSystem) -> None:
        assert mock.handle("GET", "/receipts").status == 401

    def test_once_one_is_registered_no_other_is_taken(self, mock: MockSystem) -> None:
        mock.register_credentials({"api_key": "right"})
        assert mock.handle("GET", "/receipts", "", {"X-Key": "right"}).status == 200
        assert mock.handle("GET", "/receipts", "", {"X-Key": "wrong"}).status == 401
        assert mock.handle("GET", "/receipts", "", {"Authorization": "Bearer x"}).status == 401

    def test_they_are_masked_in_the_exchanges(self, mock: MockSystem) -> None:
        secret = "s3cret-value"
        mock.handle("GET", "/receipts", "", {"X-KEY": secret, "Authorization": f"Bearer {secret}"})
        shown = json.dumps([each.as_json() for each in mock.exchanges.all()])
        assert "x-key" in shown
        assert secret not in shown
