"""Removal: a project and all that the runner remembers of it, in one transaction."""

from pipeline.platforms.local.ledger.database import Database

_TABLES = (
    "issue", "log", "event", "deployment_history", "deployment", "version", "asset",
    "variable_value", "variable", "connection", "activation", "link", "system",
)  # fmt: skip
_OWNERS = ("activation", "project")  # of values, each with `/{project}/` after it


class Removal:
    def __init__(self, database: Database) -> None:
        self._database = database

    def remove(self, project_id: str) -> None:
        with self._database.transaction():
            for table in _TABLES:
                self._database.execute(f"DELETE FROM {table} WHERE project_id = ?", (project_id,))
            for owner in (f"{kind}/{project_id}/" for kind in _OWNERS):
                self._database.execute(
                    "DELETE FROM value WHERE substr(owner, 1, ?) = ?", (len(owner), owner)
                )
            self._database.execute("DELETE FROM project WHERE id = ?", (project_id,))
