"""The state of a mock, on its own."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.catalogue.model import SystemEntry
from pipeline.clock import SettableClock
from pipeline.simulation.memory import NoMemory
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.records import Records
from pipeline.simulation.refusals import Refusal
from tests.simulation.conftest import Client


@pytest.fixture
def records(entry: SystemEntry, clock: SettableClock) -> Records:
    return Records(entry, clock, NoMemory())


def test_what_goes_in_and_out_is_a_copy(records: Records) -> None:
    given = {"Name": "Ada", "Meta": {}}
    made = records.add("customer", given)
    made["Meta"]["CreateTime"] = "changed outside"
    assert given == {"Name": "Ada", "Meta": {}}
    assert records.get("customer", "1")["Meta"]["CreateTime"] == "2026-01-01T00:00:00Z"


def test_a_given_id_is_kept_and_never_given_again(records: Records) -> None:
    records.add("customer", {"Id": "1", "Name": "Ada"})
    assert records.add("customer", {"Name": "Bob"})["Id"] == "2"


def test_a_replacing_update_clears_what_is_left_out(records: Records) -> None:
    records.add("customer", {"Name": "Ada", "Level": "gold"})
    changed = records.update("customer", "1", {"Name": "Ada B"}, replaces=True)
    assert "Level" not in changed
    assert (changed["Id"], changed["SyncToken"]) == ("1", "1")
    assert changed["Meta"]["CreateTime"] == "2026-01-01T00:00:00Z"


def test_a_version_that_is_no_number_does_not_stop_an_update(records: Records) -> None:
    records.add("customer", {"Name": "Ada", "SyncToken": "by hand"})
    assert records.update("customer", "1", {"Level": "gold"})["SyncToken"] == "1"


def test_an_update_must_not_take_another_record_s_key(records: Records) -> None:
    for name in ("Ada", "Bob"):
        records.add("customer", {"Name": name})
    assert records.update("customer", "1", {"Name": "Ada"})["Name"] == "Ada"
    with pytest.raises(Refusal, match="Bob"):
        records.update("customer", "1", {"Name": "Bob"})


def test_find_looks_into_arrays(records: Records) -> None:
    records.add("receipt", {"Line": [{"Amount": 1}, {"Amount": 2}]})
    assert len(records.find("receipt", {"Line[].Amount": "2"})) == 1
    assert records.find("receipt", {"Line[].Amount": "3"}) == []


@pytest.mark.parametrize("entity", ["nothing", ""])
def test_an_unknown_entity_is_refused(records: Records, entity: str) -> None:
    with pytest.raises(Refusal):
        records.all(entity)


def test_requests_at_the_same_time_lose_nothing(client: Client, mock: MockSystem) -> None:
    with ThreadPoolExecutor(8) as pool:
        statuses = list(
            pool.map(
                lambda number: client.post("/customer", {"Name": f"N{number % 30}"}, v="7").status,
                range(60),
            )
        )
    assert (statuses.count(200), statuses.count(400)) == (30, 30)
    assert len({record["Id"] for record in mock.records("customer")}) == 30


def test_an_id_is_taken_once(records: Records) -> None:
    records.add("customer", {"Id": "7", "Name": "Ada"})
    with pytest.raises(Refusal, match="already"):
        records.add("customer", {"Id": "7", "Name": "Bob"})


def test_many_samples_can_be_kept(mock: MockSystem) -> None:
    for _ in range(30):
        mock.create("customer")
    assert len({record["Name"] for record in mock.records("customer")}) == 30
