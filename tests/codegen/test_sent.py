"""What reaches a system as it wants it: addresses of files, keys of one's own customers, times."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.mapping.reference import InvalidValue, to_date, to_datetime, to_unix_time
from pipeline.plan.model import Lookup
from tests.codegen.harness import Runtime, running, write_together
from tests.codegen.matrix.building import flow, key, mappings, on, plan
from tests.codegen.world import world

KNOWN = Catalogue.load()
BUYER = Lookup(
    name="buyer", system="stripe", entity="customer", by=key("email", "email"),
    on_missing="create", mappings=mappings({"email": "email"}),
)  # fmt: skip
PLANS = {
    "files": plan(KNOWN, flow(
        "archive", "shopify.order", "s3.object",
        {"Key": ("name", "template", {"text": "orders/2026 {value}.json"}), "name": "name"},
        trigger=on("orders/create"),
    )),
    "buyers": plan(KNOWN, flow(
        "buyers", "shopify.order", "slack.message",
        {"channel": ["#sales"], "text": "$lookup.buyer.id"},
        trigger=on("orders/create"), lookups=[BUYER],
    ), multi_tenant=True),
}  # fmt: skip


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    directory: Path = tmp_path_factory.mktemp("sent")
    write_together({name: generate(one, KNOWN) for name, one in PLANS.items()}, directory)
    with running(PLANS, directory) as started:
        yield started


ORDER = {"id": 1, "name": "#1/ü", "email": "ann@example.com"}


def test_the_key_of_a_file_keeps_its_slashes(runtime: Runtime) -> None:
    there = world(PLANS["files"], KNOWN)
    assert runtime.run("files", "archive", ORDER, there)["ok"]
    (sent,) = there.systems["s3"].exchanges.all()
    assert sent.path == "/orders/2026 #1/ü.json"
    assert "PUT /orders/2026%20%231/%C3%BC.json" in str(there.logs), "as it went over the wire"


def test_customers_of_one_plan_share_no_idempotency_key(runtime: Runtime) -> None:
    """Each has an account of their own over there, and records of the same numbers."""
    keys = []
    for activation in ("ann", "bob", "ann"):
        there = world(PLANS["buyers"], KNOWN)
        outcome = runtime.run(
            "buyers", "buyers", ORDER, there, activation={"id": activation, "variables": {}}
        )
        assert outcome["ok"], outcome
        made = [one for one in there.systems["stripe"].exchanges.all() if one.effect == "created"]
        keys.append(made[0].headers["idempotency-key"])
    assert keys[0] != keys[1]
    assert keys[0] == keys[2]


@pytest.mark.parametrize(
    ("written", "instant", "day"),
    [
        ("Fri, 24 May 2019 17:44:46 +0000", "2019-05-24T17:44:46Z", "2019-05-24"),
        ("24 May 2019 23:44:46 -0500", "2019-05-25T04:44:46Z", "2019-05-24"),
    ],
)
def test_times_of_emails_are_times(written: str, instant: str, day: str) -> None:
    assert to_datetime(written) == instant
    assert to_date(written) == day
    assert to_date(written, "Asia/Tokyo") == "2019-05-25"
    assert to_unix_time(written) is not None


@pytest.mark.parametrize("written", ["24 Foo 2019 23:44:46 GMT", "24 May 2019", "May 24, 2019"])
def test_what_is_no_time_is_none(written: Any) -> None:
    with pytest.raises(InvalidValue):
        to_datetime(written)
