"""Every pattern, generated, verified and run: effects are counted at the mocks.

Duplicates, events in another order, and a process that is killed right after a write must leave
each source record in the target as often as the effect class of the write promises.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.received import parsed
from pipeline.sandbox.deno import Deno
from pipeline.simulation.faults import Fault
from pipeline.simulation.json_paths import put_at
from tests.codegen import matrix
from tests.codegen.conftest import tool_result
from tests.codegen.harness import Killed, Runtime, World, add_driver, world, write_together

KNOWN = matrix.catalogue()
PLANS = matrix.plans(KNOWN)
LARGEST_BATCH = 100  # where a load is to be longer than a run


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All projects in one folder."""
    directory = tmp_path_factory.mktemp("matrix")
    projects = {
        name: [*generate(one, KNOWN), *generate_tests(one, KNOWN, [])]
        for name, one in PLANS.items()
    }
    write_together(projects, directory)
    for name in ("table-source", "backfill"):
        source = directory / "src" / name / "services"
        _replace(source / "batches.ts", "LARGEST_BATCH = 1000", f"LARGEST_BATCH = {LARGEST_BATCH}")
        _replace(source / "postgres.ts", "size = 1000", f"size = {LARGEST_BATCH // 2}")
    return directory


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def runtime(together: Path) -> Iterator[Runtime]:
    add_driver(PLANS, together)
    started = Runtime(together)
    yield started
    started.kill()


@pytest.mark.parametrize("tool", ["check", "lint", "test"])
def test_every_pattern_is_clean(together: Path, tool: str, deno: Deno) -> None:
    result = tool_result(deno, tool, together)
    assert result.findings == []
    assert tool != "test" or result.tests_passed > 300


DEAL = {"dealname": "Big", "amount": "100", "dealstage": "closedwon"}
CONTACT = {"firstname": "Ann", "lastname": "Lee", "company": "Acme", "jobtitle": "Boss"}
Make = Callable[[int], dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """One workflow, what its source holds, and where the effects are counted.

    `event` names what the source sends of each record; without one, the workflow reads them.
    `there` are records that other systems have before.
    """

    project: str
    source: str
    record: Make
    counted: tuple[str, ...]
    event: str = ""
    there: dict[str, Make] = field(default_factory=dict)
    ambiguous: bool = False
    each: int = 1  # how many records of the target one of the source becomes


CASES = [
    Case("rows", "stripe.charge",
         lambda n: {"id": f"ch_{n}", "created": 1772422200 + n, "amount": 1999, "currency": "usd"},
         ("google-sheets.row",), ambiguous=True),
    Case("rows-of-contacts", "hubspot.contact",
         lambda n: {**CONTACT, "hs_object_id": str(n), "email": f"a{n}@example.com"},
         ("google-sheets.row",), ambiguous=True),
    Case("graphql-source", "shopify.order",
         lambda n: {"id": n, "name": f"#{n}", "total_price": "5.00"},
         ("google-sheets.row",), ambiguous=True),
    Case("message", "hubspot.deal", lambda n: {**DEAL, "hs_object_id": str(n)},
         ("slack.message",), event="deal.propertyChange", ambiguous=True),
    Case("text-message", "shopify.order",
         lambda n: {"id": n, "name": f"#{n}", "phone": f"+1555{n}"},
         ("twilio.message",), event="orders/create", ambiguous=True),
    Case("several-writes", "zendesk.ticket",
         lambda n: {"id": n, "subject": f"Broken {n}", "description": "It is", "tags": ["bug"]},
         ("github.issue", "zendesk.internal-note"), event="ticket.created", ambiguous=True),
    Case("fan-out", "stripe.customer",
         lambda n: {"id": f"cus_{n}", "email": f"a{n}@example.com", "name": "Ann Lee"},
         ("hubspot.contact", "slack.message"), event="customer.created", ambiguous=True),
    Case("enrichment", "stripe.charge",
         lambda n: {"id": f"ch_{n}", "amount": 5, "billing_details": {"email": f"a{n}@x.com"}},
         ("slack.message",), event="charge.succeeded", ambiguous=True,
         there={"hubspot.contact": lambda n: {**CONTACT, "email": f"a{n}@x.com"}}),
    Case("upsert-found", "hubspot.contact",
         lambda n: {**CONTACT, "hs_object_id": str(n), "email": f"a{n}@example.com"},
         ("salesforce.lead",), event="contact.creation"),
    Case("upsert-put", "stripe.customer",
         lambda n: {"id": f"cus_{n}", "email": f"a{n}@example.com", "name": "Ann Lee"},
         ("mailchimp.member",), event="customer.created"),
    Case("graphql-create", "warehouse.shipment",
         lambda n: {"id": f"s{n}", "order_number": f"#{n}", "shipped_at": f"2026-03-0{n}T00:00:00Z",
                    "tracking_number": f"1Z{n}"},
         ("shopify.fulfillment",), ambiguous=True,
         there={"shopify.fulfillment-order": lambda n: {
             "id": f"gid://shopify/FulfillmentOrder/{n}", "order_name": f"#{n}"}}),
    Case("per-customer", "shopify.order",
         lambda n: {"id": n, "name": f"#{n}", "email": f"a{n}@x.com",
                    "customer": {"last_name": "Lee"},
                    "line_items": [{"sku": f"MUG{n}", "quantity": 2}]},
         ("netsuite.sales-order", "netsuite.customer"), event="orders/create",
         there={"netsuite.item": lambda n: {"id": f"MUG{n}"}}),
    Case("form-encoded", "woocommerce.customer",
         lambda n: {"id": n, "email": f"a{n}@x.com", "first_name": "A", "last_name": "B"},
         ("stripe.customer",), event="customer.created"),
    Case("upsert-statement", "xero.invoice",
         lambda n: {"InvoiceID": f"i{n}", "InvoiceNumber": f"INV-{n}", "Total": 5, "Status": "PAID",
                    "UpdatedDateUTC": f"2026-03-0{n}T00:00:00"}, ("postgres.row",)),
    Case("upsert-named", "typeform.response",
         lambda n: {"token": f"t{n}", "submitted_at": f"2026-03-0{n}T00:00:00Z",
                    "hidden": {"email": f"a{n}@x.com"}},
         ("airtable.record",), event="form_response"),
    Case("line-rows", "shopify.order",
         lambda n: {"id": n, "name": f"#{n}", "line_items": [
             {"id": n * 10 + line, "sku": "MUG", "quantity": line} for line in (1, 2)]},
         ("google-sheets.row",), event="orders/create", ambiguous=True, each=2),
    Case("line-upserts", "woocommerce.order",
         lambda n: {"id": n, "number": str(n), "line_items": [
             {"id": n * 10 + line, "name": "Mug", "quantity": 1} for line in (1, 2)]},
         ("postgres.row",), each=2, ambiguous=True),
    Case("sheet-source", "google-sheets.row",
         lambda n: {"Email": f"a{n}@x.com", "Name": f"Lee {n}"}, ("hubspot.contact",)),
    Case("table-source", "postgres.row",
         lambda n: {"id": str(n), "email": f"a{n}@x.com", "name": "Ann",
                    "updated_at": f"2026-03-0{n}T00:00:00Z"}, ("mailchimp.member",)),
    Case("table-update", "shopify.order",
         lambda n: {"id": n, "name": f"#{n}", "financial_status": "paid", "total_price": "5.00"},
         ("postgres.row",), event="orders/updated",
         there={"postgres.row": lambda n: {"id": str(n), "order_no": f"#{n}", "status": "open"}}),
    Case("email", "woocommerce.order",
         lambda n: {"id": n, "number": str(n),
                    "billing": {"email": "a@x.com", "first_name": "Zoë"}},
         ("gmail.message",), event="order.created", ambiguous=True),
    Case("linked-pages", "github.issue",
         lambda n: {"id": n, "number": n, "title": f"Broken {n}", "user": {"login": "ann"},
                    "updated_at": f"2026-03-0{n}T00:00:00Z"}, ("postgres.row",)),
    Case("two-keys", "woocommerce.order",
         lambda n: {"id": n, "billing": {"email": f"a{n}@x.com", "last_name": "Lee"}},
         ("slack.message",), event="order.created", ambiguous=True,
         there={"salesforce.contact": lambda n: {
             "Email": f"a{n}@x.com", "LastName": "Lee", "Title": f"Boss {n}"}}),
    Case("object-storage", "shopify.order",
         lambda n: {"id": n, "name": f"#{n}", "email": f"a{n}@x.com"},
         ("s3.object",), event="orders/create"),
    Case("both-ways", "hubspot.contact",
         lambda n: {**CONTACT, "hs_object_id": str(n), "email": f"a{n}@example.com"},
         ("salesforce.contact",)),
]  # fmt: skip
COUNT = 3


def prepared(case: Case) -> tuple[World, list[Any]]:
    """A world with the source's records, and what starts the workflow, once for each event."""
    there = world(PLANS[case.project], KNOWN)
    records = [case.record(number + 1) for number in range(COUNT)]
    for name, make in case.there.items():
        system, entity = name.split(".")
        for number in range(COUNT):
            there.systems[system].create(entity, make(number + 1))
    system, entity = case.source.split(".")
    for record in records:
        there.systems[system].create(entity, record)
    return there, [payload(case, there, one) for one in records] if case.event else [{}]


def payload(case: Case, there: World, record: dict[str, Any]) -> Any:
    """What the source sends; the event's name in the words of the system."""
    mock = there.systems[case.source.split(".")[0]]
    event = mock.entry.event(case.event)
    headers, body = mock.sample_event(case.event, record)
    data = parsed(body, headers["content-type"])
    return put_at(data, event.name_path or "", event.name_value) if event.name_value else data


def counts(case: Case, there: World) -> list[int]:
    """How many records each target has; those that were there before don't count."""
    return [
        len(there.systems[name.split(".")[0]].records(name.split(".")[1])) for name in case.counted
    ]


def run_all(runtime: Runtime, case: Case, there: World, inputs: list[Any]) -> list[dict[str, Any]]:
    workflow = PLANS[case.project].workflows[0].name
    return [runtime.run(case.project, workflow, data, there) for data in inputs]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.project)
def test_each_record_arrives_once(case: Case, runtime: Runtime) -> None:
    there, inputs = prepared(case)
    outcomes = run_all(runtime, case, there, [*inputs, *reversed(inputs), inputs[0]])
    assert [one.get("error") for one in outcomes if not one["ok"]] == []
    assert counts(case, there) == [COUNT * case.each] * len(case.counted)
    assert there.issues == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.project)
def test_a_kill_after_a_write_loses_and_repeats_nothing(case: Case, runtime: Runtime) -> None:
    there, inputs = prepared(case)
    there.kill_after_write = 2  # the write is done, but nobody has noted it
    with pytest.raises(Killed):
        run_all(runtime, case, there, inputs)
    outcomes = run_all(runtime, case, there, inputs)
    assert [one.get("error") for one in outcomes if not one["ok"]] == []
    left_to_a_person = len(there.issues)
    assert left_to_a_person == 0 or case.ambiguous
    for count in counts(case, there):
        # Of several writes, what follows the uncertain one waits for the person too.
        assert (COUNT - left_to_a_person) * case.each <= count <= COUNT * case.each


def test_what_cannot_be_repeated_is_left_to_a_person(runtime: Runtime) -> None:
    case = next(one for one in CASES if one.project == "text-message")
    there, inputs = prepared(case)
    there.systems["twilio"].faults.add(Fault("lost-response", times=5))
    (first,) = run_all(runtime, case, there, inputs[:1])
    assert not first["ok"]
    (second,) = run_all(runtime, case, there, inputs[:1])
    assert second["data"]["status"] == "skipped"
    assert counts(case, there) == [1]
    assert [issue["title"] for issue in there.issues][-1].endswith("has to be looked at")


def test_one_bad_record_leaves_the_others_alone_and_is_tried_again(runtime: Runtime) -> None:
    case = next(one for one in CASES if one.project == "graphql-create")
    there, inputs = prepared(case)
    warehouse, shopify = there.systems["warehouse"], there.systems["shopify"]
    warehouse.create("shipment", {**case.record(9), "order_number": "#9"})
    (outcome,) = run_all(runtime, case, there, inputs)
    assert "s9" in outcome["error"]["message"]
    assert counts(case, there) == [COUNT]
    shopify.create("fulfillment-order", case.there["shopify.fulfillment-order"](9))
    (outcome,) = run_all(runtime, case, there, inputs)
    assert outcome["ok"], outcome
    assert counts(case, there) == [COUNT + 1]


def test_a_first_load_goes_on_where_it_was_killed(runtime: Runtime) -> None:
    case = next(one for one in CASES if one.project == "table-source")
    there = world(PLANS[case.project], KNOWN)
    postgres, mailchimp = there.systems["postgres"], there.systems["mailchimp"]
    count = 121  # more than one run takes, and more than a page has
    for number in range(count):
        postgres.create("row", member(number))
    there.kill_after_write = 70
    with pytest.raises(Killed):
        run_all(runtime, case, there, [{}])
    written = [len(mailchimp.records("member"))]
    for _ in range(3):
        (outcome,) = run_all(runtime, case, there, [{}])
        assert outcome["ok"], outcome
        written.append(len(mailchimp.records("member")))
    assert written == [70, LARGEST_BATCH, count, count]
    before = there.writes
    assert before == count + 1, "only the write that nobody noted is done again"
    late = {"id": "late", "email": "late@example.com", "updated_at": "2026-03-01T01:59:30Z"}
    postgres.create("row", {**member(0), **late})
    assert run_all(runtime, case, there, [{}])[0]["ok"]
    assert there.writes == before + 1, "the overlap finds what was written down late"


def member(number: int) -> dict[str, Any]:
    time = f"2026-03-01T{number // 60:02}:{number % 60:02}:00Z"
    email = f"a{number}@example.com"
    return {"id": str(number), "email": email, "name": "Ann", "updated_at": time}


def test_a_durable_backfill_reschedules_itself_until_all_is_read(runtime: Runtime) -> None:
    plan = PLANS["backfill"]
    there = world(plan, KNOWN)
    postgres, mailchimp = there.systems["postgres"], there.systems["mailchimp"]
    for number in range(250):
        postgres.create("row", member(number))
    written, asked = [], {"since": member(20)["updated_at"]}
    for _ in range(4):
        runs = there.rescheduled
        outcome = runtime.run("backfill", "all-members", asked, there, durable=True)
        assert outcome["ok"], outcome
        written.append(len(mailchimp.records("member")))
        if there.rescheduled == runs:
            break
    assert written == [100, 200, 230]
    assert there.writes == 230


def test_late_updates_change_nothing(runtime: Runtime) -> None:
    there = world(PLANS["update-only"], KNOWN)
    shopify = there.systems["shopify"]
    shopify.create("order", {"id": 1, "name": "77", "note": "old"})
    seen = []
    for day, note in ((2, "second"), (1, "first"), (3, "third"), (2, "second")):
        order = {"id": 5, "number": "77", "customer_note": note,
                 "date_modified_gmt": f"2026-03-0{day}T00:00:00"}  # fmt: skip
        assert runtime.run("update-only", "order-notes", order, there)["ok"]
        (written,) = shopify.records("order")
        seen.append(written["note"])
    assert seen == ["second", "second", "third", "third"]


def test_both_ways_end_in_the_newest_and_go_round_no_further(runtime: Runtime) -> None:
    there = world(PLANS["both-ways"], KNOWN)
    hubspot, salesforce = there.systems["hubspot"], there.systems["salesforce"]

    def both() -> int:
        before = there.writes
        for name in ("there", "back", "there", "back"):
            outcome = runtime.run("both-ways", name, {}, there)
            assert outcome["ok"], outcome
        return there.writes - before

    def change(system: str, values: dict[str, Any]) -> None:
        mock = there.systems[system]
        (record,) = mock.records("contact")
        with mock.lock:
            key = "hs_object_id" if system == "hubspot" else "Id"
            mock._engine.records.update("contact", record[key], values)  # as a person does

    hubspot.create("contact", {**CONTACT, "email": "ann@example.com"})
    assert both() == 1
    change("hubspot", {"jobtitle": "Chief"})
    assert both() == 1
    change("salesforce", {"Title": "Owner"})
    assert both() == 1
    change("hubspot", {"jobtitle": "Earlier"})
    change("salesforce", {"Title": "Later"})
    assert both() == 1
    (one,), (other,) = hubspot.records("contact"), salesforce.records("contact")
    assert one["jobtitle"] == other["Title"] == "Later"
