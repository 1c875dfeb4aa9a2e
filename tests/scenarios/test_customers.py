"""Customers with accounts of their own: added, listed and removed in the thread of what is live."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from pydantic import JsonValue

from pipeline.errors import PlatformError
from pipeline.live.capabilities import ActivationInfo
from pipeline.ports import ConnectionSpec, Probe
from tests.running import RunningPlatform
from tests.scenarios.conftest import SECRET, Scene


class SharedPlatform(RunningPlatform):
    """Keeps activations in memory; each has an address of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.customers: dict[str, ActivationInfo] = {}
        self.connected: list[tuple[str, ConnectionSpec]] = []
        self.consent_at: str | None = None
        self.refusal = ""

    def activate(
        self,
        project_id: str,
        environment: str,
        external_id: str,
        display_name: str = "",
        variables: Mapping[str, JsonValue] | None = None,
    ) -> ActivationInfo:
        known = self.customers.get(external_id)
        self.customers[external_id] = ActivationInfo(
            id=known.id if known else f"act_{len(self.customers)}",
            external_id=external_id,
            display_name=display_name,
            created_at="2026-01-01",
            variables=dict(variables or {}),
            webhooks={"orders": f"https://weft.example/hooks/p/{external_id}/orders"},
        )
        return self.customers[external_id]

    def activations(self, project_id: str, environment: str) -> list[ActivationInfo]:
        return list(self.customers.values())

    def deactivate(self, project_id: str, environment: str, activation: str) -> None:
        self.customers = {k: one for k, one in self.customers.items() if one.id != activation}

    def connect_user(
        self, project_id: str, environment: str, link_id: str, spec: ConnectionSpec, activation: str
    ) -> str:
        self.connected.append((activation, spec))
        return spec.name

    def user_authorization_url(
        self, project_id: str, environment: str, system: str, activation: str
    ) -> str | None:
        return self.consent_at

    def probe_user(self, project_id: str, environment: str, system: str, activation: str) -> Probe:
        if self.refusal == "down":
            raise PlatformError("The runner does not answer.")
        mock = self.connected[-1][1].mock
        return Probe(ok=not self.refusal, status=200, detail=self.refusal, mock=mock)


@pytest.fixture
def platform(scene: Scene) -> SharedPlatform:
    """Orders of each customer's own shop; live on development."""
    platform = SharedPlatform()
    plan = scene.pipeline.analyst.plan
    systems = [
        system.model_copy(update={"dynamic": system.name == "shopify"}) for system in plan.systems
    ]
    scene.pipeline.analyst.plan = plan.model_copy(update={"systems": systems})
    scene.pipeline.platform = platform
    scene.pipeline.services = replace(scene.pipeline.services, platform=platform)
    scene.to_live()
    return platform


def _typed(scene: Scene, name: str, **more: str) -> dict[str, Any]:
    """The form's values, each of the customer's own accounts filled in."""
    values: dict[str, Any] = {"customer-name": {"value": name}}
    for block in scene.maya.modal()["blocks"]:
        if block.get("block_id", "").startswith(("secret:", "config:")):
            values[block["block_id"]] = {"value": f"{SECRET}-{block['block_id']}"}
    return values | {block: {"value": value} for block, value in more.items()}


def _add(scene: Scene, name: str) -> None:
    scene.click("Add a customer")
    scene.maya.submit(_typed(scene, name))
    scene.settle()


def test_a_customer_is_added_with_accounts_of_their_own(
    scene: Scene, platform: SharedPlatform
) -> None:
    assert "Each customer connects their own account" in scene.texts()
    _add(scene, "Acme Ltd")
    ((activation, spec),) = platform.connected
    assert activation == platform.customers["acme-ltd"].id
    assert (spec.system, spec.mock) == ("shopify", False)
    assert spec.vault_reference is not None
    kept = scene.pipeline.services.vault.get(spec.vault_reference)
    assert all(value.startswith(SECRET) for value in kept.values())
    assert kept
    assert "Acme Ltd is connected on development" in scene.texts()
    assert "https://weft.example/hooks/p/acme-ltd/orders" in scene.texts()
    assert "one read answered 200 (ran)" in scene.texts()
    assert SECRET not in scene.texts()


def test_a_form_that_is_submitted_twice_adds_once(scene: Scene, platform: SharedPlatform) -> None:
    _add(scene, "Acme")
    _add(scene, "acme")  # known by the same letters: new credentials
    assert list(platform.customers) == ["acme"]
    first, second = (spec.vault_reference for _, spec in platform.connected)
    assert first is not None
    assert second is not None
    assert scene.pipeline.services.vault.get(second)
    with pytest.raises(Exception, match="vault"):
        scene.pipeline.services.vault.get(first)


def test_what_is_missing_is_said_in_the_form(scene: Scene, platform: SharedPlatform) -> None:
    scene.click("Add a customer")
    answer = scene.maya.submit({"customer-name": {"value": "Acme"}})
    scene.settle()
    assert "Needed for their own account." in str(answer) + str(scene.maya.views())
    assert platform.customers == {}


def test_words_ask_and_a_mock_is_enough_to_try(scene: Scene, platform: SharedPlatform) -> None:
    scene.reply("list customers")
    assert "Nobody uses it on development yet" in scene.whispers()[-1]
    scene.reply("add customer Zenith GmbH")
    assert platform.customers == {}
    scene.click("Use the mock", scene.jonas)
    assert platform.customers == {}
    scene.click("Use the mock")
    ((_, spec),) = platform.connected
    assert (spec.mock, spec.vault_reference) == (True, None)
    assert "Zenith GmbH is connected on development" in scene.texts()
    assert "(mocked)" in scene.texts()
    scene.reply("list customers")
    assert "Zenith GmbH: connected, https://weft.example" in scene.whispers()[-1]


def test_consent_is_awaited_with_a_link(scene: Scene, platform: SharedPlatform) -> None:
    platform.consent_at = "https://shop.example/consent"
    _add(scene, "Acme")
    assert "Acme must consent on development" in scene.texts()
    assert "https://shop.example/consent" in scene.texts()
    platform.consent_at = None
    scene.click("They have signed in")
    assert "Acme is connected on development" in scene.texts()
    assert len(platform.connected) == 1


def test_what_fails_is_said_and_can_be_tried_again(scene: Scene, platform: SharedPlatform) -> None:
    platform.refusal = "The system answered 401: check the credentials."
    _add(scene, "Acme")
    assert "Shopify: The system answered 401" in scene.texts()
    platform.refusal = "down"
    scene.click("Try again")
    assert "The runner does not answer." in scene.texts()
    platform.refusal = ""
    scene.click("Try again")
    assert "Acme is connected on development" in scene.texts()


def test_removing_is_confirmed_and_forgets_credentials(
    scene: Scene, platform: SharedPlatform
) -> None:
    _add(scene, "Acme")
    scene.reply("remove customer Nobody")
    assert "There is no customer “nobody” on development; there is Acme." in scene.whispers()[-1]
    scene.reply("remove customer acme")
    assert "Records that were written for them stay." in scene.texts()
    assert list(platform.customers) == ["acme"]
    scene.click("Remove customer")
    assert platform.customers == {}
    assert "Acme was removed from development (ran)." in scene.texts()
    reference = platform.connected[0][1].vault_reference
    with pytest.raises(Exception, match="vault"):
        scene.pipeline.services.vault.get(str(reference))


def test_with_one_account_for_all_there_are_no_customers(scene: Scene) -> None:
    scene.pipeline.platform = SharedPlatform()
    scene.pipeline.services = replace(scene.pipeline.services, platform=scene.pipeline.platform)
    scene.to_live()
    assert "Add a customer" not in scene.texts()
    scene.reply("add customer Acme")
    assert "uses one account for all" in scene.whispers()[-1]


def test_a_platform_without_activations_says_so(scene: Scene, platform: SharedPlatform) -> None:
    scene.pipeline.platform = RunningPlatform()
    scene.reply("add customer Acme")
    assert "Weft can't add them" in scene.whispers()[-1]
