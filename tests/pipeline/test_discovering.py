"""What an account really has is compared with the plan; differences become questions."""

from typing import Any

import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.discovering import Discovered, discover
from pipeline.integration import Integration
from pipeline.plan.apply import apply_edit
from pipeline.plan.edits import AnswerQuestion
from pipeline.plan.model import Endpoint, Mapping, Plan, System
from pipeline.ports import Reading, ReadRequest
from pipeline.simulation.credentials import sample_headers
from pipeline.simulation.mock import MockSystem
from tests.codegen.plans import shopify_orders_to_quickbooks

KNOWN = Catalogue.load()
PATH = "/sobjects/Lead/describe"


def plan() -> Plan:
    """Orders become leads of Salesforce."""
    base, entry = shopify_orders_to_quickbooks(), KNOWN.system("salesforce")
    salesforce = System(
        name="salesforce", display_name="Salesforce", role="target", base_url=entry.base_url,
        auth=entry.auth[0], config=entry.config,
    )  # fmt: skip
    mappings = [
        Mapping(target="LastName", source="customer.last_name"),
        Mapping(target="Company", source="customer.last_name"),
        Mapping(target="Title", source="note"),
        Mapping(target="LeadSource", constant="Shop"),
    ]
    workflow = base.workflows[0].model_copy(
        update={
            "target": Endpoint(system="salesforce", entity="lead"),
            "mappings": mappings,
            "lookups": [],
        }
    )
    return base.model_copy(
        update={"systems": [base.system("shopify"), salesforce], "workflows": [workflow]}
    )


class Account:
    """A platform that can only be read from, with one account behind it."""

    def __init__(self, body: Any, status: int = 200) -> None:
        self.body, self.status = body, status
        self.asked: list[tuple[str, str, str]] = []

    def read(self, project_id: str, environment: str, system: str, request: ReadRequest) -> Reading:
        self.asked.append((system, request.method, request.path))
        return Reading(status=self.status, body=self.body)


def described(**fields: list[str]) -> dict[str, Any]:
    return {
        "fields": [
            {"name": name, "type": "string", "picklistValues": [{"value": one} for one in values]}
            for name, values in fields.items()
        ]
    }


def found_in(account: Account) -> Discovered:
    return discover(plan(), KNOWN, "salesforce", account, "prj", "development", {})


def test_an_account_as_expected_raises_no_question() -> None:
    account = Account(described(LastName=[], Company=[], Title=[], LeadSource=["Web", "Shop"]))
    found = found_in(account)
    assert account.asked == [("salesforce", "GET", PATH)]
    assert (found.questions, found.learned) == ([], [])
    assert [(item.word, item.claim) for item in found.evidence] == [
        ("ran", "4 fields of Salesforce's Lead compared with the plan: 0 differ, "
                "0 are the account's own")
    ]  # fmt: skip


def test_differences_become_questions_whose_answers_change_the_plan() -> None:
    found = found_in(Account(described(LastName=[], Company=[], LeadSource=["Web", "Shop front"])))
    title, source = found.questions
    assert "has no field “Title” in this account" in title.text
    assert title.options[0] == "leave it out"
    assert "does not offer “Shop” for LeadSource" in source.text
    assert source.options == ["Shop front", "leave it as it is"]

    asked = plan().model_copy(update={"questions": found.questions})
    answered = apply_edit(asked, AnswerQuestion(question=title.id, answer="leave it out"), KNOWN)
    assert "Title" not in [one.target for one in answered.workflows[0].mappings]
    kept = apply_edit(asked, AnswerQuestion(question=title.id, answer=title.options[-1]), KNOWN)
    assert kept.workflows == asked.workflows


def test_fields_that_only_this_account_has_become_known() -> None:
    found = found_in(
        Account(described(LastName=[], Company=[], Title=[], LeadSource=[], Order__c=[]))
    )
    assert [one.path for one in found.learned] == ["Order__c"]
    taught = KNOWN.with_learned(found.learned)
    assert "Order__c" in taught.system("salesforce").entity("lead").record_schema["properties"]
    shipped = KNOWN.system("salesforce").entity("lead").record_schema["properties"]
    assert "Order__c" not in shipped


@pytest.mark.parametrize("account", [Account(None, 403), Account([]), Account({"fields": "?"})])
def test_what_can_not_be_read_is_said_to_be_not_reached(account: Account) -> None:
    found = found_in(account)
    assert (found.questions, found.learned) == ([], [])
    assert [item.word for item in found.evidence] == ["not reached"]


def test_the_mock_lists_the_fields_of_its_own_schema() -> None:
    entry = KNOWN.system("salesforce")
    headers = sample_headers(entry, entry.operations[0])
    answer = MockSystem(entry).handle("GET", PATH, "", headers)
    assert answer.status == 200
    found = found_in(Account(answer.json()))
    assert found.learned == []
    assert [one.id for one in found.questions] == []


def test_what_is_learned_or_asked_twice_counts_once(integration: Integration) -> None:
    found = found_in(Account(described(LastName=[], Company=[], LeadSource=[], Order__c=[])))
    integration.learn(found.learned, found.questions)
    integration.learn(found.learned, found.questions)
    assert len(integration.learned) == len(found.learned) == 1
    assert len(integration.questions) == len(found.questions) == 1


@pytest.fixture
def integration() -> Integration:
    from datetime import UTC, datetime

    from pipeline.integration import Message

    now = datetime(2026, 1, 1, tzinfo=UTC)
    request = Message(id="m", actor="U1", text="sync", at=now)
    return Integration(
        id="int_1", team="T", channel="C", thread="1", requester="U1", created_at=now,
        request=request,
    )  # fmt: skip
