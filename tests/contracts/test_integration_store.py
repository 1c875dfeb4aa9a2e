"""What every IntegrationStore keeps to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select, update

from pipeline.artifacts import Artifact, Made, ScopeVerdict, SourceFile
from pipeline.artifacts import GeneratedProject as Project
from pipeline.effects import Effect
from pipeline.errors import AlreadyHandled, StoreError
from pipeline.integration import Integration, Message, new_id
from pipeline.plan.model import Scope
from pipeline.replies import Progress, Restated, Said
from store.database import Database
from store.integrations import SqlIntegrationStore
from store.outbox import OFFER, OFFERED_AT_ONCE
from store.tables import ArtifactRow, IntegrationRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(database: Database, clock: Any) -> SqlIntegrationStore:
    return SqlIntegrationStore(database, clock)


def an_integration(thread: str = "1700000000.000100") -> Integration:
    return Integration(
        id=new_id("int"),
        team="T1",
        channel="C1",
        thread=thread,
        requester="U1",
        created_at=NOW,
        request=Message(id="m1", actor="U1", text="Sync orders", at=NOW),
    )


@pytest.fixture
def integration(store: SqlIntegrationStore) -> Integration:
    integration = an_integration()
    assert store.add(integration)
    return integration


# ---- Integrations ------------------------------------------------------------------------------


def test_what_is_added_is_found_by_id_and_by_thread(store, integration):
    assert store.get(integration.id) == integration
    assert store.find("T1", "C1", integration.thread) == integration


def test_an_unknown_id_is_a_key_error_and_an_unknown_thread_none(store):
    with pytest.raises(KeyError):
        store.get("int_unknown")
    with pytest.raises(KeyError), store.change("int_unknown"):
        pass
    assert store.find("T1", "C1", "0") is None


def test_a_thread_holds_one_integration(store, integration):
    second = an_integration(integration.thread)
    second.say(Said(key="hello", text="Hello"))
    assert not store.add(second)
    assert store.list() == [integration]
    assert store.unposted() == []


def test_what_a_new_integration_says_is_queued(store):
    integration = an_integration()
    integration.say(Said(key="hello", text="Hello"))
    store.add(integration)
    assert [posting.reply.key for posting in store.unposted()] == ["hello"]


def test_integrations_are_listed_in_the_order_of_creation_and_by_status(store):
    first, second = an_integration("1"), an_integration("2")
    second.id = first.id + "z"
    store.add(second)
    store.add(first)
    with store.change(second.id) as changed:
        changed.status = "stopped"
    assert [each.id for each in store.list()] == [first.id, second.id]
    assert [each.id for each in store.list("active")] == [first.id]
    assert [each.id for each in store.list("stopped")] == [second.id]


def test_a_body_of_another_version_is_a_sentence(store, integration, database):
    with database.writing() as session:
        session.exec(update(IntegrationRow).values(body='{"from": "the future"}'))
    with pytest.raises(StoreError, match="another version"):
        store.get(integration.id)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(text=st.text() | st.just("\0") | st.just("🧵" * 10_000))
def test_any_text_comes_back_as_it_was(store, integration, text):
    message = Message(id="m2", actor="U2", text=text, at=NOW)
    with store.change(integration.id) as changed:
        changed.messages = [message]
    assert store.get(integration.id).messages == [message]


# ---- Changes -----------------------------------------------------------------------------------


def test_a_change_is_saved_with_the_next_revision(store, integration):
    with store.change(integration.id) as changed:
        changed.environment = "production"
    assert changed.revision == 1
    assert store.get(integration.id) == changed


def test_a_change_inside_a_list_is_seen(store, integration):
    with store.change(integration.id) as changed:
        changed.approvers.append("U2")
    assert store.get(integration.id).approvers == ["U2"]


def test_a_block_that_changes_nothing_leaves_the_revision(store, integration):
    with store.change(integration.id) as changed:
        changed.say(Said(key="answer", text="It runs."))
    assert store.get(integration.id).revision == 0
    assert len(store.unposted()) == 1


def test_an_exception_undoes_change_event_and_replies(store, integration):
    with pytest.raises(ZeroDivisionError), store.change(integration.id, "Ev1") as changed:
        changed.environment = "production"
        changed.say(Said(key="done", text="Done"))
        raise ZeroDivisionError
    assert store.get(integration.id) == integration
    assert store.unposted() == []
    with store.change(integration.id, "Ev1") as changed:
        changed.environment = "development"
    assert store.get(integration.id).environment == "development"


def test_an_event_has_its_effect_once(store, integration):
    with store.change(integration.id, "Ev1") as changed:
        changed.approvers.append("U2")
    with pytest.raises(AlreadyHandled), store.change(integration.id, "Ev1"):
        pytest.fail("the block ran")
    assert store.get(integration.id).approvers == ["U2"]


def test_an_event_that_changed_nothing_was_handled_too(store, integration):
    with store.change(integration.id, "Ev1"):
        pass
    with pytest.raises(AlreadyHandled), store.change(integration.id, "Ev1"):
        pass


def test_a_transaction_inside_another_is_refused_at_once(store, integration):
    with pytest.raises(RuntimeError, match="open in this thread"), store.change(integration.id):
        store.forget("anything")
    with store.change(integration.id) as changed:
        changed.environment = "production"
    assert store.get(integration.id).revision == 1


# ---- Artifacts ---------------------------------------------------------------------------------


def made(artifact: Artifact, inputs: str = "inputs") -> Made:
    return Made(artifact=artifact, inputs_digest=inputs, made_at=NOW)


def a_project(content: str) -> Project:
    return Project(files=[SourceFile(path="src/index.ts", content=content)])


def test_an_artifact_is_found_under_the_digest_of_its_content(store, integration):
    project = made(a_project("export {};\n\0 ü"))
    assert store.put_artifact(integration.id, "codegen", project) == project.digest
    assert store.artifact(project.digest) == project


def test_an_unknown_artifact_or_integration_is_a_key_error(store):
    with pytest.raises(KeyError):
        store.artifact("0" * 64)
    with pytest.raises(KeyError):
        store.put_artifact("int_unknown", "codegen", made(a_project("")))


def test_putting_an_artifact_again_changes_nothing(store, integration):
    project = made(a_project("one"))
    store.put_artifact(integration.id, "codegen", project)
    later = project.model_copy(update={"made_at": datetime(2027, 1, 1, tzinfo=UTC)})
    store.put_artifact(integration.id, "codegen", later)
    assert store.artifacts(integration.id, "codegen") == [project]


def test_a_step_lists_its_own_artifacts_oldest_first(store, integration):
    other = an_integration("2")
    store.add(other)
    one, two = made(a_project("one")), made(a_project("two"))
    verdict = made(ScopeVerdict(scope=Scope(in_scope=True, reason="It moves data.")))
    for each in (one, two, one):
        store.put_artifact(integration.id, "codegen", each)
    store.put_artifact(integration.id, "scope", verdict)
    store.put_artifact(other.id, "codegen", two)
    assert store.artifacts(integration.id, "codegen") == [one, two, one]
    assert store.artifacts(integration.id, "scope") == [verdict]
    assert store.artifacts(other.id, "codegen") == [two]


def test_an_artifact_altered_in_the_database_is_refused(store, integration, database):
    digest = store.put_artifact(integration.id, "codegen", made(a_project("approved")))
    with database.writing() as session:
        row = session.exec(select(ArtifactRow)).one()
        row.body = row.body.replace("approved", "smuggled")
    with pytest.raises(StoreError, match="altered"):
        store.artifact(digest)


# ---- Outbox ------------------------------------------------------------------------------------


def say(store: SqlIntegrationStore, integration: Integration, *replies: Any) -> None:
    with store.change(integration.id) as changed:
        for reply in replies:
            changed.say(reply)


def progress(title: str) -> Progress:
    return Progress(key="progress", title=title, lines=[])


def replies(postings: Any) -> list[Any]:
    return [posting.reply for posting in postings]


def test_replies_are_offered_in_order(store, integration):
    said = [Said(key=f"said {number}", text=f"{number} \0 ü") for number in range(5)]
    say(store, integration, *said[:3])
    say(store, integration, *said[3:])
    offered = store.unposted()
    assert replies(offered) == said
    assert [each.number for each in offered] == sorted(each.number for each in offered)


def test_what_was_posted_is_not_offered_again(store, integration, clock):
    say(store, integration, Said(key="one", text="1"), Said(key="two", text="2"))
    first, second = store.unposted(integration.id)
    store.mark_posted(first.number, "1700000000.000200")
    clock.advance(OFFER.total_seconds() + 1)
    assert store.unposted() == [second.model_copy(update={"offered_before": True})]


def test_marking_a_reply_posted_again_keeps_the_first(store, integration):
    say(store, integration, Said(key="one", text="1"))
    number = store.unposted()[0].number
    store.mark_posted(number, "1.1")
    store.mark_posted(number, "2.2")
    assert store.message_ref(integration.id, "one") == "1.1"
    with pytest.raises(KeyError):
        store.mark_posted(number + 1, "3.3")


def test_a_second_poster_gets_nothing_of_an_integration_until_the_first_is_late(
    store, integration, clock
):
    other = an_integration("2")
    store.add(other)
    say(store, integration, Said(key="one", text="1"))
    first = store.unposted()
    say(store, integration, Said(key="two", text="2"))
    say(store, other, Said(key="three", text="3"))
    assert [each.reply.key for each in store.unposted()] == ["three"]
    clock.advance(OFFER.total_seconds() + 1)
    store.mark_posted(first[0].number, "1.1")
    assert [each.reply.key for each in store.unposted()] == ["two", "three"]


def test_a_long_queue_is_offered_in_portions(store, integration):
    say(store, integration, *[Said(key=str(number), text="x") for number in range(25)])
    keys = []
    while portion := store.unposted():
        assert len(portion) <= OFFERED_AT_ONCE
        for posting in portion:
            keys.append(posting.reply.key)
            store.mark_posted(posting.number, "1.1")
    assert keys == [str(number) for number in range(25)]


def test_an_unseen_reply_gives_its_place_to_a_newer_one_of_its_key(store, integration):
    say(store, integration, progress("1"), Said(key="said", text="x"))
    say(store, integration, progress("2"), progress("3"))
    assert replies(store.unposted()) == [progress("3"), Said(key="said", text="x")]


def test_a_reply_that_a_poster_has_seen_is_followed_not_changed(store, integration):
    say(store, integration, progress("1"))
    offered = store.unposted()
    say(store, integration, progress("2"))
    store.mark_posted(offered[0].number, "1.1")
    assert replies(store.unposted()) == [progress("2")]


def test_a_reply_of_another_kind_under_the_same_key_is_kept_beside_it(store, integration):
    restated = Restated(key="progress", title="Orders", summary="Orders to receipts")
    say(store, integration, restated, progress("1"))
    assert replies(store.unposted()) == [restated, progress("1")]


def test_the_last_reply_of_a_key_is_known_posted_or_not(store, integration):
    assert store.last_reply(integration.id, "progress") is None
    say(store, integration, progress("1"))
    store.mark_posted(store.unposted()[0].number, "1.1")
    assert store.last_reply(integration.id, "progress") == progress("1")
    say(store, integration, progress("2"))
    assert store.last_reply(integration.id, "progress") == progress("2")


def test_a_key_says_where_it_was_posted(store, integration):
    assert store.message_ref(integration.id, "progress") is None
    say(store, integration, progress("1"))
    assert store.message_ref(integration.id, "progress") is None
    store.mark_posted(store.unposted()[0].number, "1.1")
    say(store, integration, progress("2"))
    assert store.message_ref(integration.id, "progress") == "1.1"
    assert store.message_ref("int_other", "progress") is None


# ---- Effects -----------------------------------------------------------------------------------


@pytest.mark.parametrize("result", [None, "id-1", {"ids": [1, 2.5, "ü\0"]}, False])
def test_an_effect_is_intended_then_done(store, integration, result):
    effect = Effect(key="create", integration_id=integration.id, effect_class="lookup")
    assert store.effect("create") is None
    store.intend(effect)
    assert store.effect("create") == effect
    store.record("create", result)
    assert store.effect("create") == effect.model_copy(update={"done": True, "result": result})


def test_intending_what_was_done_keeps_its_result(store, integration):
    effect = Effect(key="create", integration_id=integration.id, effect_class="repeatable")
    store.intend(effect)
    store.intend(effect)
    store.record("create", "id-1")
    store.intend(effect)
    assert store.effect("create").result == "id-1"


def test_a_result_without_an_intent_is_a_key_error(store):
    with pytest.raises(KeyError):
        store.record("never intended", 1)


def test_a_forgotten_effect_may_be_intended_anew(store, integration):
    effect = Effect(key="post", integration_id=integration.id, effect_class="ambiguous")
    store.intend(effect)
    store.forget("post")
    assert store.effect("post") is None
    store.forget("post")
    store.intend(effect)
    assert store.effect("post") == effect
