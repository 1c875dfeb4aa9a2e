"""A worker that kills itself at a chosen moment, over a platform that outlives it.

crashing.py DATABASE ENGINE NAME HOME MOMENT    works until killed; MOMENT is `step:when` or `never`
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path

from pydantic import JsonValue

from bot.work import start_worker
from pipeline.artifacts import Made, StepName
from pipeline.clock import SystemClock
from pipeline.ports import ConnectionSpec, DeploymentInfo
from pipeline.services import Services
from pipeline.steps import ALL
from store.database import Database
from store.integrations import SqlIntegrationStore
from store.keys import keys_of_file
from store.vault import SqlVault
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.systems import catalogue
from tests.fakes import MemoryPlatform, ScriptedAnalyst, ScriptedVerifier

WHENS = ("before", "between", "after")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class FilePlatform(MemoryPlatform):
    """What was created stands in a file, a line a creation, whoever made it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def _create(self, thing: str) -> str:
        with self._path.open("a") as file:
            file.write(f"{thing}\n")
        return thing

    def _find(self, thing: str) -> str | None:
        return thing if thing in self.lines() else None

    def lines(self) -> list[str]:
        return self._path.read_text().splitlines() if self._path.exists() else []

    def create_connection(
        self, project_id: str, environment: str, link_id: str, spec: ConnectionSpec
    ) -> str:
        return super().create_connection(project_id, environment, link_id, spec)

    def deployment(self, project_id: str, environment: str) -> DeploymentInfo | None:
        versions = [line for line in self.lines() if line.startswith("deployed ")]
        if not versions:
            return None
        version = versions[-1].removeprefix("deployed ")
        return DeploymentInfo(version_id=version, url="http://127.0.0.1/x", healthy=True)

    def deploy(self, project_id: str, version_id: str, environment: str) -> DeploymentInfo:
        self._create(f"deployed {version_id}")
        found = self.deployment(project_id, environment)
        assert found is not None
        return found


class CrashingStore(SqlIntegrationStore):
    """Dies between an effect and its record, or around the saving of a step's artifact."""

    def __init__(self, database: Database, moment: str) -> None:
        super().__init__(database, SystemClock())
        self._moment = moment
        self.step: StepName = "scope"

    def record(self, key: str, result: JsonValue) -> None:
        if self._moment == f"{self.step}:between":
            die()
        super().record(key, result)

    def put_artifact(self, integration_id: str, step: StepName, made: Made) -> str:
        if self._moment == f"{step}:between":
            die()
        digest = super().put_artifact(integration_id, step, made)
        if self._moment == f"{step}:after":
            die()
        return digest


def crashing_services(database_url: str, home: Path, moment: str) -> Services:
    """Services that die at that moment. Call it in the process that is to die."""
    database = Database(database_url)
    store = CrashingStore(database, moment)
    for step in ALL:
        _watch(step, store, moment)
    return Services(
        store=store,
        vault=SqlVault(database, keys_of_file(home / "keys")),
        clock=SystemClock(),
        analyst=ScriptedAnalyst(shopify_orders_to_quickbooks()),
        platform=FilePlatform(home / "effects"),
        catalogue=catalogue(),
        verify=ScriptedVerifier(),
    )


def _watch(step: object, store: CrashingStore, moment: str) -> None:
    run, name = step.run, step.name  # type: ignore[attr-defined]

    def watched(*arguments: object) -> object:
        store.step = name
        if moment == f"{name}:before":
            die()
        return run(*arguments)

    step.run = watched  # type: ignore[attr-defined]


def main() -> None:
    database_url, engine_url, name, home, moment = sys.argv[1:]
    start_worker(engine_url, name, crashing_services(database_url, Path(home), moment))
    print(json.dumps({"ready": name}), flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
