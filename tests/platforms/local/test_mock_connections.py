"""The shipped systems' mocks: connected without a person, probed, and sending signed events."""

import signal
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx
import pytest

from pipeline.artifacts import SourceFile
from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import PlatformError
from pipeline.platforms.local.client import LocalPlatform
from pipeline.ports import ConnectionSpec, ReadRequest, SystemSpec, VersionSpec
from pipeline.sandbox.project import deno_json
from tests.platforms.local.conftest import RunnerProcess
from tests.platforms.local.projects import new_project, wait_until

INDEX = """\
import { durable, http, webhook } from "@versori/run";

const take = webhook("take-order", { method: "post", connection: "shopify" }).then(
  http("find-company", { connection: "quickbooks" }, async ({ fetch }) => {
    const answer = await fetch("/companyinfo/{realm_id}?minorversion=75");
    return { status: answer.status, company: await answer.json() };
  }),
);

const interpreter = await durable.DurableInterpreter.newInstance();
interpreter.register(take);
await interpreter.start();
"""


@pytest.fixture
def platform(runner: RunnerProcess) -> Iterator[LocalPlatform]:
    platform = runner.platform()
    yield platform
    platform.close()


@pytest.fixture
def project_id(platform: LocalPlatform) -> str:
    return new_project(platform, uuid4().hex)


def connect(
    platform: LocalPlatform, project_id: str, name: str, *, reference: str | None = None, mock: bool
) -> None:
    entry = Catalogue.load().system(name)
    spec = SystemSpec(
        name=name,
        display_name=entry.display_name,
        base_url=entry.base_url,
        auth=entry.auth[0],
        signature=entry.signature,
    )
    system_id = platform.create_system(project_id, spec)
    link_id = platform.link_system(project_id, "test", system_id, dynamic=False)
    connection = ConnectionSpec(
        system=name, name=f"{name} mock", auth=spec.auth, vault_reference=reference, mock=mock
    )
    platform.create_connection(project_id, "test", link_id, connection)


def test_a_connection_can_be_read_over(platform: LocalPlatform, project_id: str) -> None:
    connect(platform, project_id, "quickbooks", mock=True)
    company = ReadRequest(method="GET", path="/companyinfo/{realm_id}?minorversion=75")
    reading = platform.read(project_id, "test", "quickbooks", company)
    assert (reading.status, reading.mock) == (200, True)
    assert isinstance(reading.body, dict) and "CompanyInfo" in reading.body


@pytest.mark.parametrize("name", ["shopify", "quickbooks"])
def test_a_mock_is_connected_at_once_and_answers_its_probe(
    platform: LocalPlatform, project_id: str, name: str
) -> None:
    connect(platform, project_id, name, mock=True)

    probe = platform.probe(project_id, "test", name)

    assert probe.ok, probe.detail
    assert probe.mock
    assert probe.account
    assert platform.authorization_url(project_id, "test", name) is None


def test_a_mock_refuses_whoever_lacks_its_credential(
    runner: RunnerProcess, platform: LocalPlatform, project_id: str
) -> None:
    connect(platform, project_id, "shopify", mock=True)

    answer = httpx.post(
        f"http://127.0.0.1:{runner.port}/mock/{project_id}/shopify/graphql.json",
        headers={"X-Shopify-Access-Token": "guessed"},
        json={"query": "query { shop { name } }"},
    )

    assert answer.status_code == 401


def test_a_mock_can_be_connected_twice(platform: LocalPlatform, project_id: str) -> None:
    connect(platform, project_id, "quickbooks", mock=True)
    connect(platform, project_id, "quickbooks", mock=True)

    assert platform.probe(project_id, "test", "quickbooks").ok


def test_mocks_and_their_connections_outlive_the_runner(mortal_runner: RunnerProcess) -> None:
    mortal_runner.start()
    with closing(mortal_runner.platform()) as platform:
        project_id = new_project(platform, uuid4().hex)
        for name in ("shopify", "quickbooks"):
            connect(platform, project_id, name, mock=True)
        account = platform.create_mock_record(project_id, "quickbooks", "account")
    mortal_runner.end(signal.SIGKILL)

    mortal_runner.start()

    with closing(mortal_runner.platform()) as platform:
        assert platform.mock_records(project_id, "quickbooks", "account") == [account]
        for name in ("shopify", "quickbooks"):
            assert platform.probe(project_id, "test", name).ok


def test_a_system_outside_the_catalogue_has_no_mock(
    platform: LocalPlatform, project_id: str
) -> None:
    auth = Catalogue.load().system("shopify").auth[0]
    spec = SystemSpec(name="unheard-of", display_name="?", base_url="https://x.example", auth=auth)
    system_id = platform.create_system(project_id, spec)
    link_id = platform.link_system(project_id, "test", system_id, dynamic=False)
    connection = ConnectionSpec(
        system="unheard-of", name="x", auth=auth, vault_reference=None, mock=True
    )

    with pytest.raises(PlatformError, match="no mock"):
        platform.create_connection(project_id, "test", link_id, connection)


def test_a_sample_event_goes_through_the_signature_check_to_the_target(
    platform: LocalPlatform, project_id: str
) -> None:
    connect(platform, project_id, "shopify", mock=True)
    connect(platform, project_id, "quickbooks", mock=True)
    source = [
        SourceFile(path="deno.json", content=deno_json()),
        SourceFile(path="src/index.ts", content=INDEX),
    ]
    version = VersionSpec(name="v1", description="", files=source, digest="v1")
    platform.deploy(project_id, platform.create_version(project_id, version), "test")

    answer = platform.send_sample_event(
        project_id, "test", "shopify", "orders/create", "take-order"
    )

    assert answer["status"] == 200
    assert '"status": 200' in str(answer["body"])
    wait_until(lambda: platform.event_counts(project_id, "test") == {"done": 1})
    exchanges = platform.mock_exchanges(project_id, "quickbooks")
    assert exchanges[-1]["path"].startswith("/companyinfo/mock-realm")
    platform.stop(project_id, "test")


# ---- Consent -----------------------------------------------------------------------------------


@pytest.fixture
def consent_url(runner: RunnerProcess, platform: LocalPlatform, project_id: str) -> str:
    """Where a person consents to a QuickBooks that is really the mock."""
    typed = {"client_id": "the-client", "client_secret": "the-client-secret"}
    mock = f"http://127.0.0.1:{runner.port}/mock/{project_id}/quickbooks"
    entry = Catalogue.load().system("quickbooks")
    auth = entry.auth[0].model_copy(
        update={"authorize_url": f"{mock}/oauth/authorize", "token_url": f"{mock}/oauth/token"}
    )
    spec = SystemSpec(
        name="quickbooks", display_name="QuickBooks", base_url=mock, auth=auth,
    )  # fmt: skip
    system_id = platform.create_system(project_id, spec)
    link_id = platform.link_system(project_id, "test", system_id, dynamic=False)
    connection = ConnectionSpec(
        system="quickbooks", name="q", auth=auth, vault_reference=runner.put_secret(typed)
    )
    platform.create_connection(project_id, "test", link_id, connection)
    url = platform.authorization_url(project_id, "test", "quickbooks")
    again = platform.authorization_url(project_id, "test", "quickbooks")
    assert again == url, "whoever waits and asks again gets the same link"
    assert url is not None
    return url


def test_a_person_consents_in_the_browser(
    platform: LocalPlatform, project_id: str, consent_url: str
) -> None:
    assert not platform.probe(project_id, "test", "quickbooks").ok
    assert "Allow access" in httpx.get(consent_url).text

    page = httpx.post(consent_url, data={"answer": "allow"}, follow_redirects=True)

    assert "quickbooks is connected" in page.text
    assert platform.authorization_url(project_id, "test", "quickbooks") is None
    assert platform.probe(project_id, "test", "quickbooks").ok


def test_a_person_denies(platform: LocalPlatform, project_id: str, consent_url: str) -> None:
    page = httpx.post(consent_url, data={"answer": "deny"}, follow_redirects=True)

    assert "not granted" in page.text
    assert platform.authorization_url(project_id, "test", "quickbooks") is not None


def test_a_consents_link_is_good_once(
    platform: LocalPlatform, project_id: str, consent_url: str
) -> None:
    back = httpx.post(consent_url, data={"answer": "allow"}).headers["location"]
    httpx.get(back)

    assert httpx.get(back).status_code == 400


def test_a_callback_with_a_foreign_state_is_refused(runner: RunnerProcess) -> None:
    page = httpx.get(
        f"http://127.0.0.1:{runner.port}/oauth/callback",
        params={"code": "x", "state": "<script>alert(1)</script>"},
    )

    assert page.status_code == 400
    assert "<script>" not in page.text


def test_the_secrets_of_a_consent_stay_out_of_its_address(consent_url: str) -> None:
    parameters = parse_qs(urlsplit(consent_url).query)

    assert parameters["client_id"] == ["the-client"]
    assert "the-client-secret" not in consent_url
