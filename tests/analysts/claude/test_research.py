"""Plans: the model judges the rules' proposal, and the same checks hold both."""

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.catalogue.catalogue import Catalogue
from tests.analysts.claude.conftest import EXAMPLE, ask, claude_on
from tests.anthropic_double import Reply, said, says, uses
from tests.messages_rules import wants
from tests.models import agreeable, in_turn, when

NEAR = {"mappings": [], "dropped": [], "questions": []}


def mapping(target, source="", constant="", confidence=0.9, **more):
    given = {"transform": "", "transform_args": "", "each": "", "lookup": "", "reason": "because"}
    return {"target": target, "source": source, "constant": constant, "confidence": confidence,
            **given, **more}  # fmt: skip


def filled(plan):
    return {(one.target, one.each): one for one in plan.workflows[0].mappings}


@pytest.fixture(scope="module")
def proposal():
    return OfflineAnalyst(Catalogue.load()).research(ask(EXAMPLE), lambda doing: None)


@pytest.fixture(scope="module")
def agreed():
    """The plan that a model agreed to, and what it was asked."""
    with claude_on(agreeable()) as made:
        return made.research(), [one.body for one in made.double.calls]


def test_a_model_that_agrees_changes_nothing(agreed, proposal):
    made, _ = agreed
    assert made.workflows == proposal.workflows
    assert made.systems == proposal.systems
    assert made.questions == proposal.questions
    assert made.facts == proposal.facts


def test_a_change_is_the_models_and_is_shown(claude, proposal):
    changed = {**NEAR, "mappings": [mapping("PrivateNote", "email", confidence=0.5)]}
    made = claude(agreeable(when("MappingsResult", changed))).research()
    new = filled(made)["PrivateNote", None]
    assert (new.source, new.status, new.confidence, new.note) == (
        "email", "needs-review", 0.5, "because",
    )  # fmt: skip
    assert new.alternatives[0].source == filled(proposal)["PrivateNote", None].source
    told = [fact for fact in made.facts if "differs from the rules'" in fact.text]
    assert ["PrivateNote ← email" in fact.text for fact in told] == [True]
    assert told[0].grade == "inferred"


def test_what_a_sure_rule_had_is_not_overruled_without_a_person(claude, proposal):
    sure = filled(proposal)["DocNumber", None]
    changed = {**NEAR, "mappings": [mapping("DocNumber", "name", confidence=1.0)]}
    new = filled(claude(agreeable(when("MappingsResult", changed))).research())["DocNumber", None]
    assert (new.source, new.status) == ("name", "needs-review")
    assert new.alternatives[0].source == sure.source


def test_what_does_not_hold_is_sent_back_and_bounded(claude, proposal):
    wrong = {**NEAR, "mappings": [mapping("Nonsense", "email"), mapping("PrivateNote", "nowhere")]}
    made = claude(agreeable(when("MappingsResult", wrong)))
    assert made.research().workflows == proposal.workflows
    asked = [one.body for one in made.double.calls if wants(one.body) == "MappingsResult"]
    assert len(asked) == 3
    assert "has no field “Nonsense”" in said(asked[1])
    assert "has no field “nowhere”" in said(asked[2])


def test_what_makes_the_plan_worse_is_dropped_whole(claude, proposal):
    half = mapping("Line[].Description", "tax_lines[].title", each="tax_lines[]")
    good = mapping("PrivateNote", "email")
    made = claude(agreeable(when("MappingsResult", {**NEAR, "mappings": [half, good]})))
    assert made.research().workflows == proposal.workflows


def test_what_the_request_maps_itself_stays(claude):
    changed = {**NEAR, "mappings": [mapping("PrivateNote", "email")]}
    made = claude(agreeable(when("MappingsResult", changed)))
    plan = made.research(f"{EXAMPLE} Map note → PrivateNote.")
    assert filled(plan)["PrivateNote", None].source == "note"
    assert "A person confirmed PrivateNote" in said(made.double.calls[-1].body)


def workflow(**changes):
    usual = {
        "source_system": "shopify", "source_entity": "order", "target_system": "quickbooks",
        "target_entity": "sales-receipt", "trigger": "webhook", "event": "orders/create",
        "cron": "", "timezone": "", "write_mode": "create", "match_target": "",
        "match_source": "", "trigger_was_said": True, "reason": "",
    }  # fmt: skip
    return {**usual, **changes}


def planned(*workflows, filters=(), questions=(), title="T"):
    return {"title": title, "summary": "S", "workflows": list(workflows), "filters": list(filters),
            "questions": list(questions)}  # fmt: skip


def test_the_model_may_see_another_flow_than_the_rules(claude):
    result = planned(
        workflow(target_entity="invoice", trigger="schedule", event="", cron="0 2 * * *"),
        filters=[{"workflow": 1, "field": "test", "operator": "eq", "value": "false"}],
    )
    made = claude(agreeable(when("WorkflowsResult", result))).research()
    (one,) = made.workflows
    assert (one.target.entity, one.trigger.kind, one.trigger.cron) == (
        "invoice", "schedule", "0 2 * * *",
    )  # fmt: skip
    assert one.source.method is not None
    assert [(item.field, item.value) for item in one.filters] == [("test", False)]
    assert any("Workflow added" in fact.text for fact in made.facts)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (workflow(source_system="magento"), "magento is not among the systems"),
        (workflow(target_entity="receipts"), "has no entity “receipts”"),
        (workflow(event="orders/new"), "has no event “orders/new”"),
        (workflow(trigger="schedule", cron="daily"), "is no schedule"),
        (workflow(write_mode="upsert"), "Say by which field"),
    ],
)
def test_workflows_that_cannot_be_are_sent_back(claude, proposal, wrong, sentence):
    made = claude(agreeable(when("WorkflowsResult", planned(wrong))))
    plan = made.research()
    asked = [one.body for one in made.double.calls if wants(one.body) == "WorkflowsResult"]
    assert len(asked) == 3
    assert sentence in said(asked[1])
    assert plan.workflows == proposal.workflows


def test_questions_are_asked_once_and_few_are_important(claude, proposal):
    asked = [
        {"text": text, "importance": "high", "options": ["a", "b"], "assumption": "a"}
        for text in (proposal.questions[0].text, "Which location?", "Which class?", "Which shop?")
    ]
    made = claude(agreeable(when("WorkflowsResult", planned(workflow(), questions=asked))))
    plan = made.research()
    assert [one.text for one in plan.questions[len(proposal.questions) :]] == [
        "Which location?", "Which class?",
    ]  # fmt: skip
    assert sum(one.importance == "high" for one in plan.questions) <= 4
    assert len({one.id for one in plan.questions}) == len(plan.questions)


def test_the_transforms_stand_in_what_is_cached(agreed):
    _, bodies = agreed
    shared = bodies[1]["system"][0]
    assert "- multiply(by: path, digits?: integer): times another field" in shared["text"]
    assert "cache_control" in shared


# ---- Systems that the catalogue lacks ----------------------------------------------------------

UNKNOWN = "When a ticket is created in Zorbdesk, create an issue in GitHub"
ZORB = [
    {"name": name, "display_name": name.title(), "role": role, "auth_type": "api-key", "grant": "",
     "base_url": url, "each_user_connects": False, "reason": ""}
    for name, role, url in (
        ("zorbdesk", "source", "https://evil.example"), ("github", "target", ""),
    )
]  # fmt: skip
FOUND = [
    {"type": "web_search_result", "url": url, "title": "API", "encrypted_content": "e",
     "page_age": None}
    for url in ("https://docs.zorbdesk.com/auth", "https://blog.example/zorbdesk")
]  # fmt: skip


def browsing(*facts):
    """A model that searches, and then records these facts: (text, address)."""

    def rule(body):
        if "web_search" not in [one["name"] for one in body.get("tools", [])]:
            return None
        if len(body["messages"]) > 1:
            return says("Done.")
        used = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search",
                "input": {"query": "zorbdesk api"}}  # fmt: skip
        result = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": FOUND}
        calls = [("record_fact", {"about": "auth", "text": text, "url": url})
                 for text, url in facts]  # fmt: skip
        reply = uses(*calls)
        reply.blocks[:0] = [used, result]
        return reply

    return agreeable(rule, when("SystemsResult", {"systems": ZORB}))


def test_pages_are_cited_and_graded(claude):
    made = claude(
        browsing(
            ("It takes a bearer token.", "https://docs.zorbdesk.com/auth"),
            ("Webhooks are signed.", "https://blog.example/zorbdesk/"),
            ("Everything is free.", "https://nobody.saw/this"),
        )
    )
    plan = made.research(UNKNOWN)
    graded = {fact.text: fact.grade for fact in plan.facts if fact.subject == "zorbdesk.auth"}
    assert graded == {
        "It takes a bearer token.": "vendor-doc", "Webhooks are signed.": "unverified",
    }  # fmt: skip
    assert made.ledger.recorded[-2].searches == 1
    assert plan.system("zorbdesk").base_url == ""  # the request names no address


def test_a_search_that_pauses_is_gone_on_with(claude):
    paused = Reply(
        blocks=[{"type": "server_tool_use", "id": "srvtoolu_0", "name": "web_search",
                 "input": {"query": "zorbdesk"}}],
        stop_reason="pause_turn",
    )  # fmt: skip
    once = in_turn(paused)
    made = claude(
        agreeable(
            lambda body: once(body) if "web_search" in str(body.get("tools")) else None,
            when("SystemsResult", {"systems": ZORB}),
        )
    )
    assert made.research(UNKNOWN).workflows
    first, second = (
        one.body["messages"] for one in made.double.calls if "web_search" in str(one.body)
    )
    assert second[: len(first)] == first
    assert [one["role"] for one in second] == ["user", "assistant"]


def test_only_allowed_domains_are_searched_and_only_found_pages_read(claude):
    made = claude(browsing(), web_domains=("zorbdesk.com",))
    made.research(UNKNOWN)
    (search, fetch) = [
        one for exchange in made.double.calls for one in exchange.body.get("tools", [])
        if one["name"].startswith("web_")
    ][:2]  # fmt: skip
    assert search["allowed_domains"] == fetch["allowed_domains"] == ["zorbdesk.com"]
    assert fetch["url_sources"]["user_input"] == {"type": "none"}
    assert fetch["url_sources"]["client_tool_results"] == {"type": "none"}


def test_the_web_can_be_left_out(claude):
    made = claude(browsing(("It is so.", "https://docs.zorbdesk.com/auth")), web=False)
    made.research(UNKNOWN)
    assert "web_search" not in str([one.body for one in made.double.calls])


def test_known_systems_are_not_searched_for(agreed):
    _, bodies = agreed
    assert "web_search" not in str(bodies)
