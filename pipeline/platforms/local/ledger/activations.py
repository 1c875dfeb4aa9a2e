"""Activations: the end users for whom an environment's workflows run with their own accounts."""

from collections.abc import Iterator
from typing import Any

from pipeline.errors import PlatformError
from pipeline.integration import new_id
from pipeline.model import Value
from pipeline.platforms.local.ledger.database import Database
from pipeline.ports import Clock

STATIC = "static"  # everybody's: what workflows run for where no end user is meant


class Activation(Value):
    id: str
    project_id: str
    environment: str
    external_id: str  # what the customer's own system calls the user
    display_name: str
    created_at: str
    updated_at: str

    @property
    def user(self) -> dict[str, str]:
        """As the Run SDK knows a user."""
        return {
            "id": self.external_id,
            "externalId": self.external_id,
            "displayName": self.display_name,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
        }


class Activations:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put(
        self, project_id: str, environment: str, external_id: str, display_name: str
    ) -> Activation:
        """The activation of that user, made or renamed."""
        now = self._clock.now().isoformat()
        [row] = self._database.rows(
            "INSERT INTO activation VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (project_id, environment, external_id) DO UPDATE SET"
            " display_name = excluded.display_name, updated_at = excluded.updated_at RETURNING *",
            (new_id("act"), project_id, environment, external_id, display_name, now, now),
        )
        return Activation(**row)

    def get(self, project_id: str, environment: str, activation_id: str) -> Activation:
        row = self._database.row(
            "SELECT * FROM activation WHERE id = ? AND project_id = ? AND environment = ?",
            (activation_id, project_id, environment),
        )
        if row is None:
            raise PlatformError(
                f"There is no activation {activation_id} in {environment}: activate the end user."
            )
        return Activation(**row)

    def all(self, project_id: str, environment: str) -> list[Activation]:
        """Oldest first."""
        return list(self._of(project_id, environment))

    def delete(self, activation_id: str) -> None:
        """With its variables; its connections hold secrets and are forgotten on their own."""
        with self._database.transaction():
            self._database.execute(
                "DELETE FROM variable_value WHERE activation = ? AND activation <> ?",
                (activation_id, STATIC),
            )
            self._database.execute("DELETE FROM activation WHERE id = ?", (activation_id,))

    def _of(self, *place: Any) -> Iterator[Activation]:
        for row in self._database.rows(
            "SELECT * FROM activation WHERE project_id = ? AND environment = ?"
            " ORDER BY created_at, id",
            place,
        ):
            yield Activation(**row)
