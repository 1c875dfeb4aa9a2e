"""The migrations make the tables that the models describe."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel, text

from pipeline.errors import StoreError
from store.database import Database
from store.integrations import SqlIntegrationStore
from store.migrate import is_current, upgrade


def test_models_and_migrations_agree(database):
    with database.reading() as session:
        context = MigrationContext.configure(session.connection())
        assert compare_metadata(context, SQLModel.metadata) == []


def test_upgrading_again_changes_nothing(database, database_url):
    upgrade(database_url)
    assert is_current(database)


def test_several_may_upgrade_at_once(empty_url):
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(upgrade, [empty_url] * 4))
    database = Database(empty_url)
    assert is_current(database)
    database.close()


def test_a_database_of_a_newer_version_is_a_sentence(database, database_url):
    with database.writing() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert not is_current(database)
    with pytest.raises(StoreError, match="newer version"):
        upgrade(database_url)


def test_an_empty_database_asks_to_be_migrated(empty_url, clock):
    database = Database(empty_url)
    assert not is_current(database)
    with pytest.raises(StoreError, match="weft migrate"):
        SqlIntegrationStore(database, clock).list()
    database.close()
