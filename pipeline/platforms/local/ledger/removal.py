"""Removal: a project and all that the runner remembers of it, in one transaction."""

from pipeline.platforms.local.ledger.database import Database

_TABLES = (
    "SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c"
    " ON c.name = 'project_id' WHERE m.type = 'table'"
)
_OWNERS = ("activation", "project", "user")  # of values, each with `/{project}/` after it


class Removal:
    def __init__(self, database: Database) -> None:
        self._database = database

    def remove(self, project_id: str) -> None:
        tables = [row["name"] for row in self._database.rows(_TABLES)]
        with self._database.transaction():
            self._database.execute("PRAGMA defer_foreign_keys = ON")  # the order does not matter
            for table in tables:
                self._database.execute(f"DELETE FROM {table} WHERE project_id = ?", (project_id,))
            for owner in (f"{kind}/{project_id}/" for kind in _OWNERS):
                self._database.execute(
                    "DELETE FROM value WHERE substr(owner, 1, ?) = ?", (len(owner), owner)
                )
            self._database.execute("DELETE FROM project WHERE id = ?", (project_id,))
