"""Each system tells its own fields in its own form; all are read by what the catalogue says."""

from typing import Any, NamedTuple

import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.discovering import Discovered, discover
from pipeline.plan.apply import apply_edit
from pipeline.plan.edits import AnswerQuestion
from pipeline.plan.model import Endpoint, Mapping, Plan, System
from pipeline.ports import Reading, ReadRequest
from pipeline.simulation.credentials import sample_headers
from pipeline.simulation.mock import MockSystem
from tests.codegen.plans import shopify_orders_to_quickbooks

KNOWN = Catalogue.load()


class Told(NamedTuple):
    """What an account answers, and what of it the plan below does not fit."""

    system: str
    entity: str
    target: str  # written by the plan; the account has none of that name
    config: dict[str, Any]
    path: str
    answer: Any
    instead: str  # offered in its place
    learned: str  # known from now on


TOLD = [
    Told(
        "hubspot", "contact", "loyalty_tear", {}, "/crm/v3/properties/contacts",
        {"results": [
            {"name": "email", "type": "string", "options": []},
            {"name": "loyalty_tier", "type": "enumeration", "options": [{"value": "gold"}]},
        ]},
        "use loyalty_tier", "loyalty_tier",
    ),
    Told(
        "mailchimp", "member", "merge_fields.CITY", {"list_id": "a1", "dc": "us1"},
        "/lists/a1/merge-fields?count=1000",
        {"merge_fields": [
            {"tag": "FNAME", "type": "text"},
            {"tag": "MCITY", "type": "dropdown", "options": {"choices": ["Rome", "Oslo"]}},
        ]},
        "use MCITY", "merge_fields.MCITY",
    ),
    Told(
        "airtable", "record", "fields.Mail", {"base_id": "app1", "table": "Leads"},
        "/meta/bases/app1/tables",
        {"tables": [
            {"id": "tbl0", "name": "Other", "fields": [{"name": "Mail", "type": "email"}]},
            {"id": "tbl1", "name": "Leads", "fields": [{"name": "E-Mail", "type": "email"}]},
        ]},
        "use E-Mail", "fields.E-Mail",
    ),
    Told(
        "notion", "page", "properties.Statsu", {"data_source_id": "ds1"}, "/v1/data_sources/ds1",
        {"properties": {
            "Name": {"id": "title", "type": "title"},
            "Status": {"id": "x", "type": "select", "select": {"options": [{"name": "Open"}]}},
        }},
        "use Status", "properties.Status",
    ),
    Told(
        "jira", "issue", "fields.customfield_1", {"site": "acme"}, "/field",
        [
            {"id": "summary", "name": "Summary", "schema": {"type": "string"}},
            {"id": "customfield_10", "name": "Points", "schema": {"type": "number"}},
        ],
        "use customfield_10", "fields.customfield_10",
    ),
    Told(
        "postgres", "row", "totl", {"table": "finance.invoices"}, "/",
        {"rows": [
            {"column_name": "id", "data_type": "uuid"},
            {"column_name": "total", "data_type": "numeric"},
        ]},
        "use total", "total",
    ),
    Told(
        "mysql", "row", "totl", {"table": "invoices"}, "/",
        {"rows": [{"column_name": "total", "data_type": "decimal"}]},
        "use total", "total",
    ),
]  # fmt: skip


class Account:
    """A platform that can only be read from."""

    def __init__(self, body: Any) -> None:
        self.body = body
        self.asked: list[tuple[str, str, Any, Any]] = []

    def read(self, project_id: str, environment: str, system: str, request: ReadRequest) -> Reading:
        self.asked.append((request.method, request.path, request.headers, request.body))
        return Reading(status=200, body=self.body)


def plan(system: str, entity: str, *mappings: Mapping) -> Plan:
    base, entry = shopify_orders_to_quickbooks(), KNOWN.system(system)
    target = System(
        name=system, display_name=entry.display_name, role="target", base_url=entry.base_url,
        auth=entry.auth[0], config=entry.config,
    )  # fmt: skip
    workflow = base.workflows[0].model_copy(
        update={
            "target": Endpoint(system=system, entity=entity),
            "mappings": list(mappings),
            "lookups": [],
        }
    )
    return base.model_copy(
        update={"systems": [base.system("shopify"), target], "workflows": [workflow]}
    )


def found_in(account: Account, told: Plan, system: str, config: dict[str, Any]) -> Discovered:
    return discover(told, KNOWN, system, account, "prj", "development", config)


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.system)
def test_a_difference_is_asked_and_its_answer_makes_the_plan_fit(told: Told) -> None:
    made = plan(told.system, told.entity, Mapping(target=told.target, source="name"))
    account = Account(told.answer)
    found = found_in(account, made, told.system, told.config)
    assert [path for _, path, _, _ in account.asked] == [told.path]
    assert told.learned in [one.path for one in found.learned]
    [question] = found.questions
    assert told.instead in question.options
    taught = KNOWN.with_learned(found.learned)
    asked = made.model_copy(update={"questions": [question]})
    answer = AnswerQuestion(question=question.id, answer=told.instead)
    after = apply_edit(asked, answer, taught)
    assert [one.target for one in after.workflows[0].mappings] == [told.learned]


def test_a_database_is_asked_about_its_table_alone() -> None:
    account = Account({"rows": [{"column_name": "id", "data_type": "uuid"}]})
    made = plan("postgres", "row", Mapping(target="id", source="id"))
    found_in(account, made, "postgres", {"table": "finance.invoices"})
    [(method, _, _, body)] = account.asked
    assert (method, body["params"]) == ("POST", ["finance.invoices"])


def test_a_version_that_the_vendor_wants_named_is_named() -> None:
    account = Account({"properties": {}})
    made = plan("notion", "page", Mapping(target="properties.Name", source="name"))
    found_in(account, made, "notion", {"data_source_id": "ds1"})
    assert account.asked[0][2] == {"Notion-Version": "2025-09-03"}


def sheet(*columns: str) -> Discovered:
    made = plan(
        "google-sheets", "row",
        Mapping(target="order", source="name"),
        Mapping(target="amount", source="total_price"),
    )  # fmt: skip
    account = Account({"range": "Orders!1:1", "values": [list(columns)]})
    found = found_in(account, made, "google-sheets", {"sheet": "Orders"})
    assert account.asked[0][1] == "/values/Orders!1:1"
    return found


@pytest.mark.parametrize("columns", [("order", "amount"), ("Order", "Amount", "Remarks")])
def test_columns_in_the_plans_order_raise_no_question(columns: tuple[str, ...]) -> None:
    assert sheet(*columns).questions == []


def test_values_follow_the_columns_where_the_sheet_has_another_order() -> None:
    found = sheet("Amount", "Remarks", "Order")
    [question] = found.questions
    assert "“Amount”, “Remarks”, “Order”" in question.text
    made = plan(
        "google-sheets", "row",
        Mapping(target="order", source="name"),
        Mapping(target="amount", source="total_price"),
    )  # fmt: skip
    answer = AnswerQuestion(question=question.id, answer="follow the columns")
    after = apply_edit(made.model_copy(update={"questions": [question]}), answer, KNOWN)
    written = [(one.target, one.source, one.constant) for one in after.workflows[0].mappings]
    assert written == [
        ("Amount", "total_price", None), ("Remarks", None, ""), ("Order", "name", None),
    ]  # fmt: skip


def test_columns_that_no_plan_can_name_are_shown_only() -> None:
    [question] = sheet("Amount [EUR]", "Order").questions
    assert question.options == ["leave it as it is"]


def test_a_sheet_without_a_first_row_has_nothing_to_compare() -> None:
    found = sheet()
    assert (found.questions, [one.word for one in found.evidence]) == ([], ["not reached"])


@pytest.mark.parametrize(
    ("system", "target"),
    [
        ("hubspot", "email"),
        ("mailchimp", "merge_fields.FNAME"),
        ("jira", "fields.summary"),
        ("salesforce", "LastName"),
    ],
)
def test_a_mock_has_the_fields_of_the_catalogue(system: str, target: str) -> None:
    entry = KNOWN.system(system)
    rule = entry.discovery
    assert rule is not None
    entity, name = next(iter(rule.objects.items()))
    path = rule.path.replace("{object}", name).replace("{list_id}", "a1").partition("?")[0]
    headers = sample_headers(entry, entry.operations[0])
    answer = MockSystem(entry).handle(rule.method, path, "", headers)
    assert answer.status == 200
    made = plan(system, entity, Mapping(target=target, source="name"))
    found = found_in(Account(answer.json()), made, system, {"list_id": "a1"})
    assert (found.questions, found.learned) == ([], [])


@pytest.mark.parametrize("system", ["airtable", "notion"])
def test_a_mock_of_free_records_names_none(system: str) -> None:
    entry = KNOWN.system(system)
    rule = entry.discovery
    assert rule is not None
    path = rule.path.replace("{", "").replace("}", "")
    headers = {**sample_headers(entry, entry.operations[0]), **rule.headers}
    answer = MockSystem(entry).handle(rule.method, path, "", headers)
    assert answer.status == 200
    made = plan(system, next(iter(rule.objects)), Mapping(target=f"{rule.prefix}X", source="name"))
    found = found_in(Account(answer.json()), made, system, {"table": "table"})
    assert (found.questions, [one.word for one in found.evidence]) == ([], ["not reached"])
