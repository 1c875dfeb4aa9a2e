"""Credentials on the way out: every scheme, refreshes, rotation, and what code may not do."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipeline.clock import SystemClock
from pipeline.errors import StoreError
from pipeline.plan.model import Auth, CredentialField
from pipeline.platforms.local.addresses import PublicOnly
from pipeline.platforms.local.broker import LARGEST_BODY, Broker, Incoming, Outgoing
from pipeline.platforms.local.databases import Databases
from pipeline.platforms.local.endpoints import Endpoints
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import CallRefused
from pipeline.platforms.local.tokens import Tokens
from pipeline.platforms.local.vaulted import Secrets
from pipeline.ports import ConnectionSpec, ProjectSpec, SystemSpec
from tests.platforms.local.serving import FileVault

BASE = "https://api.example.com/v1"
OAUTH = Auth(
    type="oauth2",
    grant="authorization-code",
    token_url="https://login.example.com/token",
)

Answer = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Api(httpx.AsyncBaseTransport):
    """Stands for the network: answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.answers: dict[str, Answer] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self.requests.append(request)
        answer = self.answers.get(request.url.host)
        return await answer(request) if answer else httpx.Response(200, json={"ok": True})

    def asked(self, host: str) -> list[httpx.Request]:
        return [request for request in self.requests if request.url.host == host]


class TokenServer:
    """Issues a new access and a new refresh token each time; an old refresh token is refused."""

    def __init__(self) -> None:
        self.count = 0
        self.error = ""

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.01)
        form = dict(httpx.QueryParams(request.content.decode()))
        expected = f"refresh-{self.count}"
        if self.error or form.get("refresh_token", expected) != expected:
            return httpx.Response(400, json={"error": self.error or "invalid_grant"})
        self.count += 1
        tokens = {
            "access_token": f"access-{self.count}",
            "refresh_token": f"refresh-{self.count}",
            "expires_in": 3600,
        }
        return httpx.Response(200, json=tokens)


class Bench:
    """A broker over a network that is made up."""

    def __init__(self, directory: Path) -> None:
        self.ledger = Ledger(directory / "ledger.sqlite", SystemClock())
        self.vault = FileVault(directory / "vault.json")
        self.api = Api()
        self.token_server = TokenServer()
        self.allowed: frozenset[str] = frozenset()
        self.api.answers["login.example.com"] = self.token_server
        project_id = self.ledger.projects.create(ProjectSpec(name="p", integration_id="i"))
        self.place = Place(project_id, "test")

    def connect(
        self,
        auth: Auth,
        secrets: dict[str, str],
        base_url: str = BASE,
        config: dict[str, Any] | None = None,
    ) -> None:
        spec = SystemSpec(name="api", display_name="API", base_url=base_url, auth=auth)
        self.ledger.projects.create_system(self.place.project_id, spec)
        reference = self.vault.put("t", "i", "api", secrets)
        connection = ConnectionSpec(
            system="api", name="api", auth=auth, vault_reference=reference, config=config or {}
        )
        self.ledger.connections.put(*self.place, connection, connected=True)

    @asynccontextmanager
    async def broker(self) -> AsyncIterator[Broker]:
        endpoints = Endpoints(self.ledger, "http://127.0.0.1:1")
        secrets = Secrets(self.vault, self.ledger)
        tokens = Tokens(secrets, self.ledger, endpoints, self.api)
        databases = Databases(PublicOnly(self.allowed).address_of)
        broker = Broker(self.ledger, endpoints, tokens, self.api, databases)
        yield broker
        await broker.close()
        await tokens.close()

    def fetch(self, outgoing: Outgoing, times: int = 1) -> list[Incoming]:
        """The answers to the same request, sent so many times at once."""

        async def run() -> list[Incoming]:
            async with self.broker() as broker:
                calls = [broker.fetch(self.place, "api", outgoing) for _ in range(times)]
                return await asyncio.gather(*calls)

        return asyncio.run(run())


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


GET = Outgoing("GET", "/orders")


def accepting(token: Callable[[], str]) -> Answer:
    """An API that takes one access token only."""

    async def answer(request: httpx.Request) -> httpx.Response:
        good = request.headers.get("authorization") == f"Bearer {token()}"
        return httpx.Response(200 if good else 401, json={})

    return answer


# ---- Schemes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("auth", "secrets", "header", "value"),
    [
        (
            Auth(type="api-key", parameter="X-Key", prefix="Token "),
            {"api_key": "k"},
            "x-key",
            "Token k",
        ),
        (
            Auth(
                type="api-key",
                parameter="X-Key",
                fields=[CredentialField(name="access_token", label="Token")],
            ),
            {"access_token": "k", "webhook_secret": "w"},
            "x-key",
            "k",
        ),
        (Auth(type="api-key"), {"api_key": "k"}, "authorization", "k"),
        (
            Auth(type="basic-auth"),
            {"username": "ü", "password": "p:w"},
            "authorization",
            "Basic " + base64.b64encode("ü:p:w".encode()).decode(),
        ),
        (OAUTH, {"access_token": "t"}, "authorization", "Bearer t"),
        (OAUTH.model_copy(update={"parameter": "X-Token"}), {"access_token": "t"}, "x-token", "t"),
    ],
)
def test_each_scheme_dresses_the_request(
    bench: Bench, auth: Auth, secrets: dict[str, str], header: str, value: str
) -> None:
    bench.connect(auth, secrets)

    bench.fetch(GET)

    assert bench.api.requests[0].headers[header] == value


def test_a_key_in_the_query_stays_out_of_the_log(bench: Bench) -> None:
    bench.connect(
        Auth(type="api-key", location="query", parameter="key"), {"api_key": "the-secret"}
    )

    bench.fetch(Outgoing("GET", "/orders?page=2&key=forged"))

    assert dict(bench.api.requests[0].url.params) == {"page": "2", "key": "the-secret"}
    (line,) = bench.ledger.journal.lines(bench.place, None, 10)
    assert line.fields["path"] == "/orders"
    assert "the-secret" not in line.model_dump_json()


@pytest.mark.parametrize("type_", ["none", "hmac"])
def test_schemes_without_a_credential_of_ours_add_nothing(bench: Bench, type_: str) -> None:
    bench.connect(Auth.model_validate({"type": type_}), {})

    bench.fetch(GET)

    assert "authorization" not in bench.api.requests[0].headers


def test_a_missing_credential_is_said(bench: Bench) -> None:
    bench.connect(Auth(type="api-key", parameter="X-Key"), {})

    with pytest.raises(CallRefused, match="connect the system again"):
        bench.fetch(GET)

    assert bench.api.requests == []


def test_code_cannot_set_what_proves_or_directs_a_request(bench: Bench) -> None:
    bench.connect(Auth(type="api-key", parameter="X-Key"), {"api_key": "k"})
    forged = {
        "Authorization": "Bearer forged",
        "x-KEY": "forged",
        "Host": "evil.example.com",
        "Cookie": "a=b",
        "X-Forwarded-For": "10.0.0.1",
        "Accept": "application/json",
    }

    bench.fetch(Outgoing("GET", "/orders", forged))

    headers = bench.api.requests[0].headers
    assert headers["x-key"] == "k"
    assert headers["host"] == "api.example.com"
    assert headers["accept"] == "application/json"
    assert not {"authorization", "cookie", "x-forwarded-for"} & set(headers)


def test_config_completes_the_address(bench: Bench) -> None:
    bench.connect(Auth(type="none"), {}, "https://{shop}.example.com/v1", {"shop": "my-shop"})

    bench.fetch(Outgoing("GET", "/shops/%7Bshop%7D"))

    assert str(bench.api.requests[0].url) == "https://my-shop.example.com/v1/shops/my-shop"


def test_missing_config_is_said(bench: Bench) -> None:
    bench.connect(Auth(type="none"), {}, "https://{shop}.example.com/v1")

    with pytest.raises(CallRefused, match="shop"):
        bench.fetch(GET)


# ---- OAuth -------------------------------------------------------------------------------------


def test_a_hundred_waiting_calls_share_one_refresh(bench: Bench) -> None:
    bench.connect(OAUTH, {"client_id": "c", "client_secret": "s", "refresh_token": "refresh-0"})
    bench.api.answers["api.example.com"] = accepting(lambda: f"access-{bench.token_server.count}")

    answers = bench.fetch(GET, times=100)

    assert {answer.status for answer in answers} == {200}
    assert bench.token_server.count == 1


def test_a_401_is_answered_with_one_refresh_and_one_replay(bench: Bench) -> None:
    bench.connect(
        OAUTH,
        {
            "client_id": "c",
            "client_secret": "s",
            "access_token": "revoked",
            "refresh_token": "refresh-0",
        },
    )
    bench.api.answers["api.example.com"] = accepting(lambda: f"access-{bench.token_server.count}")

    answers = bench.fetch(Outgoing("POST", "/orders", body=b'{"id": 1}'), times=20)

    assert {answer.status for answer in answers} == {200}
    assert bench.token_server.count == 1
    assert {request.content for request in bench.api.asked("api.example.com")} == {b'{"id": 1}'}


def test_a_401_that_a_refresh_does_not_mend_reaches_the_code(bench: Bench) -> None:
    bench.connect(OAUTH, {"client_id": "c", "access_token": "x", "refresh_token": "refresh-0"})
    bench.api.answers["api.example.com"] = accepting(lambda: "never this")

    (answer,) = bench.fetch(GET)

    assert answer.status == 401
    assert len(bench.api.asked("api.example.com")) == 2


def test_no_other_failure_is_retried(bench: Bench) -> None:
    async def failing(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503)

    bench.connect(OAUTH, {"access_token": "t"})
    bench.api.answers["api.example.com"] = failing

    assert bench.fetch(GET)[0].status == 503
    assert len(bench.api.requests) == 1


def test_rotated_tokens_replace_the_old_ones_in_the_vault(bench: Bench) -> None:
    bench.connect(OAUTH, {"client_id": "c", "client_secret": "s", "refresh_token": "refresh-0"})
    references = []
    for number in (1, 2, 3):
        wanted = f"access-{number}"
        bench.api.answers["api.example.com"] = accepting(lambda wanted=wanted: wanted)
        assert bench.fetch(GET)[0].status == 200
        references.append(bench.ledger.connections.get(*bench.place, "api").token_reference)

    *old, current = references
    assert bench.vault.get(current)["refresh_token"] == "refresh-3"
    for reference in old:
        with pytest.raises(StoreError):
            bench.vault.get(reference)


def test_a_refused_refresh_asks_for_consent(bench: Bench) -> None:
    bench.connect(OAUTH, {"client_id": "c", "client_secret": "s", "refresh_token": "stolen"})

    with pytest.raises(CallRefused, match="connect it again"):
        bench.fetch(GET)

    assert not bench.ledger.connections.get(*bench.place, "api").connected


def test_a_token_server_in_trouble_does_not_cost_the_connection(bench: Bench) -> None:
    bench.connect(OAUTH, {"client_id": "c", "client_secret": "s", "refresh_token": "refresh-0"})
    bench.token_server.error = "temporarily_unavailable"

    with pytest.raises(CallRefused, match="try again"):
        bench.fetch(GET)

    assert bench.ledger.connections.get(*bench.place, "api").connected


def test_client_credentials_need_no_person(bench: Bench) -> None:
    auth = OAUTH.model_copy(update={"grant": "client-credentials", "scopes": ["read", "write"]})
    bench.connect(auth, {"client_id": "c", "client_secret": "s"})

    bench.fetch(GET)

    (asked,) = bench.api.asked("login.example.com")
    form = dict(httpx.QueryParams(asked.content.decode()))
    assert form == {"grant_type": "client_credentials", "scope": "read write"}
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"c:s").decode()
    assert bench.api.asked("api.example.com")[0].headers["authorization"] == "Bearer access-1"


def test_a_client_may_prove_itself_in_the_form(bench: Bench) -> None:
    auth = OAUTH.model_copy(update={"client_auth": "post"})
    bench.connect(auth, {"client_id": "c", "client_secret": "s", "refresh_token": "refresh-0"})

    bench.fetch(GET)

    (asked,) = bench.api.asked("login.example.com")
    form = dict(httpx.QueryParams(asked.content.decode()))
    assert (form["client_id"], form["client_secret"]) == ("c", "s")
    assert "authorization" not in asked.headers


# ---- Redirects, sizes, failures ----------------------------------------------------------------


def redirecting(to: str, status: int = 302) -> Answer:
    async def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/orders":
            return httpx.Response(status, headers={"Location": to})
        return httpx.Response(200, json={"path": request.url.path})

    return answer


@pytest.mark.parametrize("to", ["/v1/moved", f"{BASE}/moved", "moved"])
def test_a_redirect_inside_the_base_url_is_followed(bench: Bench, to: str) -> None:
    bench.connect(Auth(type="none"), {})
    bench.api.answers["api.example.com"] = redirecting(to)

    (answer,) = bench.fetch(GET)

    assert json.loads(answer.body) == {"path": "/v1/moved"}


@pytest.mark.parametrize(
    "to", ["https://evil.example.com/v1/orders", "/admin", "http://api.example.com/v1/x"]
)
def test_a_redirect_that_leads_out_is_refused(bench: Bench, to: str) -> None:
    bench.connect(Auth(type="api-key", parameter="X-Key"), {"api_key": "k"})
    bench.api.answers["api.example.com"] = redirecting(to)

    with pytest.raises(CallRefused, match="outside"):
        bench.fetch(GET)

    assert len(bench.api.requests) == 1


def test_a_redirect_in_a_circle_ends(bench: Bench) -> None:
    bench.connect(Auth(type="none"), {})
    bench.api.answers["api.example.com"] = redirecting("/v1/orders")

    with pytest.raises(CallRefused, match="without an end"):
        bench.fetch(GET)


def test_a_write_is_never_sent_elsewhere(bench: Bench) -> None:
    bench.connect(Auth(type="none"), {})
    bench.api.answers["api.example.com"] = redirecting("/v1/moved", 307)

    with pytest.raises(CallRefused, match="redirected a write"):
        bench.fetch(Outgoing("POST", "/orders", body=b"{}"))


def test_an_answer_that_is_too_large_is_cut_off(bench: Bench) -> None:
    async def endless(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=b"x" * (LARGEST_BODY + 1))

    bench.connect(Auth(type="none"), {})
    bench.api.answers["api.example.com"] = endless

    with pytest.raises(CallRefused, match="larger"):
        bench.fetch(GET)


def test_a_silent_system_ends_in_a_timeout(bench: Bench) -> None:
    async def silent(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)
        return httpx.Response(200)

    bench.connect(Auth(type="none"), {})
    bench.api.answers["api.example.com"] = silent

    with pytest.raises(CallRefused, match="No answer within"):
        bench.fetch(Outgoing("GET", "/orders", timeout_seconds=0.05))


def test_a_network_failure_says_nothing_of_the_secrets(bench: Bench) -> None:
    async def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"can't reach {request.url}")

    bench.connect(
        Auth(type="api-key", location="query", parameter="key"), {"api_key": "the-secret"}
    )
    bench.api.answers["api.example.com"] = broken

    with pytest.raises(CallRefused) as caught:
        bench.fetch(GET)

    assert "the-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("method", "content", "ids"),
    [
        ("POST", b'{"id": 7, "lines": [{"id": 8}], "secret": "the-value"}', ["7"]),
        ("POST", b'{"SalesReceipt": {"Id": "1042", "Line": [{"Id": "1"}]}}', ["1042"]),
        ("POST", b'{"data": {"orderCreate": {"order": {"id": "gid://x/1"}}}}', ["gid://x/1"]),
        ("PUT", b'[{"id": "a"}, {"id": "b"}]', ["a", "b"]),
        ("POST", b'{"id": true}', None),
        ("POST", b"no json", None),
        ("POST", b"null", None),
        ("POST", b"[" * 100_000, None),
        ("GET", b'{"id": 7}', None),
    ],
)
def test_the_log_names_what_was_written_and_nothing_else_of_it(
    bench: Bench, method: str, content: bytes, ids: list[str] | None
) -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=content)

    bench.connect(Auth(type="none"), {})
    bench.api.answers["api.example.com"] = answer

    bench.fetch(Outgoing(method, "/orders"))

    (line,) = bench.ledger.journal.lines(bench.place, None, 10)
    assert line.fields.get("ids") == ids
    assert line.fields.keys() - {"ids"} == {"system", "method", "path", "status", "ms"}
    assert "the-value" not in line.model_dump_json()


def test_an_unknown_system_is_said(bench: Bench) -> None:
    with pytest.raises(CallRefused, match="connect it first"):
        bench.fetch(GET)


def test_a_header_that_cannot_be_sent_is_refused(bench: Bench) -> None:
    bench.connect(Auth(type="none"), {})

    with pytest.raises(CallRefused):
        bench.fetch(Outgoing("GET", "/orders", {"X-Name": "ü\n"}))
