"""Real worker, engine and runner: consent at a system's own page, and where secrets are then."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.posting import post_pending
from bot.work import start_worker
from pipeline.catalogue.catalogue import Catalogue
from pipeline.engine import JobQueue
from pipeline.plan.model import CredentialField, Plan, System
from pipeline.platforms.local.client import LocalPlatform
from pipeline.platforms.local.discovery import find_runner
from pipeline.simulation.app import AUTHORIZE_PATH, TOKEN_PATH, create_app
from pipeline.simulation.mock import MockSystem
from tests.scenarios.conftest import Scene, served

ROOT = Path(__file__).parents[2]
API_KEY, CLIENT_SECRET = "planted-api-key-5f2a", "planted-client-secret-9c1d"


@dataclass(frozen=True)
class Systems:
    """Mocks at addresses of their own, as real systems have them."""

    url: str
    quickbooks: MockSystem

    @property
    def tokens(self) -> set[str]:
        """All that were issued."""
        oauth = self.quickbooks.oauth
        return {*oauth._tokens, *oauth._refresh}


@pytest.fixture
def systems() -> Iterator[Systems]:
    catalogue = Catalogue.load()
    mocks = {name: MockSystem(catalogue.system(name)) for name in ("shopify", "quickbooks")}
    routes = [Mount(f"/{name}", create_app(mock)) for name, mock in mocks.items()]
    with served(Starlette(routes=routes)) as url:
        yield Systems(url, mocks["quickbooks"])


@pytest.fixture
def platform(tmp_path: Path, pipeline: object) -> Iterator[LocalPlatform]:
    """A runner in a process of its own, on the same home as everything else."""
    command = [sys.executable, "-m", "tests.scenarios.runner", str(tmp_path)]
    with (
        (tmp_path / "runner.log").open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log) as process,
    ):
        _wait(lambda: find_runner(tmp_path) is not None)
        address = find_runner(tmp_path)
        assert address is not None
        platform = LocalPlatform(address.url, address.token)
        yield platform
        platform.close()
        process.terminate()


@dataclass
class Whole:
    """A scene whose integrations a worker advances; the engine's database is in its home."""

    scene: Scene
    queue: JobQueue
    asked: int = 0

    def until(self, is_so: Callable[[], bool]) -> None:
        _wait(lambda: self._go_on() or is_so())

    def click(self, label: str) -> None:
        """Once the button is there."""
        self.until(lambda: f"'text': '{label}'" in self.scene.texts())
        self.scene.maya.click(label)
        self.scene.playground.settle()
        self.scene.here.settle()

    def submit(self, **values: str) -> None:
        self.scene.maya.submit({f"secret:{name}": {"value": each} for name, each in values.items()})

    def _go_on(self) -> None:
        for integration_id, state in self.scene.jobs.asked[self.asked :]:
            self.queue.enqueue(integration_id, state)
            self.asked += 1
        post_pending(self.scene.pipeline.services.store, self.scene.announcer)


@pytest.fixture
def whole(scene: Scene, systems: Systems, platform: LocalPlatform) -> Iterator[Whole]:
    scene.pipeline.analyst.plan = _at(scene.pipeline.analyst.plan, systems.url)
    services = replace(scene.pipeline.services, platform=platform)
    engine_url = f"sqlite:///{scene.directory / 'engine.sqlite'}"
    worker = start_worker(engine_url, "scene", services)
    queue = JobQueue(engine_url)
    yield Whole(scene, queue)
    queue.close()
    worker.close()


def _at(plan: Plan, url: str) -> Plan:
    """The plan with the systems where they stand here."""
    shopify, quickbooks = plan.systems
    fields = [CredentialField(name="api_key", label="Admin API access token")]
    auth = {"fields": fields}
    return plan.model_copy(
        update={
            "systems": [
                _moved(shopify, f"{url}/shopify", auth),
                _moved(quickbooks, f"{url}/quickbooks", _oauth(f"{url}/quickbooks")),
            ]
        }
    )


def _moved(system: System, url: str, auth: dict[str, Any]) -> System:
    scheme = system.auth.model_copy(update=auth)
    return system.model_copy(update={"base_url": url, "auth": scheme, "config": []})


def _oauth(url: str) -> dict[str, Any]:
    names = ("client_id", "client_secret")
    return {
        "authorize_url": f"{url}{AUTHORIZE_PATH}",
        "token_url": f"{url}{TOKEN_PATH}",
        "fields": [CredentialField(name=name, label=name) for name in names],
    }


def test_consent_lets_it_go_on_and_secrets_stand_only_in_the_vault(
    whole: Whole, systems: Systems, caplog: pytest.LogCaptureFixture
) -> None:
    scene = whole.scene
    _to_consent(whole)
    assert "asks a person to consent" in scene.texts()
    consented = time.monotonic()
    _consent(scene)
    whole.click("Approve code")  # nobody said that they had signed in
    assert time.monotonic() - consented < 10
    assert "asks a person to consent" not in scene.texts()
    assert scene.texts().count("one read answered 200") == 2
    whole.click("development")
    whole.until(lambda: list(scene.integration.live) == ["development"])
    assert len(systems.tokens) == 2
    _only_in_the_vault(scene, caplog, systems.tokens)


def _to_consent(whole: Whole) -> None:
    whole.scene.maya.say("@weft sync new Shopify orders to QuickBooks")
    whole.scene.playground.settle()
    for label in ("Approve plan", "Approve set-up", "Approve and add credentials"):
        whole.click(label)
    whole.submit(api_key=API_KEY)
    whole.click("Approve and connect")
    whole.submit(client_id="weft", client_secret=CLIENT_SECRET)
    whole.until(lambda: "Sign in at QuickBooks Online" in whole.scene.texts())


def _consent(scene: Scene) -> None:
    """As the person's browser does, from the button to the page at the end."""
    elements = [
        element
        for message in scene.from_weft()
        for block in message.get("blocks", [])
        for element in block.get("elements", [])
    ]
    (address,) = [element["url"] for element in elements if "url" in element]
    with httpx.Client(follow_redirects=True) as browser:
        assert "Approve" in browser.get(address).text
        page = browser.post(address, data={"decision": "approve"})
    assert "quickbooks is connected" in page.text


def _only_in_the_vault(scene: Scene, caplog: pytest.LogCaptureFixture, tokens: set[str]) -> None:
    vault = scene.pipeline.services.vault
    grants = scene.integration.credentials
    kept = {name: vault.get(grant.vault_reference or "") for name, grant in grants.items()}
    assert kept["shopify"] == {"api_key": API_KEY}
    assert kept["quickbooks"]["client_secret"] == CLIENT_SECRET
    files = [path for path in scene.directory.rglob("*") if path.is_file()]
    assert {"weft.sqlite", "engine.sqlite", "runner.log"} <= {path.name for path in files}
    places = {str(path): path.read_bytes() for path in files} | _processes()
    places["log"] = caplog.text.encode()
    places["Slack calls"] = json.dumps(scene.maya.get("calls")).encode()
    known = scene.integration.id.encode()  # stands in many places: looking finds what is there
    found = {Path(place).name for place, content in places.items() if known in content}
    assert {"weft.sqlite", "engine.sqlite", "Slack calls"} <= found
    for secret in (API_KEY, CLIENT_SECRET, *tokens):
        assert [place for place, content in places.items() if secret.encode() in content] == []


def _processes() -> dict[str, bytes]:
    """Arguments and environments of all processes that may be looked at."""
    found = {}
    for path in (*Path("/proc").glob("[0-9]*/cmdline"), *Path("/proc").glob("[0-9]*/environ")):
        try:
            found[str(path)] = path.read_bytes()
        except OSError:  # it has ended, or is somebody else's
            continue
    return found


def _wait(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
