"""From one request to a running integration, and an order through it that becomes a receipt."""

import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from deno import find_deno_bin

from pipeline.artifacts import STEPS
from pipeline.platforms.local.client import LocalPlatform
from tests.whole.conftest import REQUEST, Weft, rows

WORKFLOW = "shopify-order-to-quickbooks-sales-receipt"

ORDER = {
    "id": 450789469,
    "name": "#1042",
    "order_number": 1042,
    "email": "zoë@example.com",
    "contact_email": "zoë@example.com",
    "created_at": "2026-03-31T23:30:00-05:00",
    "processed_at": "2026-03-31T23:30:00-05:00",
    "currency": "USD",
    "test": False,
    "note": "Leave at the door",
    "total_tax": "0.00",
    "customer": {
        "id": 7, "first_name": "Zoë", "last_name": "Ångström", "email": "zoë@example.com",
    },
    "line_items": [
        {"id": 1, "sku": "TRAY", "title": "Tray", "name": "Tray", "price": "19.99", "quantity": 3},
        {"id": 2, "sku": "CUP", "title": "Cup", "name": "Cup", "price": "0.10", "quantity": 3},
    ],
    "shipping_lines": [{"id": 3, "title": "Standard", "price": "5.00"}],
    "discount_codes": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def finished(weft: Weft, out: Path) -> "subprocess.CompletedProcess[str]":
    return weft.run("run", REQUEST, "--yes", "--json", "--out", str(out))


def test_every_step_is_done(finished: "subprocess.CompletedProcess[str]") -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    done = [row["step"] for row in rows(finished) if row["status"] == "done"]
    assert list(dict.fromkeys(done)) == list(STEPS)


def test_mocked_connections_are_called_mocked(
    finished: "subprocess.CompletedProcess[str]",
) -> None:
    words = [
        item["word"]
        for row in rows(finished)
        if row["step"] == "connections"
        for item in row.get("evidence", [])
    ]
    assert set(words) == {"mocked"}


@pytest.mark.parametrize(
    "arguments", [["check", "src/index.ts"], ["test"], ["lint"], ["fmt", "--check"]]
)
def test_the_project_passes_on_its_own(
    finished: "subprocess.CompletedProcess[str]",
    out: Path,
    arguments: list[str],
    tmp_path: Path,
) -> None:
    copy = shutil.copytree(out, tmp_path / "project")
    deno = subprocess.run(
        [find_deno_bin(), *arguments],
        cwd=copy,
        env={"HOME": str(tmp_path), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert deno.returncode == 0, deno.stdout + deno.stderr


def deliver(platform: LocalPlatform, project: str, order: dict[str, Any]) -> str:
    """Let the mock of Shopify send the order, signed; gives the event's state at the end."""
    sent = platform.send_sample_event(
        project, "development", "shopify", "orders/create", WORKFLOW, order
    )
    assert sent["status"] in (200, 202), sent
    (event, *_) = platform.events(project, "development", limit=1)
    deadline = time.monotonic() + 30
    while (fate := platform.event(event.id)).state not in ("done", "failed"):
        assert time.monotonic() < deadline, fate
        time.sleep(0.05)
    assert fate.state == "done", fate.reason
    return fate.state


def test_an_order_becomes_a_receipt_once(
    finished: "subprocess.CompletedProcess[str]", weft: Weft
) -> None:
    deployed = next(row for row in rows(finished) if "webhooks" in row)
    project = deployed["webhooks"][WORKFLOW].split("/hooks/")[1].split("/")[0]
    with weft.platform() as platform:
        account = {"Name": "Sales of Product Income", "AccountType": "Income"}
        income = platform.create_mock_record(project, "quickbooks", "account", account)
        deliver(platform, project, ORDER)
        (receipt,) = platform.mock_records(project, "quickbooks", "sales-receipt")
        (customer,) = platform.mock_records(project, "quickbooks", "customer")
        items = {i["Sku"]: i for i in platform.mock_records(project, "quickbooks", "item")}

        assert receipt["CustomerRef"]["value"] == customer["Id"]
        assert customer["PrimaryEmailAddr"]["Address"] == "zoë@example.com"
        assert customer["DisplayName"] == "Zoë Ångström"
        assert receipt["TxnDate"] == "2026-03-31", "the date of the order where it was placed"
        assert receipt["DocNumber"] == "1042"
        assert receipt["BillEmail"]["Address"] == "zoë@example.com"
        assert [line["Amount"] for line in receipt["Line"]] == [59.97, 0.3, 5]
        details = [line["SalesItemLineDetail"] for line in receipt["Line"]]
        assert [detail["ItemRef"]["value"] for detail in details] == [
            items["TRAY"]["Id"],
            items["CUP"]["Id"],
            "SHIPPING_ITEM_ID",
        ]
        assert [detail.get("Qty") for detail in details] == [3, 3, None]
        assert {item["IncomeAccountRef"]["value"] for item in items.values()} == {income["Id"]}

        asked = len(platform.mock_exchanges(project, "quickbooks"))
        deliver(platform, project, ORDER)
        assert len(platform.mock_exchanges(project, "quickbooks")) == asked, (
            "nothing was sent again"
        )


def test_a_forged_delivery_is_refused(
    finished: "subprocess.CompletedProcess[str]", weft: Weft
) -> None:
    deployed = next(row for row in rows(finished) if "webhooks" in row)
    address = deployed["webhooks"][WORKFLOW]
    answer = httpx.post(address, json=ORDER, headers={"X-Shopify-Hmac-Sha256": "bm90IGl0"})
    assert answer.status_code == 401


def test_until_stops_after_that_step(weft: Weft) -> None:
    stopped = weft.run("run", REQUEST, "--yes", "--json", "--until", "research")
    assert stopped.returncode == 0, stopped.stderr
    assert {row["step"] for row in rows(stopped)} == {"scope", "research"}


def test_without_yes_it_waits_and_says_how_to_go_on(weft: Weft) -> None:
    waiting = weft.run("run", REQUEST, "--json")
    assert waiting.returncode == 3, waiting.stderr
    assert rows(waiting)[-1]["status"] == "waiting"
    integration_id = waiting.stderr.split("--resume ")[1].split()[0]
    resumed = weft.run("run", "--resume", integration_id, "--yes", "--json", "--until", "systems")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr


def test_out_of_scope(weft: Weft) -> None:
    refused = weft.run("run", "Write me a poem about data pipelines", "--yes", "--json")
    assert refused.returncode == 2
    assert rows(refused)[-1]["scope"]["reason"]
