"""Databases: the catalogue's statements are understood, and nothing but them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue.catalogue import Catalogue
from pipeline.simulation.answers import MockResponse
from pipeline.simulation.credentials import sample_headers
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.statements import write_statement

_INSERT = 'INSERT INTO "shop"."orders" ("id", "total") VALUES ($1, $2)'
_ENTRIES = [Catalogue.load().system(name) for name in ("postgres", "mysql")]


class Database:
    def __init__(self, mock: MockSystem) -> None:
        self.mock = mock
        self.operations = {operation.id: operation for operation in mock.entry.operations}

    def execute(self, sql: Any, *params: Any) -> MockResponse:
        return self.send({"sql": sql, "params": list(params)})

    def send(self, body: Any) -> MockResponse:
        headers = sample_headers(self.mock.entry, self.operations["create-row"])
        return self.mock.handle("POST", "/", {}, headers, json.dumps(body).encode())

    def call(self, operation: str, key: str = "id", /, **record: Any) -> Any:
        return self.send_record(operation, key, record)

    def send_record(self, operation: str, key: str, record: dict[str, Any]) -> Any:
        response = self.send(write_statement(self.operations[operation], key, record))
        assert response.status == 200, response.body
        return response.json()


@pytest.fixture(params=_ENTRIES, ids=lambda entry: entry.name)
def database(request: pytest.FixtureRequest) -> Database:
    return Database(MockSystem(request.param))


@pytest.fixture
def postgres() -> Database:
    return Database(MockSystem(_ENTRIES[0]))


def test_rows_are_inserted_found_changed_and_deleted(database: Database) -> None:
    database.call("create-row", id="a1", total=20.5)
    database.call("create-row", id="a2", total=7)
    assert database.call("find-row", id="a1")["rows"] == [{"id": "a1", "total": 20.5}]
    assert database.call("find-row", "total", total=7)["rows"] == [{"id": "a2", "total": 7}]
    assert database.call("update-row", id="a1", total=21)["count"] == 1
    assert database.call("delete-row", id="a2")["count"] == 1
    assert database.call("list-rows") == {"rows": [{"id": "a1", "total": 21}], "count": 1}


def test_an_upsert_with_the_same_key_keeps_one_row(database: Database) -> None:
    for total in (20.5, 21):
        database.call("upsert-row", id="a1", total=total)
    assert database.mock.records("row") == [{"id": "a1", "total": 21}]


def test_an_upsert_is_matched_on_the_columns_that_it_names(postgres: Database) -> None:
    for total in (20.5, 21):
        postgres.call("upsert-row", "number", number="1001", total=total)
    assert [row["total"] for row in postgres.mock.records("row")] == [21]


def test_an_update_that_fits_no_row_is_no_mistake(database: Database) -> None:
    assert database.call("update-row", id="a1", total=21)["count"] == 0
    assert database.mock.exchanges.all()[-1].effect == "nothing"


def test_a_key_that_is_taken_is_refused_with_the_databases_own_code(database: Database) -> None:
    database.call("create-row", id="a1")
    again = database.send(write_statement(database.operations["create-row"], "id", {"id": "a1"}))
    code = next(
        each.code for each in database.mock.entry.errors if "exists already" in each.meaning
    )
    assert (again.status, again.json()["code"]) == (400, code)


def test_a_cursor_reads_what_changed_page_by_page(database: Database) -> None:
    for number in range(1, 4):
        database.call("create-row", id=f"a{number}", updated_at=f"2026-03-0{number}")
    [since] = database.operations["list-rows"].since_by.values()
    sql = _filled(
        since, table='"orders"', field='"updated_at"', value="$1", limit="$2", offset="$3"
    )
    pages = [database.execute(sql, "2026-03-02", 1, offset).json()["rows"] for offset in (0, 1, 2)]
    assert [[row["id"] for row in page] for page in pages] == [["a2"], ["a3"], []]


def test_statements_that_write_answer_rows_only_where_the_database_does(database: Database) -> None:
    answered = database.call("create-row", id="a1")
    returns = bool(database.operations["create-row"].response_path)
    assert answered == {"rows": [{"id": "a1"}] if returns else [], "count": 1}


@pytest.mark.parametrize(
    ("sql", "params", "said"),
    [
        ("DROP TABLE orders", [], "none that is known here"),
        (_INSERT.replace("$2", "20.5"), ["a1"], "none that is known here"),
        (f"{_INSERT} RETURNING *; DROP TABLE orders", ["a1", 1], "none that is known here"),
        (_INSERT.replace('"id"', "id"), ["a1", 1], "none that is known here"),
        (f"{_INSERT} RETURNING *", ["a1"], "params"),
        (f"{_INSERT} RETURNING *", ["a1", 1, 2], "params"),
        (_INSERT.replace(", $2", "") + " RETURNING *", ["a1"], "Each column"),
        (_INSERT.replace("total", "id") + " RETURNING *", ["a1", 1], "Each column"),
        (f"{_INSERT} RETURNING *", ["a1", None], None),
        (f"{_INSERT} RETURNING *", "a1", "params"),
        (7, [], "sql"),
        ("", [], "none that is known here"),
    ],
)
def test_only_statements_of_the_catalogue_with_their_parameters_get_through(
    postgres: Database, sql: Any, params: Any, said: str | None
) -> None:
    response = postgres.send({"sql": sql, "params": params})
    assert response.status == (200 if said is None else 400)
    assert said is None or said in response.json()["message"]
    assert len(postgres.mock.records("row")) == (said is None)


@given(
    name=st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()),
    value=st.text(max_size=20) | st.integers(-(2**50), 2**50) | st.booleans(),
)
def test_whatever_a_column_is_called_its_value_arrives(name: str, value: Any) -> None:
    database = Database(MockSystem(_ENTRIES[0]))
    record = {name: value, "id": "a1"}
    assert database.send_record("create-row", "id", record)["rows"] == [record]


def _filled(template: str, **parts: str) -> str:
    for name, part in parts.items():
        template = template.replace(f"{{{name}}}", part)
    return template
