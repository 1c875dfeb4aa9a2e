"""The database: its address, its transactions, and what its failures say."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import text

from pipeline.errors import StoreError, UsageError
from store.database import Database, parse_url
from store.failures import told_as_store_errors


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/folder/weft.db"


@pytest.fixture
def database(url: str):
    database = Database(url, patience=0.1)
    with database.writing() as session:
        session.connection().execute(text("CREATE TABLE note (body TEXT)"))
    yield database
    database.close()


def write(database: Database, body: str = "x") -> None:
    with database.writing() as session:
        session.connection().execute(text("INSERT INTO note VALUES (:body)"), {"body": body})


# ---- The address -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///weft.db", "sqlite:///weft.db"),
        ("sqlite+pysqlite:////var/weft.db", "sqlite:////var/weft.db"),
        ("postgres://me:p%40ss@db/weft", "postgresql+psycopg://me:p%40ss@db/weft"),
        ("postgresql://db/weft?sslmode=require", "postgresql+psycopg://db/weft?sslmode=require"),
        ("postgresql+psycopg2://db/weft", "postgresql+psycopg://db/weft"),
        ("postgresql+psycopg://db/weft", "postgresql+psycopg://db/weft"),
    ],
)
def test_addresses_are_written_one_way(url, expected):
    assert parse_url(url).render_as_string(hide_password=False) == expected


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "no database URL"),
        ("weft.db", "no database URL"),
        ("://me:hunter2@db", "no database URL"),
        ("mysql://me:hunter2@db/weft", "not in “mysql”"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
    ],
)
def test_a_wrong_address_is_a_sentence_without_its_password(url, sentence):
    with pytest.raises(UsageError, match=sentence) as raised:
        parse_url(url)
    assert "hunter2" not in str(raised.value)
    assert raised.value.__cause__ is None


# ---- Transactions ------------------------------------------------------------------------------


def test_sqlite_is_set_up_for_several_processes(database):
    with database.reading() as session:
        pragmas = [
            session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        ]
    assert pragmas == ["wal", 1, 100, 2]


def test_readers_go_on_while_one_writes(database):
    write(database)
    with database.writing() as session:
        session.connection().execute(text("DELETE FROM note"))
        with database.reading() as reader:
            assert reader.connection().execute(text("SELECT count(*) FROM note")).scalar() == 1


def test_after_an_exception_the_thread_may_write_again(database):
    with pytest.raises(ZeroDivisionError), database.writing():
        raise ZeroDivisionError
    write(database)


# ---- Failures ----------------------------------------------------------------------------------


def test_a_locked_database_may_be_tried_again(database, url):
    other = Database(url)
    with other.writing() as session:
        session.connection()
        with pytest.raises(StoreError, match="held by another process") as raised:
            write(database)
    other.close()
    assert raised.value.retryable
    write(database)


def test_a_full_disk_saves_nothing(database):
    with database.reading() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 4")
    with pytest.raises(StoreError, match="free some space") as raised:
        write(database, "x" * 100_000)
    assert not raised.value.retryable
    with database.reading() as session:
        assert session.connection().execute(text("SELECT count(*) FROM note")).scalar() == 0


def test_a_database_without_tables_asks_to_be_migrated(database):
    with pytest.raises(StoreError, match="weft migrate"), database.reading() as session:
        session.connection().execute(text("SELECT * FROM integration"))


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "weft.db").write_text("Dear diary, " * 1000)
    database = Database(f"sqlite:///{tmp_path}/weft.db")
    with pytest.raises(StoreError, match="is no database"), database.reading() as session:
        session.connection()
    database.close()


def test_a_folder_in_the_files_place_is_told(tmp_path):
    database = Database(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreError, match="can't open its database file"):
        write(database)
    database.close()
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="can't open its database file"):
        Database(f"sqlite:///{tmp_path}/file/weft.db")


def test_an_unreachable_server_is_told_without_the_password():
    database = Database("postgresql://me:hunter2@127.0.0.1:1/weft")
    with pytest.raises(StoreError, match="can't reach its PostgreSQL server") as raised:
        write(database)
    database.close()
    assert raised.value.retryable
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    ("error", "sentence", "retryable"),
    [
        (psycopg.errors.LockNotAvailable, "held by another process", True),
        (psycopg.errors.DeadlockDetected, "held by another process", True),
        (psycopg.errors.DiskFull, "free some space", False),
        (psycopg.errors.UndefinedTable, "weft migrate", False),
        (psycopg.errors.UndefinedColumn, "weft migrate", False),
        (psycopg.errors.InsufficientPrivilege, "may not write", False),
        (psycopg.errors.AdminShutdown, "can't reach", True),
        (psycopg.errors.TooManyConnections, "can't reach", True),
        (psycopg.errors.DataError, "refused: DataError", False),
    ],
)
def test_what_postgresql_says_becomes_a_sentence(error, sentence, retryable):
    wrapped = OperationalError("SELECT 1", None, error("a driver's words"))
    with pytest.raises(StoreError, match=sentence) as raised, told_as_store_errors():
        raise wrapped
    assert raised.value.retryable == retryable


def test_what_people_wrote_stays_out_of_failures(database):
    with pytest.raises(StoreError) as raised, database.writing() as session:
        session.connection().execute(text("INSERT INTO note VALUES (:b, 1)"), {"b": "hunter2"})
    assert "hunter2" not in f"{raised.value} {raised.value.__cause__}"
