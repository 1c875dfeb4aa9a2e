"""Faults on request: what production does, one call at a time, and what it leaves behind."""

import pytest

from pipeline.simulation.faults import Fault, FaultKind
from pipeline.simulation.mock import MockSystem
from tests.simulation.conftest import Client


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("rate-limited", 429),
        ("expired-token", 401),
        ("forbidden", 403),
        ("not-found", 404),
        ("server-error", 500),
        ("unavailable", 503),
    ],
)
def test_a_refusing_fault_changes_nothing_and_ends(
    client: Client, mock: MockSystem, kind: FaultKind, status: int
) -> None:
    mock.faults.add(Fault(kind, times=2, seconds=3))
    answers = [client.post("/customer", {"Name": "Ada"}, v="7") for _ in range(3)]
    assert [answer.status for answer in answers] == [status, status, 200]
    assert (answers[0].headers.get("retry-after") == "3") == (kind == "rate-limited")
    assert len(mock.records("customer")) == 1


def test_a_fault_waits_for_its_operation_and_its_turn(client: Client, mock: MockSystem) -> None:
    mock.faults.add(Fault("server-error", operation="create-customer", skip=1))
    assert client.get("/receipts").status == 200
    statuses = [client.post("/customer", {"Name": name}, v="7").status for name in "ABC"]
    assert statuses == [200, 500, 200]


def test_a_lost_response_leaves_the_record(client: Client, mock: MockSystem) -> None:
    mock.faults.add(Fault("lost-response"))
    answer = client.post("/customer", {"Name": "Ada"}, v="7", requestid="k")
    assert answer.dropped
    assert mock.exchanges.all()[-1].fault == "lost-response"
    again = client.post("/customer", {"Name": "Ada"}, v="7", requestid="k")
    assert (again.status, again.dropped) == (200, False)
    assert len(mock.records("customer")) == 1


def test_a_hang_does_nothing_and_says_how_long(client: Client, mock: MockSystem) -> None:
    mock.faults.add(Fault("hang", seconds=9))
    answer = client.post("/customer", {"Name": "Ada"}, v="7")
    assert (answer.delay_seconds, answer.dropped) == (9, True)
    assert mock.records("customer") == []


def test_fields_are_renamed_or_null_in_the_answer_alone(client: Client, mock: MockSystem) -> None:
    mock.create("customer", {"Name": "Ada"})
    mock.faults.add(Fault("renamed-field", field="Name"))
    mock.faults.add(Fault("null-field", field="Name"))
    renamed, null, whole = (client.get("/customer/1", v="7").json()["Customer"] for _ in range(3))
    assert (renamed.get("Name_v2"), "Name" in renamed) == ("Ada", False)
    assert null["Name"] is None
    assert whole["Name"] == "Ada"


def test_an_empty_page(client: Client, mock: MockSystem) -> None:
    mock.create("receipt", {})
    mock.faults.add(Fault("empty-page"))
    assert [client.get("/receipts").json()["items"] == [] for _ in range(2)] == [True, False]
