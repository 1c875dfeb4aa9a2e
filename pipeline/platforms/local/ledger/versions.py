"""Versions: immutable snapshots of a project's files."""

import json

from pipeline.artifacts import SourceFile
from pipeline.errors import PlatformError
from pipeline.integration import new_id
from pipeline.model import Value, digest
from pipeline.platforms.local.ledger.database import Database
from pipeline.ports import Clock, VersionSpec


class Version(Value):
    id: str
    project_id: str
    name: str
    description: str
    digest: str
    files: list[SourceFile]
    files_digest: str
    created_at: str


class Versions:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(self, project_id: str, spec: VersionSpec) -> str:
        """The version of that name; PlatformError where it stands with other files."""
        files = [file.model_dump() for file in spec.files]
        files_digest = digest(files)
        row = (
            new_id("ver"), project_id, spec.name, spec.description, spec.digest,
            json.dumps(files), files_digest, self._clock.now().isoformat(),
        )  # fmt: skip
        self._database.execute(
            "INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (project_id, name) DO NOTHING",
            row,
        )
        found = self._row("project_id = ? AND name = ?", project_id, spec.name)
        assert found is not None
        if (found["files_digest"], found["digest"]) != (files_digest, spec.digest):
            raise PlatformError(
                f"Version “{spec.name}” exists with other files, and versions never change: "
                "give the new one another name."
            )
        return str(found["id"])

    def find(self, project_id: str, name: str) -> str | None:
        found = self._row("project_id = ? AND name = ?", project_id, name)
        return str(found["id"]) if found else None

    def get(self, project_id: str, version_id: str) -> Version:
        found = self._row("project_id = ? AND id = ?", project_id, version_id)
        if found is None:
            raise PlatformError(f"The project has no version {version_id}: create it first.")
        return Version.model_validate(found | {"files": json.loads(str(found["files"]))})

    def forget(self, kept: int) -> set[str]:
        """Delete what is beyond each project's latest and no deployment names; gives the digests
        of the files of all others."""
        self._database.execute(
            "DELETE FROM version WHERE id NOT IN (SELECT version_id FROM deployment) AND"
            " (SELECT COUNT(*) FROM version AS later WHERE later.project_id = version.project_id"
            " AND later.rowid > version.rowid) >= ?",
            (kept,),
        )
        rows = self._database.rows("SELECT DISTINCT files_digest FROM version")
        return {row["files_digest"] for row in rows}

    def _row(self, condition: str, *values: str) -> dict[str, object] | None:
        return self._database.row(f"SELECT * FROM version WHERE {condition}", values)
