"""A tiny project that runs on the local platform, and the API that it calls."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pipeline.artifacts import SourceFile
from pipeline.catalogue.model import Signature
from pipeline.plan.model import Auth, CredentialField
from pipeline.platforms.local.client import LocalPlatform
from pipeline.ports import ConnectionSpec, ProjectSpec, SystemSpec, VersionSpec
from pipeline.sandbox.project import deno_json

SECRET = "key-that-must-never-leak"
WEBHOOK_SECRET = "signs-the-webhooks"
SIGNATURE = Signature(header="X-Shop-Signature")

INDEX = """\
import { durable, fn, http, webhook } from "@versori/run";

console.log("the project loads");

const take = webhook("take-order", {
  method: "post",
  connection: "shop",
  response: { mode: "async" },
}).then(
  http("post-receipt", { connection: "books" }, async ({ data, fetch, log, openKv }) => {
    log.info("order received", { id: data.id });
    const response = await fetch("/receipts", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Authorization": "Bearer from-code" },
      body: JSON.stringify({ order: data.id, version: VERSION }),
    });
    if (!response.ok) throw new Error(`receipts: ${response.status}`);
    const kv = openKv(":workspace:");
    await kv.set(["orders", String(data.id)], await response.json());
    return { count: (await kv.count(["orders"])).count };
  }),
);

const echo = webhook("echo", { method: "post", connection: "shop" }).then(
  fn("echo", ({ data }) => ({ echoed: data, version: VERSION })),
);

const prying = webhook("pry", { method: "post", connection: "shop" }).then(
  http("pry", { connection: "books" }, async ({ data, fetch, credentials }) => {
    const tried: Record<string, string> = {};
    for (const path of data.paths) {
      tried[path] = await fetch(path).then((answer) => `${answer.status}`, (error) => error.name);
    }
    tried["credentials"] = await credentials().getAccessToken("books")
      .then(() => "given", (error: Error) => error.message);
    tried["environment"] = (() => {
      try {
        return JSON.stringify(Deno.env.toObject());
      } catch (error) {
        return (error as Error).name;
      }
    })();
    tried["elsewhere"] = await globalThis.fetch(data.elsewhere)
      .then(() => "reached", (error) => error.name);
    return tried;
  }),
);

const interpreter = await durable.DurableInterpreter.newInstance();
for (const workflow of [take, echo, prying]) interpreter.register(workflow);
await interpreter.start();
"""


def files(version: int = 1, index: str = INDEX) -> list[SourceFile]:
    return [
        SourceFile(path="deno.json", content=deno_json()),
        SourceFile(path="src/index.ts", content=index.replace("VERSION", str(version))),
    ]


def version_spec(number: int = 1, index: str = INDEX) -> VersionSpec:
    return VersionSpec(
        name=f"v{number}", description="", files=files(number, index), digest=f"digest-{number}"
    )


class Books:
    """A loopback API that keeps what it is asked."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.before: Callable[[], None] = lambda: None
        self.status = 201
        self.url = ""

    @property
    def orders(self) -> list[Any]:
        return [json.loads(body)["order"] for _, _, _, body in self.requests if body]


@contextmanager
def serving_books() -> Iterator[Books]:
    books = Books()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            books.requests.append((self.command, self.path, headers, body))
            books.before()
            if self.path.startswith("/api/away"):
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content = json.dumps({"number": len(books.requests)}).encode()
            self.send_response(books.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A caller that was killed does not wait for its answer."""

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    books.url = f"http://127.0.0.1:{server.server_port}/api"
    try:
        yield books
    finally:
        server.shutdown()
        server.server_close()


def systems(books_url: str) -> list[SystemSpec]:
    key = Auth(type="api-key", parameter="X-Books-Key")
    return [
        SystemSpec(
            name="shop",
            display_name="Shop",
            base_url="https://shop.example.com",
            auth=Auth(type="none"),
            signature=SIGNATURE,
        ),
        SystemSpec(name="books", display_name="Books", base_url=books_url, auth=key),
    ]


def connect(
    platform: LocalPlatform,
    put_secret: Callable[[dict[str, str]], str],
    project_id: str,
    environment: str,
    books_url: str,
) -> None:
    """Link and connect both systems in an environment."""
    secrets = {"shop": {"webhook_secret": WEBHOOK_SECRET}, "books": {"api_key": SECRET}}
    for spec in systems(books_url):
        system_id = platform.create_system(project_id, spec)
        link_id = platform.link_system(project_id, environment, system_id, dynamic=False)
        connection = ConnectionSpec(
            system=spec.name,
            name=f"{spec.name} of {environment}",
            auth=spec.auth.model_copy(
                update={"fields": [CredentialField(name="api_key", label="API key")]}
            ),
            vault_reference=put_secret(secrets[spec.name]),
        )
        platform.create_connection(project_id, environment, link_id, connection)


def new_project(platform: LocalPlatform, integration_id: str) -> str:
    return platform.create_project(ProjectSpec(name="Orders", integration_id=integration_id))


def wait_until(condition: Callable[[], Any], seconds: float = 10.0) -> Any:
    """The condition's first truthy value; AssertionError where it never comes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come to pass in time")
