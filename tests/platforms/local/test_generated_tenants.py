"""A generated integration for many customers: each has a shop of their own, one ledger has all."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from pipeline.analysts.offline.analyst import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.live.connecting import connected
from pipeline.live.place import LivePlace
from pipeline.plan.model import Plan, System
from pipeline.platforms.local.client import LocalPlatform
from pipeline.ports import ConnectionSpec, ProjectSpec, Request, SystemSpec, VersionSpec
from pipeline.replies import CustomerAccount, CustomerShown
from tests.platforms.local.conftest import RunnerProcess
from tests.platforms.local.projects import wait_until

REQUEST = (
    "Our customers connect their own Shopify stores; for each customer create a sales receipt in "
    "our QuickBooks when an order is placed"
)
CATALOGUE = Catalogue.load()
_ORDER = {
    "email": "zoe@example.com",
    "contact_email": "zoe@example.com",
    "created_at": "2026-03-31T23:30:00-05:00",
    "processed_at": "2026-03-31T23:30:00-05:00",
    "currency": "USD",
    "total_tax": "0.00",
    "customer": {"id": 7, "first_name": "Z", "last_name": "A", "email": "zoe@example.com"},
    "line_items": [
        {"id": 1, "sku": "T", "title": "T", "name": "T", "price": "9.50", "quantity": 2}
    ],
    "shipping_lines": [],
    "discount_codes": [],
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    request = Request(text=REQUEST, today="2026-11-22")
    planned = OfflineAnalyst(CATALOGUE).research(request, lambda _: None)
    assert [system.name for system in planned.systems if system.dynamic] == ["shopify"]
    return planned


class Tenants:
    """The plan, deployed as the eight steps deploy it; each customer's shop is a mock."""

    def __init__(self, platform: LocalPlatform, plan: Plan) -> None:
        self.platform = platform
        self.workflow = plan.workflows[0].name
        self.project = platform.create_project(ProjectSpec(name="p", integration_id=uuid4().hex))
        self.place = (self.project, "test")
        platform.declare_variables(self.project, plan.variables)
        self.systems = {system.name: system for system in plan.systems}
        self.ids: dict[str, str] = {}
        self.links = {name: self._link(system) for name, system in self.systems.items()}
        for name, system in self.systems.items():
            if not system.dynamic:
                platform.create_connection(*self.place, self.links[name], self._mock(name))
        account = {"Name": "Sales of Product Income", "AccountType": "Income"}
        platform.create_mock_record(self.project, "quickbooks", "account", account)
        files = generate(plan, CATALOGUE)
        version = VersionSpec(name="v1", description="", files=files, digest="d")
        platform.deploy(self.project, platform.create_version(self.project, version), "test")

    def customer(self, name: str) -> str:
        """The activation of a customer whose shop is connected."""
        activation = self.platform.activate(*self.place, name, name.title())
        self.platform.connect_user(
            *self.place, self.links["shopify"], self._mock("shopify"), activation.id
        )
        return activation.id

    def order(self, activation: str, identifier: int, number: int | None = None) -> Any:
        """What becomes of an order that the customer's shop tells of."""
        number = number or identifier
        record = {**_ORDER, "id": identifier, "name": f"#{number}", "order_number": number}
        before = len(self.platform.events(*self.place))
        answer = self.platform.send_sample_event(
            *self.place, "shopify", "orders/create", self.workflow, record, activation
        )
        assert answer["status"] == 202, answer

        def ended() -> Any:
            latest, *rest = self.platform.events(*self.place)
            return len(rest) == before and latest.state in ("done", "failed") and latest

        event = wait_until(ended, 30)
        assert event.state == "done", event.reason
        return event.result["status"]

    def _link(self, system: System) -> str:
        spec = SystemSpec(
            name=system.name,
            display_name=system.display_name,
            base_url=system.base_url,
            auth=system.auth,
            signature=CATALOGUE.system(system.name).signature,
        )
        system_id = self.platform.create_system(self.project, spec)
        self.ids[system.name] = system_id
        return self.platform.link_system(*self.place, system_id, dynamic=system.dynamic)

    def _mock(self, name: str) -> ConnectionSpec:
        auth = self.systems[name].auth
        return ConnectionSpec(
            system=name, name=f"{name}-{uuid4().hex}", auth=auth, vault_reference=None, mock=True
        )


@pytest.fixture
def tenants(runner: RunnerProcess, plan: Plan) -> Iterator[Tenants]:
    platform = runner.platform()
    made = Tenants(platform, plan)
    yield made
    platform.stop(*made.place)
    platform.close()


def test_each_customers_orders_arrive_over_their_own_connection(tenants: Tenants) -> None:
    acme, zenith = tenants.customer("acme"), tenants.customer("zenith")

    fates = [tenants.order(customer, number) for customer, number in
             ((acme, 1), (zenith, 2), (acme, 1), (zenith, 3))]  # fmt: skip

    assert fates == ["written", "written", "written before", "written"]
    receipts = tenants.platform.mock_records(tenants.project, "quickbooks", "sales-receipt")
    assert len(receipts) == 3


def test_orders_of_different_shops_with_one_id_are_different_orders(tenants: Tenants) -> None:
    acme, zenith = tenants.customer("acme"), tenants.customer("zenith")

    fates = [tenants.order(customer, 7, number) for customer, number in
             ((acme, 1), (zenith, 2), (acme, 1))]  # fmt: skip

    assert fates == ["written", "written", "written before"]
    receipts = tenants.platform.mock_records(tenants.project, "quickbooks", "sales-receipt")
    assert len(receipts) == 2


def test_people_are_connected_as_from_the_thread(tenants: Tenants, plan: Plan) -> None:
    systems = [SimpleNamespace(name=name, system_id=id_) for name, id_ in tenants.ids.items()]
    case: Any = SimpleNamespace(
        plan=plan,
        catalogue=CATALOGUE,
        setup=SimpleNamespace(project_id=tenants.project, systems=systems),
        integration=SimpleNamespace(id="int_1"),
    )
    place = LivePlace(case, "test", tenants.platform)
    account = CustomerAccount(system="shopify", display_name="Shopify", mock=True)
    given = CustomerShown(
        key="k", environment="test", external_id="acme", name="Acme", accounts=[account]
    )

    shown = connected(place, tenants.platform, given)

    [info] = tenants.platform.activations(*tenants.place)
    assert (shown.state, shown.trouble) == ("connected", "")
    assert shown.accounts[0].evidence[0].word == "mocked"
    assert shown.webhooks == info.webhooks
    assert connected(place, tenants.platform, shown).state == "connected"
    assert len(tenants.platform.activations(*tenants.place)) == 1
    assert tenants.order(info.id, 1) == "written"


def test_a_customer_who_left_is_served_no_more(tenants: Tenants) -> None:
    acme = tenants.customer("acme")
    [info] = tenants.platform.activations(*tenants.place)
    tenants.platform.deactivate(*tenants.place, acme)

    assert info.missing == []
    assert tenants.platform.activations(*tenants.place) == []
