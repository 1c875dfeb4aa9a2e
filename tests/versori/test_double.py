"""The double refuses what the API's description does not allow, and fails when told."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.versori.client import SCHEME, UNKNOWN, Client
from tests.versori.double import VersoriDouble

# ---- Canaries: each is known to be wrong ---------------------------------------------------------

WRONG: dict[str, tuple[str, str, Any]] = {
    "no body": ("POST", "projects", None),
    "no name": ("POST", "projects", {}),
    "empty name": ("POST", "projects", {"name": ""}),
    "name of the wrong type": ("POST", "projects", {"name": 7}),
    "unknown field": ("POST", "projects", {"name": "a", "title": "b"}),
    "list for an object": ("POST", "projects", ["a"]),
    "body where none belongs": ("GET", "projects", {"name": "a"}),
    "unknown parameter": ("GET", "projects?limit=5", None),
    "parameter of the wrong type": ("GET", "systems?first=many", None),
    "id that is none": ("GET", "projects/orders", None),
    "system without auth schemes": (
        "POST",
        "systems",
        {"name": "a", "domain": "a", "templateBaseUrl": "https://a"},
    ),
    "scheme of an unknown type": (
        "PUT",
        f"systems/{UNKNOWN}/auth-scheme-configs/a",
        {"type": "apikey", "apiKey": SCHEME},
    ),
    "key in an unknown place": (
        "PUT",
        f"systems/{UNKNOWN}/auth-scheme-configs/a",
        {"type": "api-key", "apiKey": {**SCHEME, "name": "X", "in": "body"}},
    ),
    "token address that is none": (
        "PUT",
        f"systems/{UNKNOWN}/auth-scheme-configs/a",
        {
            "type": "oauth2",
            "oauth2": {
                **SCHEME,
                "tokenUrl": "/token",
                "scopes": [],
                "defaultScopes": [],
                "grant": {"type": "clientCredentials", "clientCredentials": {}},
            },
        },
    ),
    "version without files": ("POST", f"projects/{UNKNOWN}/versions", {"name": "v1"}),
    "file without content": (
        "POST",
        f"projects/{UNKNOWN}/versions",
        {"name": "v1", "files": [{"filename": "a"}]},
    ),
    "connection without credentials": (
        "POST",
        "connections",
        {"connectionTemplateId": UNKNOWN, "connection": {"name": "a"}},
    ),
    "channel without an address": (
        "POST",
        "notification_channels",
        {"name": "a", "type": "email", "config": {"email": {"to": "nobody"}}},
    ),
    "suspended nowhere": ("POST", f"projects/{UNKNOWN}/suspend", None),
}


@pytest.mark.parametrize(("method", "path", "body"), WRONG.values(), ids=WRONG)
def test_a_request_against_the_description_is_refused(
    client: Client, method: str, path: str, body: Any
) -> None:
    answer = client.ask(method, path, body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_argument"
    assert client.double.requests[-1].problems == answer.json()["fields"] != []
    assert client.double.refused == client.double.requests
    assert not client.double.state.projects and not client.double.state.systems


def test_what_is_no_operation_is_kept_as_a_problem(client: Client) -> None:
    assert client.ask("DELETE", "projects").status_code == 405 or client.double.refused
    assert client.ask("GET", "nothing").status_code == 404
    assert "is no operation" in client.double.refused[-1].problems[0]["message"]


def test_text_for_json_is_refused(client: Client) -> None:
    answer = client.ask("POST", "projects", content="name=Orders")
    assert answer.status_code == 400
    assert client.double.refused


@pytest.mark.parametrize("header", ["", "JWT wrong", "Basic {token}", "{token}"])
def test_a_wrong_token_is_refused(client: Client, header: str) -> None:
    headers = {"Authorization": header.format(token=client.double.token)}
    assert client.ask("GET", "projects", headers=headers).status_code == 401


def test_a_token_opens_its_own_organisation_only(client: Client) -> None:
    client.project()
    other = client.double.add_organisation()
    headers = {"Authorization": f"JWT {other.token}"}
    assert client.ask("GET", "projects", headers=headers).status_code == 403
    url = f"{client.double.url}/o/{other.id}/projects"
    assert httpx.get(url, headers=headers).json() == {"projects": []}


# ---- Failing on purpose --------------------------------------------------------------------------


def test_it_fails_before_or_after_the_effect_and_then_recovers(client: Client) -> None:
    client.double.fail("CreateProject", status=503)
    client.double.fail("CreateProject", status=502, after=True)
    assert client.ask("POST", "projects", {"name": "one"}).status_code == 503
    assert client.ask("POST", "projects", {"name": "two"}).status_code == 502
    assert client.ask("POST", "projects", {"name": "three"}).status_code == 200
    assert [one.name for one in client.double.state.projects.values()] == ["two", "three"]


def test_it_hangs_up_or_takes_its_time(client: Client) -> None:
    client.double.fail("CreateProject", hang_up=True, after=True)
    with pytest.raises(httpx.RemoteProtocolError):
        client.ask("POST", "projects", {"name": "one"})
    assert len(client.double.state.projects) == 1
    client.double.fail("ListProjects", delay=0.5, times=2)
    with pytest.raises(httpx.ReadTimeout):
        client.ask("GET", "projects", timeout=0.1)
    client.double.recover()
    assert client.ask("GET", "projects").status_code == 200


def test_effects_are_told_once_each_and_before_the_answer(client: Client) -> None:
    told: list[tuple[str, int]] = []
    double = client.double
    double.effects = lambda operation: told.append((operation, len(double.state.projects)))
    client.project()
    client.ask("POST", "projects", {})
    client.ask("GET", "projects")
    assert told == [("CreateProject", 1)]


def test_nothing_but_the_fixed_host_gets_through(double: VersoriDouble) -> None:
    with httpx.Client(proxy=double.environment["HTTPS_PROXY"], timeout=5) as http:
        with pytest.raises(httpx.ProxyError, match="403"):
            http.get("https://example.com/")
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            http.get("https://platform.versori.com/")


def test_a_process_of_its_own_outlives_its_client(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.versori", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        headers = {"Authorization": f"JWT {told['token']}"}
        url = f"{told['url']}/o/{told['organisation_id']}/projects"
        httpx.post(url, json={"name": "Orders"}, headers=headers)
        assert httpx.get(url, headers=headers).json()["projects"][0]["name"] == "Orders"
        asked = httpx.get(told["double"]).json()["requests"]
        assert [one["operation"] for one in asked] == ["CreateProject", "ListProjects"]
        assert Path(told["configuration"]).stat().st_mode & 0o777 == 0o600
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0 and time.monotonic() - started < 5
