"""A planted secret stands nowhere but, encrypted, in the vault."""

import json

import httpx
import pytest

from bot.playground.delivery.transports import HttpTransport
from bot.views.connection import SECRET as FORM_SECRET
from tests.scenarios.conftest import SECRET, Scene

TYPED = "shpat_" + "0123456789abcdef" * 2


def test_a_secret_typed_in_the_form(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.to_connections()
    scene.click("Approve and add credentials")
    inputs = [block for block in scene.maya.modal()["blocks"] if block["type"] == "input"]
    asked = [block["block_id"] for block in inputs]
    assert [one for one in asked if one.startswith(FORM_SECRET)]
    scene.maya.submit(
        {one: {"value": SECRET if one.startswith(FORM_SECRET) else "acme"} for one in asked}
    )
    scene.settle()
    scene.click("Use the mock")
    grant = scene.integration.credentials["shopify"]
    vault = scene.pipeline.services.vault
    assert SECRET in vault.get(grant.vault_reference or "").values()
    assert scene.integration.config == {"shopify.shop": "acme"}
    _nowhere(scene, caplog, SECRET)


def test_a_secret_typed_as_a_message(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.ask(f"@weft sync orders, the token is {TYPED}")
    scene.reply(f"or this one: {TYPED}")
    assert "rotate" in scene.texts()
    _nowhere(scene, caplog, TYPED)


def test_a_secret_in_a_command_is_not_echoed(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.maya.command("/integrate", f"sync orders with {TYPED}")
    scene.settle()
    _nowhere(scene, caplog, TYPED)


def test_a_bad_signature_logs_no_body(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    transport = scene.playground.slack._transport()
    assert isinstance(transport, HttpTransport)
    headers = {"x-slack-request-timestamp": "1", "x-slack-signature": "v0=forged"}
    answer = httpx.post(
        transport._request_url, data={"payload": json.dumps({"typed": SECRET})}, headers=headers
    )
    assert answer.status_code == 401
    assert SECRET not in caplog.text


def _nowhere(scene: Scene, caplog: pytest.LogCaptureFixture, secret: str) -> None:
    assert secret not in json.dumps(scene.maya.get("calls"))
    assert secret not in caplog.text
    assert secret not in str(scene.integration.outbox)
    files = [path for path in scene.directory.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if secret.encode() in path.read_bytes()] == []
