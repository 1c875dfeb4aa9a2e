"""A recognisable secret of every way to sign in is found nowhere but, encrypted, in the vault."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx
import pytest

from bot.settings import Settings
from bot.wiring import Wiring
from pipeline.artifacts import SourceFile
from pipeline.catalogue.model import Signature
from pipeline.errors import PlatformError
from pipeline.plan.model import Auth
from pipeline.platforms.local.client import LocalPlatform
from pipeline.ports import ConnectionSpec, ProjectSpec, SystemSpec, VersionSpec
from pipeline.sandbox.project import deno_json
from tests.bench.soak.processes import Runner
from tests.platforms.local.planting import files_below, found_in, processes_below
from tests.platforms.local.projects import wait_until

SIGNATURE = Signature(header="X-Shop-Signature")
_OAUTH = {"authorize_url": "URL/authorize", "token_url": "URL/token"}
_CONSENT: dict[str, Any] = {"grant": "authorization-code", "pkce": True, **_OAUTH}


def planted(name: str) -> str:
    """A secret that looks different in a URL, in JSON and in base64."""
    return f'pl+anted/{name}="&%-5f2a9c1d7e'


@dataclass(frozen=True)
class Case:
    """A system, with what a person types for it."""

    auth: Auth
    secrets: tuple[str, ...]
    public: dict[str, str] = field(default_factory=dict)
    base_url: str = "URL/api"
    answers: bool = True

    def typed(self, name: str) -> dict[str, str]:
        return {each: planted(f"{name}-{each}") for each in self.secrets} | self.public


CASES = {
    "api-key": Case(Auth(type="api-key", parameter="X-Key"), ("api_key",)),
    "query-key": Case(Auth(type="api-key", location="query", parameter="key"), ("api_key",)),
    "basic": Case(Auth(type="basic-auth"), ("password",), {"username": "weft"}),
    "consent": Case(Auth(type="oauth2", **_CONSENT), ("client_secret",), {"client_id": "weft"}),
    "client": Case(
        Auth(type="oauth2", grant="client-credentials", token_url="URL/token"),
        ("client_secret",),
        {"client_id": "weft"},
    ),
    "signing": Case(Auth(type="hmac"), ("webhook_secret",)),
    "certificate": Case(
        Auth(type="certificate"),
        ("private_key", "passphrase"),
        {"certificate": "no certificate"},
        answers=False,
    ),
    "database": Case(
        Auth(type="basic-auth"),
        ("password",),
        {"username": "weft"},
        base_url="postgresql://127.0.0.1:1/shop",
        answers=False,
    ),
}

INDEX = """\
import { durable, http, webhook } from "@versori/run";

const SYSTEMS = NAMES;
const interpreter = await durable.DurableInterpreter.newInstance();
for (const system of SYSTEMS) {
  interpreter.register(webhook(system, { method: "post", connection: "signing" }).then(
    http("call", { connection: system }, async ({ data, fetch, log, credentials, openKv }) => {
      const given = await credentials().getAccessToken(system).catch((error: Error) => error);
      log.info("calling", { system, given: String(given) });
      const answer = await fetch(data.path, { method: "POST", body: data.body })
        .catch((error: Error) => {
          log.error("failed", { error });
          throw error;
        });
      const text = await answer.text();
      console.log("answered", text);
      await openKv(":workspace:").set(["answers", system], { text, status: answer.status });
      if (!answer.ok) throw new Error(`${system} answered ${answer.status}: ${text}`);
      return { text, headers: Object.fromEntries(answer.headers) };
    }),
  ));
}
await interpreter.start(); // VERSION
"""


class Api:
    """Any system: takes every credential, gives tokens, fails where the path says so."""

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[bytes] = []
        self.issued: list[str] = []

    def token(self) -> dict[str, Any]:
        number = len(self.issued)
        pair = [planted(f"access-{number}"), planted(f"refresh-{number}")]
        self.issued += pair
        return {"access_token": pair[0], "refresh_token": pair[1], "expires_in": 3600}


@pytest.fixture
def api() -> Iterator[Api]:
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            path = urlsplit(self.path).path
            api.seen.append(f"{self.path}\n{self.headers}".encode() + body)
            answer = api.token() if path == "/token" else {"done": True}
            content = json.dumps(answer).encode()
            self.send_response(500 if path.endswith("/fail") else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    yield api
    server.shutdown()
    server.server_close()


class Home:
    """A home with a runner on the real vault, and every text that came out of it."""

    def __init__(self, directory: Path, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory = directory / "home"
        self.temporary = directory / "temporary"
        for each in (self.directory, self.temporary):
            each.mkdir()
        monkeypatch.setenv("TMPDIR", str(self.temporary))
        self.api = api
        self.wiring = Wiring(Settings(weft_home=self.directory))
        self.runner = Runner(self.directory)
        self.references: dict[str, str] = {}
        self.heard: list[tuple[str, bytes]] = []
        self.project = ""

    @contextmanager
    def running(self) -> Iterator[LocalPlatform]:
        self.wiring.vault  # the tables, before two processes make them  # noqa: B018
        self.runner.start()
        try:
            with closing(self.runner.platform()) as platform:
                yield platform
        finally:
            self.runner.end()
            self.wiring.database.close()

    def hear(self, name: str, said: object) -> None:
        self.heard.append((name, repr(said).encode()))

    def connect(self, platform: LocalPlatform) -> None:
        self.project = platform.create_project(ProjectSpec(name="p", integration_id="i"))
        for name, case in CASES.items():
            addresses = {
                each: (getattr(case.auth, each) or "").replace("URL", self.api.url) or None
                for each in ("authorize_url", "token_url")
            }
            auth = case.auth.model_copy(update=addresses)
            base_url = case.base_url.replace("URL", self.api.url)
            signature = SIGNATURE if name == "signing" else None
            spec = SystemSpec(
                name=name, display_name=name, base_url=base_url, auth=auth, signature=signature
            )
            system_id = platform.create_system(self.project, spec)
            link_id = platform.link_system(self.project, "test", system_id, dynamic=False)
            reference = self.wiring.vault.put("T1", "i", name, case.typed(name))
            self.references[name] = reference
            connection = ConnectionSpec(
                system=name, name=name, auth=auth, vault_reference=reference
            )
            platform.create_connection(self.project, "test", link_id, connection)
        self.consent(platform)

    def consent(self, platform: LocalPlatform) -> None:
        """As a browser that comes back from the system's page."""
        url = platform.authorization_url(self.project, "test", "consent")
        self.hear("the consent's address", url)
        state = parse_qs(urlsplit(url or "").query)["state"][0]
        callback = f"{self.runner.address.url}/oauth/callback"
        page = httpx.get(callback, params={"code": "c", "state": state})
        self.hear("the page after it", page.text)

    def deploy(self, platform: LocalPlatform, number: int) -> None:
        index = INDEX.replace("NAMES", json.dumps([*CASES])).replace("VERSION", str(number))
        source = [
            SourceFile(path="deno.json", content=deno_json()),
            SourceFile(path="src/index.ts", content=index),
        ]
        spec = VersionSpec(name=f"v{number}", description="", files=source, digest=str(number))
        version = platform.create_version(self.project, spec)
        self.hear("the deployment", platform.deploy(self.project, version, "test"))

    def call(self, platform: LocalPlatform, path: str) -> None:
        statement = json.dumps({"sql": "select $1", "params": ["1"]})
        before = sum(platform.event_counts(self.project, "test").values())
        for name in CASES:
            platform.run_workflow(self.project, "test", name, {"path": path, "body": statement})
        wanted = before + len(CASES)
        wait_until(lambda: self._ended(platform) == wanted, 30.0)

    def _ended(self, platform: LocalPlatform) -> int:
        counts = platform.event_counts(self.project, "test")
        return counts.get("done", 0) + counts.get("failed", 0)

    def listen(self, platform: LocalPlatform) -> None:
        """Everything that the runner says about what happened, to the bot and to people."""
        place = (self.project, "test")
        self.hear("the logs", platform.logs(*place, limit=1000))
        self.hear("the events", platform.events(*place, limit=1000))
        for event in platform.events(*place, limit=1000):
            self.hear("a payload", platform.event_payload(event.id))
        for name in CASES:
            self.hear("a probe", platform.probe(self.project, "test", name))
        try:
            platform.promote(self.project, "test", "production")
        except PlatformError as error:
            self.hear("an error", error)

    def everywhere(self) -> list[tuple[str, bytes]]:
        assert self.runner.pid != os.getpid()
        return [
            *files_below(self.directory),
            *files_below(self.temporary),
            *processes_below(self.runner.pid),
            *self.heard,
        ]


@pytest.fixture
def home(tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch) -> Home:
    return Home(tmp_path, api, monkeypatch)


def test_planted_secrets_stand_in_the_vault_alone(home: Home, api: Api) -> None:
    with home.running() as platform:
        home.connect(platform)
        home.deploy(platform, 1)
        for path in ("/ok", "/fail"):
            home.call(platform, path)
        home.deploy(platform, 2)
        home.call(platform, "/ok")
        home.listen(platform)

        typed = {name: case.typed(name) for name, case in CASES.items()}
        secrets = [
            typed[name][each] for name, case in CASES.items() for each in case.secrets
        ] + api.issued
        assert found_in(home.everywhere(), secrets) == set()

    # So that the search had something to find: it was used, and the vault gives it back.
    used = [("used", each) for each in api.seen]
    for name, case in CASES.items():
        assert home.wiring.vault.get(home.references[name]) == typed[name]
        if case.answers and name != "signing":
            assert found_in(used, [typed[name][each] for each in case.secrets])
    assert len(api.issued) >= 4
    assert found_in(used, api.issued[:1])
    states = [line.count(b"'done'") for label, line in home.heard if label == "the events"]
    assert sum(states) == 2 * sum(case.answers for case in CASES.values())


@pytest.mark.parametrize("before", [b"", b"x", b"weft:", b"user:pair:"])
def test_the_search_finds_what_is_there(tmp_path: Path, before: bytes) -> None:
    secret = planted("here")
    leaks = {
        "raw": secret.encode(),
        "json": json.dumps({"a": secret}).encode(),
        "url": quote_plus(secret).encode(),
        "hex": secret.encode().hex().encode(),
        "basic": base64.b64encode(before + secret.encode() + b" and more"),
        "token": base64.urlsafe_b64encode(before + secret.encode()),
    }
    for name, content in leaks.items():
        (tmp_path / name).write_bytes(b"before " + content + b" after")
    (tmp_path / "harmless").write_text(planted("elsewhere"))

    assert found_in(files_below(tmp_path), [secret]) == set(leaks)
