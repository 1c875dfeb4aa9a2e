"""Alembic's entrance: runs in the connection and the transaction that `store.migrate` opened."""

from alembic import context
from sqlmodel import SQLModel

import store.tables  # noqa: F401  # fills the metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata
)
context.run_migrations()
