"""The memory of the projects' mock systems, so that they outlive the runner."""

import json

from pydantic import JsonValue

from pipeline.platforms.local.ledger.database import Database


class MockMemory:
    """Of one system of one project. Relaxed: after a power cut a mock may lack its last moments."""

    def __init__(self, database: Database, project_id: str, system: str) -> None:
        self._database = database
        self._owner = (project_id, system)

    def put(self, kind: str, key: str, content: JsonValue) -> None:
        with self._database.relaxed():
            self._database.execute(
                "INSERT INTO mock_memory (project_id, system, kind, key, content)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (project_id, system, kind, key)"
                " DO UPDATE SET content = excluded.content",
                (*self._owner, kind, key, json.dumps(content)),
            )

    def forget(self, kind: str, key: str) -> None:
        with self._database.relaxed():
            self._database.execute(
                "DELETE FROM mock_memory"
                " WHERE project_id = ? AND system = ? AND kind = ? AND key = ?",
                (*self._owner, kind, key),
            )

    def all(self, kind: str) -> dict[str, JsonValue]:
        rows = self._database.rows(
            "SELECT key, content FROM mock_memory"
            " WHERE project_id = ? AND system = ? AND kind = ? ORDER BY number",
            (*self._owner, kind),
        )
        return {row["key"]: json.loads(row["content"]) for row in rows}
