"""What reaches the platform when a system is connected, and what is waited for."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.errors import ConnectionRefused
from pipeline.plan.model import Auth
from pipeline.platforms.versori.client import VersoriPlatform
from pipeline.platforms.versori.project import Project
from pipeline.ports import ConnectionSpec, ProjectSpec, SystemSpec
from tests.platforms.versori.conftest import VersoriSetup

TOKEN_URL = "https://auth.example.com/token"
OAUTH = Auth(
    type="oauth2", grant="authorization-code", token_url=TOKEN_URL,
    authorize_url="https://auth.example.com/authorize", scopes=["read"],
)  # fmt: skip
APP = {"client_id": "app-1", "client_secret": "app-secret"}
COMPANY = "https://api.example.com/v3/company/{realm}"
Connect = Callable[..., str]


@pytest.fixture
def platform(versori: VersoriSetup) -> VersoriPlatform:
    return versori.platform


@pytest.fixture
def project_id(platform: VersoriPlatform) -> str:
    return platform.create_project(ProjectSpec(name="Orders", integration_id="int_12345678"))


@pytest.fixture
def connect(versori: VersoriSetup, platform: VersoriPlatform, project_id: str) -> Connect:
    def connecting(
        auth: Auth,
        secrets: dict[str, str] | None = None,
        environment: str = "test",
        base_url: str = "https://books.example.com",
        **changes: Any,
    ) -> str:
        spec = SystemSpec(name="books", display_name="Books", base_url=base_url, auth=auth)
        system = platform.create_system(project_id, spec)
        link = platform.find_link(project_id, environment, system)
        link = link or platform.link_system(project_id, environment, system, dynamic=False)
        reference = versori.put_secret(secrets) if secrets is not None else None
        fields = {
            "system": "books", "name": f"books-{environment}", "auth": auth,
            "vault_reference": reference, "base_url": base_url,
        }  # fmt: skip
        spec_of = ConnectionSpec.model_validate(fields | changes)
        return platform.create_connection(project_id, environment, link, spec_of)

    return connecting


def credential(versori: VersoriSetup) -> dict[str, Any]:
    (connection,) = versori.double.state.connections.values()
    return dict(connection.credentials[0]["credential"])


@pytest.mark.parametrize(
    ("auth", "secrets", "kind", "data"),
    [
        (
            Auth(type="api-key", parameter="Authorization", prefix="Bearer "),
            {"api_key": "k'e\"y $HOME"},
            "string",
            {"string": {"value": "Bearer k'e\"y $HOME"}},
        ),
        (
            Auth(type="basic-auth"),
            {"username": "$zoë", "password": "pass\nword"},
            "basic-auth",
            {"basicAuth": {"username": "$zoë", "password": "pass\nword"}},
        ),
        (
            Auth(type="oauth2", grant="client-credentials", token_url=TOKEN_URL),
            APP,
            "oauth2-client",
            {
                "oauth2Client": {
                    "clientId": "app-1",
                    "clientSecret": "app-secret",
                    "tokenUrl": TOKEN_URL,
                }
            },
        ),
        (
            Auth(type="oauth2", grant="password", token_url=TOKEN_URL),
            {"username": "zoë", "password": "secret"},
            "oauth2-password",
            {"oauth2Password": {"username": "zoë", "password": "secret"}},
        ),
    ],
)
def test_credentials_arrive_as_they_were_typed(
    versori: VersoriSetup,
    connect: Connect,
    auth: Auth,
    secrets: dict[str, str],
    kind: str,
    data: dict[str, Any],
) -> None:
    first = connect(auth, secrets)

    found = credential(versori)
    assert (found["type"], found["data"]) == (kind, data)
    assert connect(auth, secrets) == first
    found = credential(versori)
    assert (found["type"], found["data"]) == (kind, data), "given again, it is the same"


def test_without_credentials_authentication_is_bypassed_and_that_is_said(
    versori: VersoriSetup, connect: Connect, platform: VersoriPlatform, project_id: str
) -> None:
    auth = Auth(type="api-key", parameter="X-Key")
    first = connect(auth, mock=True)

    probe = platform.probe(project_id, "test", "books")

    assert credential(versori)["type"] == "none"
    assert (probe.ok, probe.status) == (True, None)
    assert "without credentials" in probe.detail
    assert connect(auth, {"api_key": "key"}) == first
    assert credential(versori)["data"] == {"string": {"value": "key"}}
    assert "first execution" in platform.probe(project_id, "test", "books").detail


def test_a_consent_is_waited_for_on_the_platforms_page(
    versori: VersoriSetup, connect: Connect, platform: VersoriPlatform, project_id: str
) -> None:
    connect(OAUTH, mock=True)  # what stands in for a consent must not pass for one
    connect(OAUTH, APP)

    project = Project.parse(project_id)
    page = f"https://ai.versori.com/integrations/{project.id}?org={versori.double.organisation_id}"
    assert platform.authorization_url(project_id, "test", "books") == page
    assert not platform.probe(project_id, "test", "books").ok

    versori.double.consent(project.id, "books")

    assert versori.platform.authorization_url(project_id, "test", "books") is None
    assert platform.probe(project_id, "test", "books").ok
    (system,) = versori.double.state.systems.values()
    grant = system.auth_schemes["oauth2"]["oauth2"]["grant"]["authorizationCode"]
    assert (grant["clientId"], grant["clientSecret"]) == ("app-1", "app-secret")
    assert system.name == f"books-{project.id[-8:].lower()}", "an app is one project's own"


def test_whoever_waits_for_a_consent_does_not_ask_all_the_time(
    versori: VersoriSetup, connect: Connect, platform: VersoriPlatform, project_id: str
) -> None:
    connect(OAUTH, APP)
    platform.authorization_url(project_id, "test", "books")
    asked = len(versori.double.requests)

    for _ in range(5):
        assert platform.authorization_url(project_id, "test", "books")

    assert len(versori.double.requests) == asked


def test_the_host_of_an_account_is_given_with_its_connection(
    versori: VersoriSetup, connect: Connect
) -> None:
    auth = Auth(type="api-key", parameter="X-Key")
    shop = {"base_url": "https://{shop}.example.com/v1", "config": {"shop": "acme"}}
    connect(auth, {"api_key": "key"}, **shop)

    (connection,) = versori.double.state.connections.values()
    (system,) = versori.double.state.systems.values()
    assert connection.base_url == "https://acme.example.com/v1"
    assert (system.name, system.base_url) == ("books", "https://{shop}.example.com/v1")
    assert system.domain == "example.com"


def test_an_account_in_the_path_is_put_into_the_projects_own_system(
    versori: VersoriSetup, connect: Connect
) -> None:
    auth = Auth(type="api-key", parameter="X-Key")
    connect(auth, {"api_key": "key"}, base_url=COMPANY, config={"realm": "42"})

    (system,) = versori.double.state.systems.values()
    assert system.base_url == "https://api.example.com/v3/company/42"
    with pytest.raises(ConnectionRefused, match="company/42 for all environments"):
        connect(auth, {"api_key": "key"}, "production", COMPANY, config={"realm": "43"})
    assert system.base_url.endswith("/42")


@pytest.mark.parametrize(
    ("secrets", "config", "named"),
    [({}, {"realm": "42"}, "API key"), ({"api_key": "k"}, {}, "realm"),
     ({"api_key": "a\0b"}, {"realm": "42"}, "api_key")],
)  # fmt: skip
def test_what_is_missing_is_asked_for(
    connect: Connect, secrets: dict[str, str], config: dict[str, str], named: str
) -> None:
    with pytest.raises(ConnectionRefused, match=named) as refused:
        connect(Auth(type="api-key"), secrets, base_url=COMPANY, config=config)
    assert refused.value.system == "books"


def test_a_base_url_ends_before_api(versori: VersoriSetup, connect: Connect) -> None:
    auth = Auth(type="api-key", parameter="X-Key")
    connect(auth, {"api_key": "key"}, base_url="https://books.example.com/api")

    (system,) = versori.double.state.systems.values()
    assert system.base_url == "https://books.example.com"
    with pytest.raises(ConnectionRefused, match="/api"):
        connect(
            auth, {"api_key": "key"}, "production", "{base_url}",
            config={"base_url": "https://erp.example.com/api"},
        )  # fmt: skip
