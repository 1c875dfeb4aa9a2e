"""Connections: a system's account in one environment, everybody's or one end user's."""

import json
from typing import Any

from pipeline.errors import PlatformError
from pipeline.integration import new_id
from pipeline.model import Value
from pipeline.plan.model import Auth
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.database import Database
from pipeline.ports import ConnectionSpec


class Connection(Value):
    """Credentials are references into the vault: `vault_reference` to what a person typed,
    `token_reference` to what the system issued since, which the runner rotates."""

    id: str
    project_id: str
    environment: str
    activation: str
    system: str
    name: str
    auth: Auth
    mock: bool
    vault_reference: str | None
    token_reference: str | None
    config: dict[str, str]
    connected: bool


class Connections:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(
        self,
        project_id: str,
        environment: str,
        spec: ConnectionSpec,
        *,
        connected: bool,
        activation: str = STATIC,
    ) -> str:
        """The system's connection, made, or pointed to other credentials (its tokens end)."""
        row = (
            new_id("con"), project_id, environment, activation, spec.system, spec.name,
            spec.auth.model_dump_json(), spec.mock, spec.vault_reference,
            json.dumps({name: str(value) for name, value in spec.config.items()}), connected,
        )  # fmt: skip
        self._database.execute(
            "INSERT INTO connection (id, project_id, environment, activation, system, name, auth,"
            " mock, vault_reference, config, connected) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (project_id, environment, activation, system) DO UPDATE SET"
            " name = excluded.name,"
            " auth = excluded.auth, mock = excluded.mock, connected = excluded.connected,"
            " vault_reference = excluded.vault_reference, config = excluded.config,"
            " token_reference = NULL",
            row,
        )
        return self.get(project_id, environment, spec.system, activation).id

    def find(self, project_id: str, environment: str, name: str) -> str | None:
        """Of everybody's connections, the one of that name."""
        row = self._database.row(
            "SELECT id FROM connection WHERE project_id = ? AND environment = ? AND name = ?"
            " AND activation = ?",
            (project_id, environment, name, STATIC),
        )
        return row["id"] if row else None

    def get(
        self, project_id: str, environment: str, system: str, activation: str = STATIC
    ) -> Connection:
        """The activation's own connection, else everybody's where end users have none."""
        for connection in self._matching(project_id, environment, activation, system):
            return connection
        whose = "" if activation == STATIC else " for this end user"
        raise PlatformError(
            f"“{system}” is not connected in {environment}{whose}: connect it first."
        )

    def by_id(self, connection_id: str) -> Connection:
        row = self._database.row("SELECT * FROM connection WHERE id = ?", (connection_id,))
        if row is None:
            raise PlatformError("This connection was deleted: connect the system again.")
        return _connection(row)

    def all(self, project_id: str, environment: str, activation: str = STATIC) -> list[Connection]:
        """One a system: what an execution for this activation may use."""
        return self._matching(project_id, environment, activation)

    def forget(self, activation: str) -> list[Connection]:
        """Delete an end user's connections; gives what was deleted, for its secrets' sake."""
        rows = self._database.rows(
            "DELETE FROM connection WHERE activation = ? AND activation <> ? RETURNING *",
            (activation, STATIC),
        )
        return [_connection(row) for row in rows]

    def _matching(
        self, project_id: str, environment: str, activation: str, system: str | None = None
    ) -> list[Connection]:
        rows = self._database.rows(
            "SELECT connection.* FROM connection WHERE project_id = ? AND environment = ?"
            " AND (? IS NULL OR system = ?) AND (activation = ? OR activation = ? AND NOT EXISTS ("
            " SELECT 1 FROM connection AS own WHERE own.activation = ?"
            " AND own.project_id = connection.project_id"
            " AND own.environment = connection.environment AND own.system = connection.system"
            ") AND NOT EXISTS (SELECT 1 FROM link JOIN system ON system.id = link.system_id"
            " WHERE link.dynamic AND link.project_id = connection.project_id"
            " AND link.environment = connection.environment AND system.name = connection.system))"
            " ORDER BY system",
            (project_id, environment, system, system, activation, STATIC, activation),
        )
        return [_connection(row) for row in rows]

    def set_tokens(self, connection_id: str, token_reference: str | None) -> None:
        """Where the connection's tokens are from now on; None: a person must consent again."""
        self._database.execute(
            "UPDATE connection SET token_reference = ?, connected = ? WHERE id = ?",
            (token_reference, token_reference is not None, connection_id),
        )

    def set_config(self, connection_id: str, config: dict[str, str]) -> None:
        self._database.execute(
            "UPDATE connection SET config = ? WHERE id = ?", (json.dumps(config), connection_id)
        )


def _connection(row: dict[str, Any]) -> Connection:
    return Connection(
        **row
        | {
            "auth": Auth.model_validate_json(row["auth"]),
            "config": json.loads(row["config"]),
            "mock": bool(row["mock"]),
            "connected": bool(row["connected"]),
        }
    )
