"""SQL through the broker: on a real PostgreSQL, and refused where no statement may go."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.model import Auth
from pipeline.platforms.local import databases
from pipeline.platforms.local.broker import Incoming, Outgoing
from pipeline.platforms.local.protocol import CallRefused
from pipeline.simulation.credentials import sample_headers
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.statements import write_statement
from tests.platforms.local.test_broker import Bench
from tests.postgres import postgres_server, postgres_url  # noqa: F401  # fixtures

_ENTRY = Catalogue.load().system("postgres")
_OPERATIONS = {operation.id: operation for operation in _ENTRY.operations}
_PASSWORD = "the-password"


class Database:
    """A connection to a real database, with a table that the connection names."""

    def __init__(self, bench: Bench, url: str) -> None:
        self.bench = bench
        self.url = url
        self.connect()

    def connect(self, **config: Any) -> None:
        """As the catalogue's system is connected, with the user and the host of the tests."""
        place = httpx.URL(self.url)
        given = {"host": place.host, "port": place.port, "database": place.path.strip("/")}
        self.bench.allowed = frozenset({f"{place.host}:{place.port}"})
        secrets = {"username": "weft", "password": _PASSWORD}
        configured = {**given, "table": "shop.orders", **config}
        self.bench.connect(Auth(type="basic-auth"), secrets, _ENTRY.base_url, configured)

    def run(self, sql: str) -> list[Any]:
        """What a person does beside."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(sql)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def send(self, body: Any, seconds: float = 20) -> Incoming:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        [answer] = self.bench.fetch(Outgoing("POST", "/", {}, content, seconds))
        return answer

    def execute(self, sql: str, *params: Any, seconds: float = 20) -> Any:
        answer = self.send({"sql": sql, "params": list(params)}, seconds)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def database(bench: Bench, postgres_url: str) -> Iterator[Database]:  # noqa: F811
    made = Database(bench, postgres_url)
    made.run("CREATE SCHEMA shop")
    made.run(
        "CREATE TABLE shop.orders (id text PRIMARY KEY, total float8, paid boolean,"
        " items jsonb, updated_at timestamptz)"
    )
    yield made


_STEPS: list[tuple[str, dict[str, Any]]] = [
    ("create-row", {"id": "a1", "total": 20.5, "paid": True}),
    ("create-row", {"id": "a2", "total": 7, "paid": None}),
    ("create-row", {"id": "a1", "total": 1}),
    ("upsert-row", {"id": "a2", "total": 8}),
    ("upsert-row", {"id": 'Zoë\'s "a3"; --', "total": 1}),
    ("update-row", {"id": "a1", "total": 21}),
    ("update-row", {"id": "none", "total": 21}),
    ("find-row", {"id": "a1"}),
    ("find-row", {"id": "none"}),
    ("delete-row", {"id": "a2"}),
    ("list-rows", {}),
]


def test_a_database_and_its_mock_answer_alike(database: Database) -> None:
    mock = MockSystem(_ENTRY)
    for name, record in _STEPS:
        operation = _OPERATIONS[name]
        body = write_statement(operation, "id", record)
        real = database.send(_at_the_table(body))
        headers = sample_headers(_ENTRY, operation)
        mocked = mock.handle("POST", "/", {}, headers, json.dumps(body).encode())
        assert (name, real.status, _said(real.body)) == (name, mocked.status, _said(mocked.body))


def _at_the_table(body: dict[str, Any]) -> dict[str, Any]:
    """As generated code writes it: the connection's table, whatever that is."""
    return {**body, "sql": body["sql"].replace('"table"', '"{table}"')}


def _said(body: bytes) -> Any:
    """Rows without what only one of them has: columns that are null, other words of an error."""
    content = json.loads(body)
    if "code" in content:
        return content["code"]
    kept = [
        {name: value for name, value in row.items() if value is not None} for row in content["rows"]
    ]
    return sorted(kept, key=lambda row: str(row["id"])), content["count"]


def test_a_value_is_read_in_the_type_of_its_column(database: Database) -> None:
    moment = "2026-03-14T09:26:53+00:00"
    columns = "(id, total, paid, items, updated_at)"
    sql = f'INSERT INTO "{{table}}" {columns} VALUES ($1, $2, $3, $4, $5) RETURNING *'
    [row] = database.execute(sql, 1001, "20.5", "true", [{"sku": "A1"}], moment)["rows"]
    assert (row["id"], row["total"], row["paid"]) == ("1001", 20.5, True)
    assert row["items"] == [{"sku": "A1"}]
    assert row["updated_at"].startswith("2026-03-14T")


def test_types_that_json_lacks_come_as_text(database: Database) -> None:
    sql = (
        "SELECT 20.10::numeric AS n, '2026-03-14'::date AS d, 'NaN'::float8 AS f,"
        " '\\x00ff'::bytea AS b, int4range(1, 3) AS r LIMIT $1"
    )
    [row] = database.execute(sql, 1)["rows"]
    assert (row["n"], row["d"], row["f"], row["b"]) == ("20.10", "2026-03-14", None, "AP8=")
    assert isinstance(row["r"], str)


def test_the_columns_of_a_table_can_be_asked_for(database: Database) -> None:
    sql = (_OPERATIONS["list-columns"].sql or "").replace("{value}", "$1")
    for table in ("shop.orders", "orders"):
        columns = [row["column_name"] for row in database.execute(sql, table)["rows"]]
        assert columns == ["id", "total", "paid", "items", "updated_at"]


def test_a_cursor_reads_pages(database: Database) -> None:
    database.run(
        "INSERT INTO shop.orders (id, updated_at) VALUES"
        " ('a1', '2026-03-01'), ('a2', '2026-03-02'), ('a3', '2026-03-03')"
    )
    [sql] = _OPERATIONS["list-rows"].since_by.values()
    parts = {
        "table": '"{table}"',
        "field": '"updated_at"',
        "value": "$1",
        "limit": "$2",
        "offset": "$3",
    }
    for name, part in parts.items():
        sql = sql.replace(f"{{{name}}}", part)
    pages = [database.execute(sql, "2026-03-02", 1, at)["rows"] for at in range(3)]
    assert [[row["id"] for row in page] for page in pages] == [["a2"], ["a3"], []]


def test_the_probe_proves_the_connection(database: Database) -> None:
    assert _ENTRY.probe is not None
    assert database.send(_ENTRY.probe.body).status == 200


# ---- Refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "params", "code"),
    [
        ('INSERT INTO "{table}" ("id", "total") VALUES ($1, $2)', ["a1", "much"], "22P02"),
        ('INSERT INTO "{table}" ("id") VALUES ($1)', [None], "23502"),
        ('SELECT "none" FROM "{table}" LIMIT $1', [1], "42703"),
        ("SELECT * FROM nowhere LIMIT $1", [1], "42P01"),
        ('SELECT * FROM "{table}" LIMIT $1; DROP TABLE shop.orders', [1], "42601"),
        ('SELECT * FROM "{table}" LIMIT $1', [1, 2], "42P18"),
    ],
)
def test_what_the_server_refuses_comes_with_its_code(
    database: Database, sql: str, params: list[Any], code: str
) -> None:
    answer = database.send({"sql": sql, "params": params})
    assert (answer.status, json.loads(answer.body)["code"]) == (400, code)
    assert database.run("SELECT count(*) FROM shop.orders") == [(0,)]


def test_a_text_that_no_database_takes_is_refused(database: Database) -> None:
    answer = database.send({"sql": "SELECT $1::text AS a", "params": ["a\x00b"]})
    assert answer.status == 400
    assert "NUL" in json.loads(answer.body)["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"SELECT 1",
        {"sql": "DROP TABLE shop.orders; SELECT 1", "params": []},
        {"sql": "", "params": [1]},
        {"sql": 7, "params": [1]},
        {"sql": "SELECT $1", "params": {"a": 1}},
        {"sql": "SELECT $1", "params": [1], "more": True},
    ],
)
def test_what_is_no_statement_with_values_is_never_sent(database: Database, body: Any) -> None:
    with pytest.raises(CallRefused, match="sql, params"):
        database.send(body)
    assert database.run("SELECT count(*) FROM shop.orders") == [(0,)]


def test_a_statement_that_takes_too_long_is_ended(database: Database) -> None:
    with pytest.raises(CallRefused, match=r"within 0\.3 seconds") as refused:
        database.execute("SELECT pg_sleep($1)", 30, seconds=0.3)
    assert refused.value.name == "TimeoutError"
    active = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
    assert database.run(f"{active} AND state = 'active'") == [(0,)]


def test_too_many_rows_are_refused_and_what_made_them_is_undone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "LARGEST_ROWS", 2)
    sql = 'INSERT INTO "{table}" (id) SELECT generate_series(1, $1)::text RETURNING *'
    with pytest.raises(CallRefused, match="more than 2 rows"):
        database.execute(sql, 3)
    assert database.run("SELECT count(*) FROM shop.orders") == [(0,)]
    assert database.execute(sql, 2)["count"] == 2


def test_an_answer_of_many_bytes_is_refused(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.platforms.local.broker.LARGEST_BODY", 1000)
    with pytest.raises(CallRefused, match="larger"):
        database.execute("SELECT repeat('x', $1) AS a", 2000)


def test_a_database_that_is_not_there_is_said_without_naming_it(database: Database) -> None:
    database.connect(database="nowhere")
    with pytest.raises(CallRefused, match="took no connection") as refused:
        database.execute("SELECT $1", 1)
    assert refused.value.name == "NetworkError"
    assert "nowhere" not in str(refused.value)


def test_a_log_tells_no_statement_and_no_password(database: Database) -> None:
    database.execute("SELECT $1::text AS a", "a-value")
    text = "".join(
        line.model_dump_json()
        for line in database.bench.ledger.journal.lines(database.bench.place, None, 10)
    )
    assert '"status":200' in text
    assert not any(part in text for part in ("a-value", "SELECT", _PASSWORD))


def _body(sql: str = "SELECT $1") -> Outgoing:
    return Outgoing("POST", "/", {}, json.dumps({"sql": sql, "params": [1]}).encode())


def _connect(bench: Bench, base_url: str, **config: Any) -> None:
    bench.connect(Auth(type="basic-auth"), {"username": "weft"}, base_url, config)


def test_a_private_database_must_be_allowed_by_name(bench: Bench) -> None:
    _connect(bench, "postgresql://127.0.0.1:5432/shop")
    with pytest.raises(CallRefused, match="private address"):
        bench.fetch(_body())


def test_another_kind_of_database_is_refused_with_a_sentence(bench: Bench) -> None:
    bench.allowed = frozenset({"localhost"})
    _connect(bench, "oracle://localhost:1521/shop")
    with pytest.raises(CallRefused, match="no oracle databases"):
        bench.fetch(_body())


def test_a_table_that_nobody_named_is_asked_for(bench: Bench) -> None:
    _connect(bench, "postgresql://localhost:5432/shop")
    with pytest.raises(CallRefused, match="“table”"):
        bench.fetch(_body('SELECT * FROM "{table}" LIMIT $1'))
