"""SQL through the broker on a real MariaDB: the catalogue's statements, types, limits, refusals."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymysql
import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import Auth
from pipeline.platforms.local import databases
from pipeline.platforms.local.broker import Incoming, Outgoing
from pipeline.platforms.local.protocol import CallRefused
from pipeline.simulation.credentials import sample_headers
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.statements import write_statement
from tests.mariadb import PASSWORD, USER, mariadb_port  # noqa: F401  # a fixture
from tests.platforms.local.test_broker import Bench

_ENTRY = Catalogue.load().system("mysql")
_OPERATIONS = {operation.id: operation for operation in _ENTRY.operations}
_TABLE = (
    "CREATE TABLE orders (id varchar(40) PRIMARY KEY, total double, paid boolean,"
    " note text, items json, updated_at datetime)"
)


class Database:
    """A connection to a real database, with the table that the connection names."""

    def __init__(self, bench: Bench, port: int) -> None:
        self.bench = bench
        self.port = port
        self.connect()

    def connect(self, **config: Any) -> None:
        self.bench.allowed = frozenset({f"127.0.0.1:{self.port}"})
        given = {"host": "127.0.0.1", "port": self.port, "database": "shop", "table": "orders"}
        secrets = {"username": USER, "password": config.pop("password", PASSWORD)}
        self.bench.connect(Auth(type="basic-auth"), secrets, _ENTRY.base_url, given | config)

    def run(self, *statements: str) -> Any:
        """What a person does beside."""
        place: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "database": "shop"}
        connection = pymysql.connect(**place, user=USER, password=PASSWORD, autocommit=True)
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall()

    def send(self, sql: str, *params: Any, seconds: float = 20) -> Incoming:
        body = json.dumps({"sql": sql, "params": list(params)}).encode()
        [answer] = self.bench.fetch(Outgoing("POST", "/", {}, body, seconds))
        return answer

    def execute(self, sql: str, *params: Any, seconds: float = 20) -> Any:
        answer = self.send(sql, *params, seconds=seconds)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)


@pytest.fixture
def database(tmp_path: Path, mariadb_port: int) -> Iterator[Database]:  # noqa: F811
    made = Database(Bench(tmp_path), mariadb_port)
    made.run("DROP TABLE IF EXISTS orders", _TABLE)
    yield made


_STEPS: list[tuple[str, dict[str, Any]]] = [
    ("create-row", {"id": "a1", "total": 20.5, "paid": True}),
    ("create-row", {"id": "a2", "total": 7, "paid": None}),
    ("upsert-row", {"id": "a2", "total": 8}),
    ("upsert-row", {"id": 'Zoë\'s \\ "a3"; -- 5 % $1', "total": 1}),
    ("update-row", {"id": "a1", "total": 21}),
    ("update-row", {"id": "a1", "total": 21}),
    ("find-row", {"id": "a1"}),
    ("find-row", {"id": "none"}),
    ("delete-row", {"id": "a2"}),
    ("list-rows", {}),
]


def test_a_database_and_its_mock_keep_the_same_rows(database: Database) -> None:
    mock = MockSystem(_ENTRY)
    for name, record in _STEPS:
        operation = _OPERATIONS[name]
        body = write_statement(operation, "id", record)
        real = database.execute(body["sql"].replace('"table"', '"{table}"'), *body["params"])
        headers = sample_headers(_ENTRY, operation)
        mocked = json.loads(mock.handle("POST", "/", {}, headers, json.dumps(body).encode()).body)
        assert (name, _known(real["rows"])) == (name, _known(mocked["rows"]))


def _known(rows: list[dict[str, Any]]) -> Any:
    """Without columns that are null; MariaDB's booleans are numbers."""
    kept = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return sorted(kept, key=lambda row: str(row["id"]))


def test_a_row_that_is_what_it_should_be_counts_as_found(database: Database) -> None:
    database.run("INSERT INTO orders (id, total) VALUES ('a1', 1)")
    sql = 'UPDATE "{table}" SET "total" = $1 WHERE "id" = $2'

    assert [database.execute(sql, 1, key)["count"] for key in ("a1", "none")] == [1, 0]


@pytest.mark.parametrize(
    "moment", ["2026-03-14T09:26:53Z", "2026-03-14T10:26:53.000+01:00", "2026-03-14 09:26:53"]
)
def test_a_time_is_kept_in_utc_whatever_its_zone(database: Database, moment: str) -> None:
    columns = '("id", "note", "updated_at")'
    database.execute(f'INSERT INTO "{{table}}" {columns} VALUES ($1, $2, $3)', 1, "n", moment)

    assert database.run("SELECT id, CAST(updated_at AS char) FROM orders") == (
        ("1", "2026-03-14 09:26:53"),
    )


def test_a_text_that_looks_like_a_time_stays_as_it_is(database: Database) -> None:
    moment = "2026-03-14T09:26:53Z"
    database.execute('INSERT INTO "{table}" ("id", "note") VALUES ($1, $2)', "a1", moment)

    assert database.run("SELECT note FROM orders") == ((moment,),)


def test_types_that_json_lacks_come_as_text(database: Database) -> None:
    sql = (
        "SELECT CAST('20.10' AS decimal(8, 2)) AS n, DATE '2026-03-14' AS d,"
        " X'00ff' AS b, TIME '01:02:03' AS t LIMIT $1"
    )

    [row] = database.execute(sql, 1)["rows"]

    assert (row["n"], row["d"], row["b"]) == ("20.10", "2026-03-14", "AP8=")
    assert isinstance(row["t"], str)


def test_lists_and_objects_are_kept_as_json(database: Database) -> None:
    sql = 'INSERT INTO "{table}" ("id", "items") VALUES ($1, $2)'
    database.execute(sql, "a1", [{"sku": "A1"}])

    assert database.run("SELECT JSON_VALUE(items, '$[0].sku') FROM orders") == (("A1",),)


def test_values_stand_where_their_numbers_are(database: Database) -> None:
    sql = (
        "SELECT $2 AS b, '$1 %' AS text, \"$1\" AS name, $1 AS a, $2 AS again FROM"
        ' (SELECT 1 AS "$1") AS one'
    )

    [row] = database.execute(sql, "first", "second")["rows"]

    assert row == {"b": "second", "text": "$1 %", "name": 1, "a": "first", "again": "second"}


def test_the_columns_of_a_table_can_be_asked_for(database: Database) -> None:
    sql = (_OPERATIONS["list-columns"].sql or "").replace("{value}", "$1")

    columns = [row["column_name"] for row in database.execute(sql, "orders")["rows"]]

    assert columns == ["id", "total", "paid", "note", "items", "updated_at"]


def test_the_probe_proves_the_connection(database: Database) -> None:
    assert _ENTRY.probe is not None
    body: Any = _ENTRY.probe.body
    assert database.send(body["sql"], *body["params"]).status == 200


# ---- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "params", "code"),
    [
        ('INSERT INTO "{table}" ("id") VALUES ($1), ($1)', ["a1"], "1062"),
        ('INSERT INTO "{table}" ("id") VALUES ($1)', [None], "1048"),
        ('INSERT INTO "{table}" ("id") VALUES ($1)', ["x" * 41], "1406"),
        ('INSERT INTO "{table}" ("id", "updated_at") VALUES ($1, $2)', ["a1", "soon"], "1292"),
        ('SELECT "none" FROM "{table}" LIMIT $1', [1], "1054"),
        ("SELECT * FROM nowhere LIMIT $1", [1], "1146"),
        ('SELECT * FROM "{table}" LIMIT $1; DROP TABLE orders', [1], "1064"),
    ],
)
def test_what_the_server_refuses_comes_with_its_code(
    database: Database, sql: str, params: list[Any], code: str
) -> None:
    answer = database.send(sql, *params)

    assert (answer.status, json.loads(answer.body)["code"]) == (400, code)
    assert database.run("SELECT count(*) FROM orders") == ((0,),)


def test_a_value_that_is_not_given_is_said(database: Database) -> None:
    with pytest.raises(CallRefused, match=r"no value for \$2"):
        database.send("SELECT $1, $2", 1)


def test_a_statement_that_takes_too_long_is_ended(database: Database) -> None:
    with pytest.raises(CallRefused, match=r"within 0\.3 seconds") as refused:
        database.execute("SELECT sleep($1)", 30, seconds=0.3)

    assert refused.value.name == "TimeoutError"


def test_too_many_rows_are_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "LARGEST_ROWS", 2)

    with pytest.raises(CallRefused, match="more than 2 rows"):
        database.execute("SELECT * FROM seq_1_to_9 WHERE seq > $1", 0)


@pytest.mark.parametrize("wrong", [{"database": "nowhere"}, {"password": "not-it"}, {"port": 9}])
def test_a_database_that_takes_no_connection_is_said_without_naming_it(
    database: Database, wrong: dict[str, Any]
) -> None:
    database.connect(**wrong)
    database.bench.allowed = frozenset({"127.0.0.1"})

    with pytest.raises(CallRefused, match="took no connection") as refused:
        database.execute("SELECT $1", 1)

    assert not {"nowhere", "not-it", USER} & set(str(refused.value).split())


def test_a_private_server_must_be_allowed_by_name(database: Database) -> None:
    database.bench.allowed = frozenset()

    with pytest.raises(CallRefused, match="private address"):
        database.execute("SELECT $1", 1)
