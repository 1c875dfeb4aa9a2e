"""What a plan takes for granted, so that it is whole; each assumption is stated."""

from collections.abc import Sequence

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.analysts.offline.receivers import receiver
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.design import not_generated
from pipeline.plan.apply import apply_edit
from pipeline.plan.check import check
from pipeline.plan.edits import AnswerQuestion
from pipeline.plan.model import Mapping, Plan
from pipeline.ports import Request

KNOWN = Catalogue.load()

WHOLE = [
    "Email ops@example.com with Gmail when a Stripe refund is created",
    "Tell our courier by SMS through Twilio when a WooCommerce order is completed",
    "Every evening send me a Slack message with unpaid Xero invoices",
    "Every Typeform response becomes a Salesforce lead",
    "Add Typeform respondents to Mailchimp, without duplicates by email",
    "Large WooCommerce orders create a Salesforce opportunity",
    "Back up Stripe customers to S3 every night as JSON",
    "Rows of our Google Sheet become HubSpot contacts, hourly",
    "A webhook from our app creates a Zendesk ticket",
    "Connect GitHub with Zendesk",
    "Connect Stripe and QuickBooks",
    "When a WooCommerce order is refunded create a Xero credit note",
    "New GitHub releases go to #news in Slack and as an email through Gmail",
]


def plan(text: str) -> Plan:
    request = Request(text=text, today="2026-03-01")
    return OfflineAnalyst(KNOWN).research(request, lambda _: None)


def filled(text: str) -> dict[str, Mapping]:
    return {one.target: one for one in plan(text).workflows[0].mappings}


@pytest.mark.parametrize("text", WHOLE)
def test_a_plan_is_whole(text: str) -> None:
    made = plan(text)
    assert [one.message for one in check(made, KNOWN)] == []
    assert not_generated(made, KNOWN) == []


@pytest.mark.parametrize("text", WHOLE)
def test_settings_that_only_a_person_can_give_are_asked_for(text: str) -> None:
    made = plan(text)
    asked = {one.id: one for one in made.questions}
    for variable in made.variables:
        question = asked[f"variable-{variable.name.replace('_', '-')}"]
        assert question.assumption


RECEIVERS = [
    ("Email ops@example.com when it breaks", "email", "ops@example.com", False),
    ("Text +44 7700 900123 about it", "phone", "+44 7700 900123", False),
    ("Send a text to the customer", "phone", None, True),
    ("Text new respondents a thank-you", "phone", None, True),
    ("Text our customer manager", "phone", None, False),
    ("Message me when a customer leaves", "email", None, False),
]


@pytest.mark.parametrize(("text", "kind", "address", "of_record"), RECEIVERS)
def test_who_is_told(text: str, kind: str, address: str | None, of_record: bool) -> None:
    found = receiver(text, kind)
    assert (found.address, found.of_record) == (address, of_record)


def test_a_mail_goes_to_whom_the_text_names_and_says_what_happened() -> None:
    mail = filled("Email ops@example.com with Gmail when a Stripe refund is created")
    assert mail["to"].constant == "ops@example.com"
    assert mail["subject"].transform is not None
    assert str(mail["subject"].transform.args["text"]).startswith("New refund: {")


def test_a_message_to_the_customer_goes_to_the_address_of_the_record() -> None:
    message = filled("Text the customer through Twilio when a WooCommerce order is completed")
    assert message["To"].source == "billing.phone"
    assert message["From"].source == "$variable.twilio_from"


def test_a_message_to_one_of_ours_does_not_go_to_the_customer() -> None:
    message = filled("Tell our courier by SMS with Twilio when a WooCommerce order is completed")
    assert message["To"].source == "$variable.twilio_to"


def test_a_form_s_answers_fill_what_fits_their_kind() -> None:
    lead = filled("Every Typeform response becomes a Salesforce lead")
    assert lead["Email"].source == "answers[].email"
    assert lead["LastName"].source == "answers[].text"
    assert {one.transform.name for one in lead.values() if one.transform} == {"first_of", "join"}


def test_an_address_that_only_the_person_of_a_record_has_is_looked_up() -> None:
    told = plan("Text the customer via Twilio when their Zendesk ticket gets solved")
    kept = plan("When a Stripe subscription is deleted update the HubSpot contact, match by email")
    paths = {"To": "$lookup.zendesk_user.phone", "email": "$lookup.stripe_customer.email"}
    for made, by in ((told, ("id", "requester_id")), (kept, ("id", "customer"))):
        (workflow,) = made.workflows
        assert [(key.target, key.source) for key in workflow.lookups[0].by] == [by]
        read = {one.target: one.source for one in workflow.mappings}
        assert {name: read[name] for name in paths if name in read}.items() <= paths.items()
        assert [one.message for one in check(made, KNOWN)] == []


def test_a_file_is_kept_by_the_id_of_its_record() -> None:
    key = filled("Back up Stripe customers to S3 every night as JSON")["Key"]
    assert key.transform is not None
    assert key.transform.args["text"] == "customers/{id}.json"


def test_columns_that_nobody_named_are_presumed_and_asked_for_once() -> None:
    made = plan("Rows of our Google Sheet become HubSpot contacts, hourly")
    sources = {one.target: one.source for one in made.workflows[0].mappings}
    assert sources["email"] == "email"
    assert sources["lastname"] == "last_name"
    assert {one.status for one in made.workflows[0].mappings} == {"needs-review"}
    (question,) = [one for one in made.questions if one.id == "columns"]
    assert "last_name" in str(question.assumption)


def test_columns_that_the_text_names_come_first() -> None:
    made = filled("Rows of our Google Sheet (Full name, Mail) become HubSpot contacts by Mail")
    assert made["email"].source == "Mail"


def test_two_sides_without_a_common_number_are_told_apart_by_what_they_are_called() -> None:
    made = plan("Connect GitHub with Zendesk")
    keys = {one.name: [(key.target, key.source) for key in one.match_on] for one in made.workflows}
    assert keys == {
        "github-issue-to-zendesk-ticket": [("subject", "title")],
        "zendesk-ticket-to-github-issue": [("title", "subject")],
    }
    asked = [one for one in made.questions if one.id.startswith("key-")]
    assert [one.assumption for one in asked] == ["subject", "title"]


def test_one_way_is_presumed_where_a_side_does_not_say_when_it_changed() -> None:
    made = plan("Connect Stripe and QuickBooks")
    assert [one.sync_group for one in made.workflows] == [None]


def test_whoever_asked_for_both_ways_chooses_one_where_a_side_does_not_allow_it() -> None:
    made = plan("Keep Stripe customers and QuickBooks customers the same in both directions")
    (question,) = [one for one in made.questions if one.id == "direction"]
    assert "Stripe does not say when a customer changed" in question.text
    chosen = apply_edit(
        made, AnswerQuestion(question="direction", answer=question.options[1]), KNOWN
    )
    assert [one.source.system for one in chosen.workflows] == ["quickbooks"]
    assert not_generated(chosen, KNOWN) == []


def test_what_only_the_target_has_is_a_value_and_no_condition() -> None:
    made = plan("If a Stripe invoice payment fails, open a Zendesk ticket with priority urgent")
    constants = {one.target: one.constant for one in made.workflows[0].mappings}
    assert constants["priority"] == "urgent"
    assert "priority" not in _fields(made.workflows[0].filters)


def test_a_map_is_no_condition() -> None:
    made = plan("Xero invoices over 900 become HubSpot deals with amount = Total")
    assert _fields(made.workflows[0].filters) == ["Total"]


def _fields(filters: Sequence[object]) -> list[str]:
    return [str(getattr(one, "field", "")) for one in filters]
