"""Every contract of the store is run on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.clock import SettableClock
from store.database import Database
from store.migrate import upgrade
from tests.postgres import fresh_database, postgres_server, postgres_url  # noqa: F401  # fixtures


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a fresh database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/weft.db"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a fresh database with Weft's tables: a copy, as migrating each would take longer."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "weft.db")
        yield f"sqlite:///{tmp_path}/weft.db"
    else:
        template = str(request.getfixturevalue("migrated_postgres"))
        server, _, name = template.rpartition("/")
        with fresh_database(server, template=name) as url:
            yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "weft.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:  # noqa: F811
    with fresh_database(postgres_server) as url:
        upgrade(url)
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()
