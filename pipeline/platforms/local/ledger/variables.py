"""A project's variables with their values in each environment, and its assets."""

import json
from collections.abc import Sequence

from pydantic import JsonValue

from pipeline.plan.model import Variable
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.database import Database


class Variables:
    def __init__(self, database: Database) -> None:
        self._database = database

    def declare(self, project_id: str, variables: Sequence[Variable]) -> None:
        """The project's variables are these; values already set stay."""
        with self._database.transaction():
            self._database.execute("DELETE FROM variable WHERE project_id = ?", (project_id,))
            for variable in variables:
                self._database.execute(
                    "INSERT INTO variable VALUES (?, ?, ?)"
                    " ON CONFLICT (project_id, name) DO UPDATE SET spec = excluded.spec",
                    (project_id, variable.name, variable.model_dump_json()),
                )

    def declared(self, project_id: str) -> list[Variable]:
        rows = self._database.rows("SELECT spec FROM variable WHERE project_id = ?", (project_id,))
        return [Variable.model_validate_json(row["spec"]) for row in rows]

    def all(
        self, project_id: str, environment: str, activation: str = STATIC
    ) -> dict[str, JsonValue]:
        """Every variable's value: what was set for the activation, else there, else the default."""
        values: dict[str, JsonValue] = {one.name: one.default for one in self.declared(project_id)}
        chosen = self._database.rows(
            "SELECT name, value FROM variable_value WHERE project_id = ? AND environment = ?"
            " AND activation IN (?, ?) ORDER BY activation <> ?",
            (project_id, environment, activation, STATIC, STATIC),
        )
        return values | {row["name"]: json.loads(row["value"]) for row in chosen}

    def set(
        self,
        project_id: str,
        environment: str,
        name: str,
        value: JsonValue,
        activation: str = STATIC,
    ) -> None:
        self._database.execute(
            "INSERT INTO variable_value VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (project_id, environment, activation, name)"
            " DO UPDATE SET value = excluded.value",
            (project_id, environment, activation, name, json.dumps(value)),
        )

    def put_asset(self, project_id: str, name: str, content: str) -> None:
        self._database.execute(
            "INSERT INTO asset VALUES (?, ?, ?)"
            " ON CONFLICT (project_id, name) DO UPDATE SET content = excluded.content",
            (project_id, name, content),
        )

    def asset(self, project_id: str, name: str) -> str | None:
        row = self._database.row(
            "SELECT content FROM asset WHERE project_id = ? AND name = ?", (project_id, name)
        )
        return row["content"] if row else None
