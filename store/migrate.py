"""Bring a database to this version's tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from pipeline.errors import StoreError
from store.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Make or update the tables, in one transaction; safe to repeat, and in several processes."""
    database = Database(url)
    config = _config()
    try:
        with database.writing(lock="migrations") as session:
            config.attributes["connection"] = session.connection()
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError(
            "Weft's database was made by a newer version of Weft: run that version, "
            "or restore a backup from before it."
        ) from error
    finally:
        database.close()


def is_current(database: Database) -> bool:
    """Whether the tables are this version's."""
    with database.reading() as session:
        revision = MigrationContext.configure(session.connection()).get_current_revision()
    return revision == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
