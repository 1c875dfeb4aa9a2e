"""Implementations of ports for tests: real behaviour, in memory, without Deno or a runner."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from pipeline.artifacts import Evidence, Finding, SourceFile, Verification
from pipeline.cancellation import Cancellation
from pipeline.errors import PlatformError
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan, Scope, Variable
from pipeline.ports import (
    ConnectionSpec,
    DeploymentInfo,
    Draft,
    Interpretation,
    LogLine,
    Probe,
    ProjectSpec,
    Repair,
    Request,
    SystemSpec,
    Turn,
    VersionSpec,
)
from pipeline.replies import Command


class SteppingClock:
    """Every look at the clock is a second later than the one before."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


class ScriptedAnalyst:
    """Gives a prepared plan, and reads messages by a table."""

    name = "scripted"

    def __init__(self, plan: Plan, messages: dict[str, Interpretation] | None = None) -> None:
        self.plan = plan
        self.messages = messages or {}
        self.repairs: list[list[PlanEdit]] = []
        self.not_mended = ""
        self.earlier: list[Turn] = []  # given with the latest message
        self.meanwhile: list[Callable[[], None]] = []  # what happens while it reads, in turn
        self.calls: list[str] = []

    def scope(self, request: Request) -> Scope:
        self.calls.append("scope")
        return self.plan.scope

    def research(self, request: Request, report: Callable[[str], None]) -> Plan:
        self.calls.append("research")
        report("reading")
        return self.plan

    def interpret(self, message: str, draft: Draft, earlier: Sequence[Turn] = ()) -> Interpretation:
        self.calls.append(f"interpret {message}")
        self.earlier = list(earlier)
        self._let_time_pass()
        return self.messages.get(message, Interpretation())

    def repair(self, findings: Sequence[Finding], draft: Draft) -> Repair:
        self.calls.append("repair")
        self._let_time_pass()
        edits = self.repairs.pop(0) if self.repairs else []
        return Repair(edits=edits, not_mended=self.not_mended)

    def _let_time_pass(self) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()


class MemoryPlatform:
    """Keeps everything that was created, and counts each creation."""

    name = "memory"

    def __init__(self) -> None:
        self.created: list[str] = []
        self.live: dict[tuple[str, str], DeploymentInfo] = {}
        self.assets: dict[str, str] = {}
        self.refuses: set[str] = set()  # systems whose credentials do not work
        self.consent: dict[str, str] = {}  # system -> address where a person must consent
        self.failures: list[PlatformError] = []  # raised by the next creations, in order

    def commands(
        self, project: ProjectSpec, environment: str, systems: Sequence[SystemSpec]
    ) -> list[Command]:
        return [Command(text=f"create {item.name}", changes="a new system") for item in systems]

    def _create(self, thing: str) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.created.append(thing)
        return thing

    def _find(self, thing: str) -> str | None:
        return thing if thing in self.created else None

    def find_project(self, spec: ProjectSpec) -> str | None:
        return self._find(f"project {spec.integration_id}")

    def create_project(self, spec: ProjectSpec) -> str:
        return self._create(f"project {spec.integration_id}")

    def find_system(self, project_id: str, spec: SystemSpec) -> str | None:
        return self._find(f"system {spec.name} {spec.auth.type}")

    def create_system(self, project_id: str, spec: SystemSpec) -> str:
        return self._create(f"system {spec.name} {spec.auth.type}")

    def find_link(self, project_id: str, environment: str, system_id: str) -> str | None:
        return self._find(f"link {environment} {system_id}")

    def link_system(
        self, project_id: str, environment: str, system_id: str, *, dynamic: bool
    ) -> str:
        return self._create(f"link {environment} {system_id}")

    def declare_variables(self, project_id: str, variables: Sequence[Variable]) -> None:
        pass

    def find_connection(self, project_id: str, environment: str, name: str) -> str | None:
        return self._find(f"connection {environment} {name}")

    def create_connection(
        self, project_id: str, environment: str, link_id: str, spec: ConnectionSpec
    ) -> str:
        name = f"connection {environment} {spec.name}"
        return self._find(name) or self._create(name)

    def authorization_url(self, project_id: str, environment: str, system: str) -> str | None:
        return self.consent.get(system)

    def probe(self, project_id: str, environment: str, system: str) -> Probe:
        if system in self.refuses:
            return Probe(ok=False, status=401, detail="401 Unauthorized")
        return Probe(ok=True, status=200, account="Acme")

    def upload_asset(self, project_id: str, name: str, content: str) -> None:
        self.assets[name] = content

    def find_version(self, project_id: str, name: str) -> str | None:
        return self._find(f"version {name}")

    def create_version(self, project_id: str, spec: VersionSpec) -> str:
        return self._create(f"version {spec.name}")

    def deploy(self, project_id: str, version_id: str, environment: str) -> DeploymentInfo:
        info = DeploymentInfo(version_id=version_id, url="http://127.0.0.1/x", healthy=True)
        self.live[project_id, environment] = info
        return info

    def deployment(self, project_id: str, environment: str) -> DeploymentInfo | None:
        return self.live.get((project_id, environment))

    def stop(self, project_id: str, environment: str) -> None:
        self.live.pop((project_id, environment), None)

    def roll_back(self, project_id: str, environment: str, version_id: str) -> DeploymentInfo:
        return self.deploy(project_id, version_id, environment)

    def promote(self, project_id: str, source: str, target: str) -> DeploymentInfo:
        return self.deploy(project_id, self.live[project_id, source].version_id, target)

    def logs(
        self, project_id: str, environment: str, *, after: datetime | None = None, limit: int = 200
    ) -> list[LogLine]:
        return []


class ScriptedVerifier:
    """Passes, unless findings are prepared for the next runs."""

    def __init__(self) -> None:
        self.findings: list[list[Finding]] = []
        self.seen: list[list[SourceFile]] = []

    def __call__(self, files: Sequence[SourceFile], cancellation: Cancellation) -> Verification:
        cancellation.check()
        self.seen.append(list(files))
        findings = self.findings.pop(0) if self.findings else []
        return Verification(
            project_digest="",
            findings=findings,
            tests_passed=3,
            tests_failed=0,
            evidence=[Evidence(claim="3 tests passed", word="ran")],
        )
