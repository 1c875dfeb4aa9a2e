"""What a webhook's options promise: CORS, methods, raw bodies, answers, proof by a connection."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pipeline.plan.model import Auth, CredentialField
from pipeline.ports import ConnectionSpec, SystemSpec
from tests.platforms.local.conftest import Deployed
from tests.platforms.local.projects import version_spec

INDEX = """\
import { durable, fn, webhook } from "@versori/run";

const open = webhook("open", { cors: true }).then(fn("open", () => ({ ok: true })));
const named = webhook("named", {
  method: "post",
  cors: {
    origin: ["https://app.example.com", "https://other.example.com"],
    methods: "POST",
    allowedHeaders: ["X-Order"],
    exposedHeaders: ["X-Receipt"],
    credentials: true,
  },
}).then(fn("named", () => ({ ok: true })));
const closed = webhook("closed", { method: "put" }).then(fn("closed", () => ({ ok: true })));
const raw = webhook("raw", { method: "post", request: { rawBody: true } }).then(
  fn("raw", ({ data, request }) => {
    const { body, rawBody, method, query, get } = request()!;
    const bytes = body instanceof Uint8Array ? body.toBase64() : null;
    const type = get("X-Type");
    return { data: data === undefined, rawBody, bytes, method, query, type };
  }),
);
const answers = webhook("answers", {
  response: {
    onSuccess: ({ data }) => new Response(`<ok>${data}</ok>`, {
      status: 201,
      headers: { "Content-Type": "application/xml", "X-Receipt": "7" },
    }),
    onError: ({ data }) => Response.json({ said: data.message }, { status: 422 }),
  },
}).then(fn("answers", ({ data }) => {
  if (data?.fail) throw new Error("as asked");
  return data?.name ?? "nobody";
}));
const proven = webhook("proven", { method: "post", connection: "caller" }).then(
  fn("proven", () => ({ ok: true })),
);

const interpreter = await durable.DurableInterpreter.newInstance();
for (const each of [open, named, closed, raw, answers, proven]) interpreter.register(each);
await interpreter.start();
"""

ASK = "Access-Control-Request-Method"
Send = Callable[..., httpx.Response]


@pytest.fixture
def live(deployed: Deployed) -> Deployed:
    """A project in which no system signs."""
    shop = SystemSpec(
        name="shop", display_name="Shop", base_url="https://x.example", auth=Auth(type="none")
    )
    deployed.platform.create_system(deployed.project_id, shop)
    version_id = deployed.platform.create_version(deployed.project_id, version_spec(4, INDEX))
    deployed.platform.deploy(deployed.project_id, version_id, deployed.environment)
    return deployed


@pytest.fixture
def send(live: Deployed) -> Iterator[Send]:
    def request(method: str, workflow: str, body: bytes = b"", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return live.request(method, workflow, body, named)

    yield request


def cors(answer: httpx.Response) -> dict[str, str]:
    prefix = "access-control-"
    return {
        name.removeprefix(prefix): value
        for name, value in answer.headers.items()
        if name.startswith(prefix)
    }


# ---- CORS --------------------------------------------------------------------------------------


def test_a_page_of_any_site_may_call_a_webhook_that_is_open(send: Send) -> None:
    asked = send(
        "OPTIONS", "open", Origin="https://a.example", Access_Control_Request_Method="POST"
    )
    answer = send("POST", "open", b"{}", Origin="https://a.example")

    assert (asked.status_code, cors(asked)["allow-origin"]) == (200, "*")
    assert "POST" in cors(asked)["allow-methods"]
    assert (answer.status_code, cors(answer)) == (200, {"allow-origin": "*"})


def test_only_the_pages_that_are_named_may_call(send: Send) -> None:
    def asked(origin: str) -> httpx.Response:
        return send(
            "OPTIONS", "named", Origin=origin, Access_Control_Request_Method="POST",
            Access_Control_Request_Headers="X-Order",
        )  # fmt: skip

    good = asked("https://app.example.com")
    assert good.status_code == 200
    assert cors(good)["allow-origin"] == "https://app.example.com"
    assert cors(good)["allow-methods"] == "POST"
    assert cors(good)["allow-credentials"] == "true"
    assert "X-Order" in cors(good)["allow-headers"]
    assert asked("https://evil.example.com").status_code == 400
    answer = send("POST", "named", b"{}", Origin="https://other.example.com")
    assert cors(answer)["allow-origin"] == "https://other.example.com"
    assert cors(answer)["expose-headers"] == "X-Receipt"


def test_a_preflight_starts_nothing(live: Deployed, send: Send) -> None:
    send("OPTIONS", "named", Origin="https://app.example.com", Access_Control_Request_Method="POST")

    assert live.states() == []


def test_without_cors_no_page_is_told_anything(send: Send) -> None:
    answer = send(
        "OPTIONS", "closed", Origin="https://a.example", Access_Control_Request_Method="PUT"
    )

    assert (answer.status_code, cors(answer)) == (405, {})
    assert cors(send("PUT", "closed", b"{}", Origin="https://a.example")) == {}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_webhook_without_a_method_takes_all_of_them(send: Send, method: str) -> None:
    assert send(method, "open").status_code == 200


# ---- Bodies and answers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "raw_body", "as_bytes"),
    [
        (b'{"a": 1}', '{"a": 1}', None),
        (b"\xff\x00x", "\ufffd\x00x", base64.b64encode(b"\xff\x00x").decode()),
    ],
)
def test_a_raw_body_is_left_as_it_came(
    live: Deployed, body: bytes, raw_body: str, as_bytes: str | None
) -> None:
    answer = live.request("POST", "raw?a=1&b=2&b=3", body, {"X-Type": "t"})

    assert answer.json() == {
        "data": True,
        "rawBody": raw_body,
        "bytes": as_bytes,
        "method": "POST",
        "query": {"a": "1", "b": ["2", "3"]},
        "type": "t",
    }


def test_a_webhook_answers_as_its_code_says(send: Send) -> None:
    answer = send("POST", "answers", json.dumps({"name": "Zoë"}).encode())
    failed = send("POST", "answers", b'{"fail": true}')

    assert (answer.status_code, answer.text) == (201, "<ok>Zoë</ok>")
    assert (answer.headers["content-type"], answer.headers["x-receipt"]) == ("application/xml", "7")
    assert (failed.status_code, failed.json()) == (422, {"said": "as asked"})


# ---- Proof by a connection ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("auth", "secrets", "headers"),
    [
        (
            Auth(
                type="api-key",
                parameter="X-Key",
                fields=[CredentialField(name="api_key", label="Key")],
            ),
            {"api_key": "the-key"},
            {"X-Key": "the-key"},
        ),
        (
            Auth(type="basic-auth"),
            {"username": "u", "password": "the-password"},
            {"Authorization": "Basic " + base64.b64encode(b"u:the-password").decode()},
        ),
    ],
    ids=["api-key", "basic-auth"],
)
def test_a_connections_key_proves_the_sender_and_is_never_stored(
    live: Deployed, auth: Auth, secrets: dict[str, str], headers: dict[str, str]
) -> None:
    place = (live.project_id, "test")
    spec = SystemSpec(name="caller", display_name="C", base_url="https://c.example", auth=auth)
    link = live.platform.link_system(
        *place, live.platform.create_system(live.project_id, spec), dynamic=False
    )
    reference = live.runner.put_secret(secrets)
    connection = ConnectionSpec(system="caller", name="c", auth=auth, vault_reference=reference)
    live.platform.create_connection(*place, link, connection)

    def status(given: dict[str, Any]) -> int:
        return live.request("POST", "proven", b"{}", given).status_code

    wrong = {name: value[:-1] + "x" for name, value in headers.items()}
    assert [status(headers), status(wrong), status({})] == [200, 401, 401]
    for path in live.runner.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(value.encode() in content for value in headers.values())


def test_a_webhook_of_a_system_that_is_not_there_takes_nothing(live: Deployed) -> None:
    assert live.request("POST", "proven", b"{}").status_code == 401
