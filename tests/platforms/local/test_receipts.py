"""Senders are answered as their systems want it: handshakes, and events that are only stored."""

import base64
import hashlib
import hmac
import time

import httpx
import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.ports import ConnectionSpec, SystemSpec
from tests.platforms.local.conftest import Deployed
from tests.platforms.local.projects import version_spec

INDEX = """\
import { durable, fn, webhook } from "@versori/run";

const interpreter = await durable.DurableInterpreter.newInstance();
for (const connection of ["slack", "xero"]) {
  interpreter.register(
    webhook(connection, { method: "post", connection, response: { mode: "async" } })
      .then(fn("take", () => ({ taken: true }))),
  );
}
await interpreter.start();
"""
SECRET = "signs-what-is-sent"


@pytest.fixture
def live(deployed: Deployed) -> Deployed:
    """Takes webhooks of Slack and Xero, as the catalogue describes these."""
    platform, place = deployed.platform, (deployed.project_id, "test")
    for name, field in (("slack", "signing_secret"), ("xero", "webhook_secret")):
        entry = Catalogue.load().system(name)
        spec = SystemSpec(
            name=name,
            display_name=name,
            base_url="https://x.example",
            auth=entry.auth[0],
            signature=entry.signature,
        )
        link = platform.link_system(
            *place, platform.create_system(deployed.project_id, spec), dynamic=False
        )
        reference = deployed.runner.put_secret({field: SECRET, "access_token": "t"})
        connection = ConnectionSpec(
            system=name, name=name, auth=spec.auth, vault_reference=reference
        )
        platform.create_connection(*place, link, connection)
    version = platform.create_version(deployed.project_id, version_spec(5, INDEX))
    platform.deploy(deployed.project_id, version, "test")
    return deployed


def _mac(content: bytes) -> bytes:
    return hmac.new(SECRET.encode(), content, hashlib.sha256).digest()


def from_slack(live: Deployed, body: bytes) -> httpx.Response:
    now = str(int(time.time()))
    proof = "v0=" + _mac(f"v0:{now}:".encode() + body).hex()
    headers = {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": proof}
    return live.request("POST", "slack", body, headers)


def from_xero(live: Deployed, body: bytes) -> httpx.Response:
    proof = base64.b64encode(_mac(body)).decode()
    return live.request("POST", "xero", body, {"x-xero-signature": proof})


def test_slacks_challenge_is_answered_and_is_no_event(live: Deployed) -> None:
    asked = b'{"type": "url_verification", "challenge": "3eZbrw1a"}'

    answer = from_slack(live, asked)

    assert (answer.status_code, answer.text) == (200, "3eZbrw1a")
    assert live.states() == []
    assert live.request("POST", "slack", asked, {}).status_code == 401


def test_xeros_intent_to_receive_is_answered_and_is_no_event(live: Deployed) -> None:
    asked = b'{"events": [], "firstEventSequence": 0, "entropy": "S0m3"}'

    answer = from_xero(live, asked)

    assert (answer.status_code, answer.content) == (200, b"")
    assert live.states() == []
    wrong = {"x-xero-signature": base64.b64encode(_mac(b"other")).decode()}
    assert live.request("POST", "xero", asked, wrong).status_code == 401


def test_events_are_answered_as_their_sender_wants(live: Deployed) -> None:
    event = from_xero(live, b'{"events": [{"resourceId": "1"}]}')
    message = from_slack(live, b'{"type": "event_callback"}')

    assert (event.status_code, event.content) == (200, b"")
    assert message.status_code == 200
    assert len(live.states()) == 2


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b'"url_verification"', b"["])
def test_what_is_no_handshake_is_kept_as_an_event(live: Deployed, body: bytes) -> None:
    assert from_slack(live, body).status_code == 200
    assert len(live.states()) == 1
