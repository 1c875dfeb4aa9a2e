"""Scores: what counts as right, and requests files that are none."""

from pathlib import Path

import pytest

from pipeline.analysts.evaluating import evaluate
from pipeline.analysts.offline import OfflineAnalyst
from pipeline.analysts.requests_file import Expected, ExpectedTrigger, read_requests
from pipeline.analysts.scoring import auth_name, score, totals
from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import UsageError
from pipeline.plan.model import (
    Auth,
    Endpoint,
    Filter,
    KeyPair,
    Mapping,
    Plan,
    Question,
    Scope,
    System,
    Transform,
    Trigger,
    Workflow,
    Write,
)

PLAN = Plan(
    scope=Scope(in_scope=True, reason="It moves data."),
    systems=[
        System(name="shop", display_name="Shop", role="source", base_url="",
               auth=Auth(type="oauth2", grant="authorization-code")),
        System(name="books", display_name="Books", role="target", base_url="",
               auth=Auth(type="api-key")),
    ],
    workflows=[
        Workflow(
            name="one",
            trigger=Trigger(kind="webhook", event="orders/create"),
            source=Endpoint(system="shop", entity="order"),
            target=Endpoint(system="books", entity="sales-receipt"),
            filters=[Filter(field="status", op="eq", value="Closed Won")],
            match_on=[KeyPair(target="Email", source="email")],
            mappings=[
                Mapping(target="Number", source="order_number"),
                Mapping(target="Text", source="id",
                        transform=Transform(name="template", args={"text": "{id} of {name}"})),
            ],
            writes=[Write(id="later", system="shop", entity="note",
                          mappings=[Mapping(target="body", source="$write.target.Link")])],
        )
    ],
    questions=[Question(id="direction", text="Which way?", importance="high")],
)  # fmt: skip

RIGHT = Expected(
    id="r", text="t", in_scope=True, systems={"shop": "source", "books": "target"},
    trigger=ExpectedTrigger(kind="webhook", event="ORDERS?.create"),
    auth={"shop": "oauth2-authorization-code", "books": "api-key"},
    source_entity="order", target_entity="sales.?receipt", upsert_key="email",
    filter="closed.?won", map=[("order_number", "number"), ("^name$", "text"), ("link", "body")],
    multi_tenant=False, bidirectional=False,
)  # fmt: skip


def test_a_plan_that_has_everything_is_right() -> None:
    scored = score(RIGHT, PLAN)
    assert scored.right, [check for check in scored.checks if not check.right]
    assert {check.aspect for check in scored.checks} == {
        "scope", "systems", "trigger", "auth", "source entity", "target entity", "upsert key",
        "filter", "map", "multi-tenant", "both ways",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "aspect"),
    [
        ({"in_scope": False}, "scope"),
        ({"systems": {"shop": "source"}}, "systems"),
        ({"systems": {"shop": "both", "books": "target"}}, "systems"),
        ({"trigger": ExpectedTrigger(kind="schedule")}, "trigger"),
        ({"trigger": ExpectedTrigger(kind="webhook", event="deleted")}, "trigger"),
        ({"trigger": ExpectedTrigger(cron="0 2 * * *")}, "trigger"),
        ({"auth": {"books": "basic-auth"}}, "auth"),
        ({"auth": {"other": "api-key"}}, "auth"),
        ({"source_entity": "deal"}, "source entity"),
        ({"target_entity": "invoice"}, "target entity"),
        ({"upsert_key": "sku"}, "upsert key"),
        ({"filter": "lost"}, "filter"),
        ({"map": [("sku", "number")]}, "map"),
        ({"multi_tenant": True}, "multi-tenant"),
        ({"bidirectional": True}, "both ways"),
        ({"vague": True}, "questions"),
    ],
)
def test_one_thing_that_differs_is_wrong(change: dict[str, object], aspect: str) -> None:
    scored = score(RIGHT.model_copy(update=change), PLAN)
    assert {check.aspect for check in scored.checks if not check.right} == {aspect}
    right, asked = totals([score(RIGHT, PLAN), scored])[aspect]
    assert right == asked - 1


def test_what_is_not_labelled_is_not_scored() -> None:
    bare = Expected(id="r", text="t", in_scope=True)
    assert [check.aspect for check in score(bare, PLAN).checks] == ["scope"]


def test_out_of_scope_must_leave_the_plan_empty() -> None:
    out = PLAN.model_copy(update={"scope": Scope(in_scope=False, reason="")})
    assert not score(Expected(id="r", text="t", in_scope=False), out).right


def test_auth_names() -> None:
    assert auth_name(Auth(type="none")) == "none"
    assert auth_name(Auth(type="oauth2", grant="client-credentials")) == "oauth2-client-credentials"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[", "is not YAML"),
        ("hello", "is no list of requests"),
        ("- {id: a, in_scope: true}", "0.text"),
        ("- {id: a, text: t, in_scope: true, filter: '['}", "no regular expression"),
        ("- {id: a, text: t, in_scope: true, map: [[a]]}", "0.map"),
        ("- {id: a, text: t, in_scope: true}\n- {id: a, text: t, in_scope: true}", "twice"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "requests.yaml"
    path.write_text(content)
    with pytest.raises(UsageError, match=said):
        read_requests(path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.yaml can't be read"):
        read_requests(tmp_path / "absent.yaml")
    missing = [Expected(id="r", text="Sync it", in_scope=True, attachment="spec.yaml")]
    catalogue = Catalogue.load()
    with pytest.raises(UsageError, match=r"spec\.yaml, the attachment of r"):
        evaluate(missing, tmp_path, OfflineAnalyst(catalogue), catalogue, "2026-11-22")


def test_a_request_that_cannot_be_read_scores_as_nothing(tmp_path: Path) -> None:
    catalogue = Catalogue.load()
    empty = [Expected(id="r", text="  ", in_scope=True, systems={"shopify": "source"})]
    [scored] = evaluate(empty, tmp_path, OfflineAnalyst(catalogue), catalogue, "2026-11-22")
    assert "nothing to build from" in scored.trouble
    assert [check.right for check in scored.checks] == [False, False]
