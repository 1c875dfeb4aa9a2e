"""Projects, their systems, and the links of systems to environments."""

from pipeline.errors import PlatformError
from pipeline.integration import new_id
from pipeline.model import Value
from pipeline.platforms.local.ledger.database import Database
from pipeline.ports import Clock, ProjectSpec, SystemSpec


class Project(Value):
    id: str
    integration_id: str
    name: str
    team: str
    created_at: str


class Projects:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def create(self, spec: ProjectSpec) -> str:
        """The project of that integration, made where there is none."""
        self._database.execute(
            "INSERT INTO project VALUES (?, ?, ?, ?, ?) ON CONFLICT (integration_id) DO NOTHING",
            (
                new_id("prj"),
                spec.integration_id,
                spec.name,
                spec.team,
                self._clock.now().isoformat(),
            ),
        )
        found = self.find(spec.integration_id)
        assert found is not None
        return found.id

    def find(self, integration_id: str) -> Project | None:
        row = self._database.row(
            "SELECT * FROM project WHERE integration_id = ?", (integration_id,)
        )
        return Project(**row) if row else None

    def get(self, project_id: str) -> Project:
        row = self._database.row("SELECT * FROM project WHERE id = ?", (project_id,))
        if row is None:
            raise PlatformError(f"The local platform has no project {project_id}: set it up again.")
        return Project(**row)

    def create_system(self, project_id: str, spec: SystemSpec) -> str:
        """The system of that name, made or brought up to date."""
        self.get(project_id)
        self._database.execute(
            "INSERT INTO system VALUES (?, ?, ?, ?)"
            " ON CONFLICT (project_id, name) DO UPDATE SET spec = excluded.spec",
            (new_id("sys"), project_id, spec.name, spec.model_dump_json()),
        )
        found = self.find_system(project_id, spec.name)
        assert found is not None
        return found

    def find_system(self, project_id: str, name: str) -> str | None:
        row = self._database.row(
            "SELECT id FROM system WHERE project_id = ? AND name = ?", (project_id, name)
        )
        return row["id"] if row else None

    def system(self, project_id: str, name: str) -> SystemSpec:
        row = self._database.row(
            "SELECT spec FROM system WHERE project_id = ? AND name = ?", (project_id, name)
        )
        if row is None:
            raise PlatformError(f"The project has no system “{name}”: add it to the plan.")
        return SystemSpec.model_validate_json(row["spec"])

    def link(self, project_id: str, environment: str, system_id: str, *, dynamic: bool) -> str:
        self._database.execute(
            "INSERT INTO link VALUES (?, ?, ?, ?, ?) ON CONFLICT (project_id, environment,"
            " system_id) DO UPDATE SET dynamic = excluded.dynamic",
            (new_id("lnk"), project_id, environment, system_id, dynamic),
        )
        found = self.find_link(project_id, environment, system_id)
        assert found is not None
        return found

    def find_link(self, project_id: str, environment: str, system_id: str) -> str | None:
        row = self._database.row(
            "SELECT id FROM link WHERE project_id = ? AND environment = ? AND system_id = ?",
            (project_id, environment, system_id),
        )
        return row["id"] if row else None

    def linked_system(self, project_id: str, environment: str, link_id: str) -> str:
        """The name of the system that a link stands for."""
        row = self._database.row(
            "SELECT system.name FROM link JOIN system ON system.id = link.system_id"
            " WHERE link.id = ? AND link.project_id = ? AND link.environment = ?",
            (link_id, project_id, environment),
        )
        if row is None:
            raise PlatformError(
                f"No system is linked to {environment} as {link_id}: set the systems up again."
            )
        return str(row["name"])

    def linked_systems(self, project_id: str, environment: str) -> list[SystemSpec]:
        rows = self._database.rows(
            "SELECT system.spec, link.dynamic FROM link JOIN system ON system.id = link.system_id"
            " WHERE link.project_id = ? AND link.environment = ? ORDER BY system.name",
            (project_id, environment),
        )
        return [
            SystemSpec.model_validate_json(row["spec"]).model_copy(
                update={"dynamic": bool(row["dynamic"])}
            )
            for row in rows
        ]
