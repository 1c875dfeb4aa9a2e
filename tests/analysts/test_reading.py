"""What requests mean in the catalogue that comes with Weft: mistakes that were made once."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from pipeline.plan.apply import apply_edit
from pipeline.plan.check import check
from pipeline.plan.edits import AnswerQuestion
from pipeline.plan.model import Filter, Plan
from pipeline.ports import Request

CATALOGUE = Catalogue.load()


def plan(text: str) -> Plan:
    request = Request(text=text, today="2026-11-22")
    return OfflineAnalyst(CATALOGUE).research(request, lambda line: None)


@pytest.mark.parametrize(
    "word", ["OpenAPI", "swagger file", "read endpoint", "REST endpoint's schema"]
)
def test_words_of_the_subject_are_no_misspelt_systems(word: str) -> None:
    found = {one.system for one in CATALOGUE.recognise(f"See the {word} that is attached")}
    assert found <= {"rest-endpoint"}


def test_a_channel_alone_names_the_system_of_channels() -> None:
    assert [one.system for one in CATALOGUE.recognise("post it in #sales-eu")] == ["slack"]
    assert [one.system for one in CATALOGUE.recognise("tell #sales on Discord")] == ["discord"]
    assert CATALOGUE.recognise("fix bug #12") == []


def test_slips_in_the_names_of_entities() -> None:
    made = plan("sync new Shopify custmers to HubSpot contcats")
    flow = made.workflows[0]
    assert (flow.source.entity, flow.target.entity) == ("customer", "contact")


def test_a_figure_is_carried_over_alone_both_ways() -> None:
    made = plan("Keep stock levels the same in Shopify and WooCommerce, both ways, every hour")
    there, back = made.workflows
    assert [(one.target, one.source) for one in there.mappings] == [
        ("stock_quantity", "inventory_quantity")
    ]
    assert [(one.target, one.source) for one in there.match_on] == [("sku", "sku")]
    assert back.target.entity == "inventory-level"
    [found] = [one for one in back.lookups if one.entity == "inventory-item"]
    assert [(one.target, one.source) for one in found.by] == [("sku", "sku")]
    assert check(made, CATALOGUE) == []


def test_what_goes_back_to_a_ticket_is_not_shown_to_its_requester() -> None:
    made = plan("open a GitHub issue for new Zendesk tickets and post the link back on the ticket")
    [note] = made.workflows[0].writes
    assert note.entity == "internal-note"
    assert {one.target: one.source for one in note.mappings} == {
        "ticket_id": "id",
        "body": "$write.target.html_url",
    }


def test_the_key_of_another_record_is_not_the_written_ones() -> None:
    made = plan("Create Xero invoices from WooCommerce orders, matching the contact by email")
    flow = made.workflows[0]
    assert (flow.source.system, flow.write_mode, flow.match_on) == ("woocommerce", "create", [])
    [contact] = flow.lookups
    assert [(one.target, one.source) for one in contact.by] == [("EmailAddress", "billing.email")]


def test_a_full_name_is_split_where_the_target_has_two() -> None:
    made = plan("Sync new Stripe customers to HubSpot as contacts")
    filled = {one.target: one for one in made.workflows[0].mappings}
    for target, name in (("firstname", "first_name"), ("lastname", "last_name")):
        transform = filled[target].transform
        assert filled[target].source == "name"
        assert transform is not None
        assert transform.name == name


def test_ids_of_one_system_fill_nothing_in_another() -> None:
    made = plan("Copy Salesforce contacts to HubSpot contacts every hour")
    assert not any(one.source in ("AccountId", "OwnerId") for one in made.workflows[0].mappings)


def test_columns_of_a_table_are_named_as_the_text_names_them() -> None:
    made = plan(
        "Every hour upsert Xero invoices into the Postgres table ledger keyed on invoice id"
    )
    flow = made.workflows[0]
    assert [one.target for one in flow.match_on] == ["invoice_id"]
    targets = [one.target for one in flow.mappings]
    assert "invoice_id" in targets and "due_date" in targets
    assert len(targets) == len(set(targets))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for Zendesk tickets with priority urgent",
         Filter(field="priority", op="eq", value="urgent")),
        ("for high priority Zendesk tickets", Filter(field="priority", op="eq", value="high")),
        ("when a Zendesk ticket is solved", Filter(field="status", op="eq", value="solved")),
        ("when a HubSpot deal moves to closed won",
         Filter(field="dealstage", op="eq", value="closedwon")),
        ("for every Salesforce opportunity that is closed won, hourly",
         Filter(field="StageName", op="eq", value="Closed Won")),
    ],
)  # fmt: skip
def test_states_without_a_verb(text: str, expected: Filter) -> None:
    assert plan(f"Post to Slack #team {text}").workflows[0].filters == [expected]


def test_several_workflows_in_one_request() -> None:
    made = plan(
        "1) when a Stripe customer is created add a HubSpot contact; "
        "2) when a Stripe invoice is paid post in Slack #finance"
    )
    ends = [(one.source.entity, one.target.system, one.trigger.event) for one in made.workflows]
    assert ends == [
        ("customer", "hubspot", "customer.created"),
        ("invoice", "slack", "invoice.paid"),
    ]
    assert {one.name: one.role for one in made.systems}["stripe"] == "source"


def test_another_currency_is_left_out_in_words_of_ones_own() -> None:
    made = plan("When a Shopify order is created, create a sales receipt in QuickBooks")
    question = next(one for one in made.questions if one.id == "currency")
    assert question.options == ["keep the currency as it is"]
    answered = apply_edit(
        made, AnswerQuestion(question="currency", answer="only take CHF"), CATALOGUE
    )
    assert answered.workflows[0].filters == [Filter(field="currency", op="eq", value="CHF")]
    unchanged = apply_edit(
        made, AnswerQuestion(question="currency", answer="only take …"), CATALOGUE
    )
    assert unchanged.workflows[0].filters == []


@pytest.mark.parametrize(
    ("said", "system", "kind"),
    [
        ("WooCommerce uses a consumer key and secret", "woocommerce", "basic-auth"),
        ("API key for WooCommerce", "woocommerce", "basic-auth"),
        ("Shopify with an API key", "shopify", "api-key"),
        ("basic auth for Shopify", "shopify", "api-key"),
    ],
)
def test_a_pair_of_keys_is_what_the_system_takes(said: str, system: str, kind: str) -> None:
    made = plan(f"Send new WooCommerce orders and their customers to Shopify. {said}.")
    assert made.system(system).auth.type == kind
