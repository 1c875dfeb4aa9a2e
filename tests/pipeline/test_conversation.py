"""What events from outside change, and what they do not."""

import pytest

from pipeline.errors import AlreadyHandled, NotAllowed, UserError
from pipeline.intake import LONGEST_MESSAGE
from pipeline.integration import Attachment
from pipeline.replies import PlanShown, Said
from tests.pipeline.conftest import REQUESTER, THREAD, Pipeline

STRANGER = "U9"


def test_a_thread_has_one_integration(pipeline: Pipeline) -> None:
    first = pipeline.start("sync orders")
    second = pipeline.conversation.start(THREAD, STRANGER, "sync something else")
    assert second.id == first.id
    assert second.request.text == "sync orders"


@pytest.mark.parametrize("text", ["", "   \n", "x" * (LONGEST_MESSAGE + 1)])
def test_nothing_and_too_much_are_refused_with_what_to_do(pipeline: Pipeline, text: str) -> None:
    with pytest.raises(UserError, match="Say"):
        pipeline.conversation.start(THREAD, REQUESTER, text)
    assert pipeline.services.store.list() == []


def test_a_secret_in_a_message_is_not_saved(pipeline: Pipeline) -> None:
    secret = "shpat_" + "0123456789abcdef" * 2
    integration = pipeline.start(f"sync orders, my token is {secret}")
    assert secret not in pipeline.now.model_dump_json()
    assert "Shopify token" in integration.request.text
    (said,) = [reply for reply in pipeline.replies() if isinstance(reply, Said)]
    assert "rotate" in said.text


def test_an_attachment_that_is_nothing_known_is_answered(pipeline: Pipeline) -> None:
    attachment = Attachment(name="notes.txt", content="buy milk")
    pipeline.conversation.start(THREAD, REQUESTER, "sync orders", [attachment])
    integration = pipeline.services.store.find(**THREAD.model_dump())
    assert integration is not None
    assert integration.request.attachments == []


def test_a_click_counts_once(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    gate = pipeline.gate("plan")
    pipeline.conversation.decide(pipeline.id, gate.id, REQUESTER, "approved", "click-1")
    with pytest.raises(AlreadyHandled):
        pipeline.conversation.decide(pipeline.id, gate.id, REQUESTER, "approved", "click-1")
    with pytest.raises(UserError, match="approved this already"):
        pipeline.conversation.decide(pipeline.id, gate.id, REQUESTER, "rejected", "click-2")
    assert pipeline.now.gate(gate.id).approved  # type: ignore[union-attr]


def test_strangers_decide_and_change_nothing(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    before = pipeline.now
    with pytest.raises(NotAllowed, match="<@U1>"):
        pipeline.conversation.decide(pipeline.id, pipeline.gate("plan").id, STRANGER, "approved")
    for text in ("approve", "stop", "use hourly"):
        with pytest.raises(UserError):
            pipeline.conversation.say(pipeline.id, STRANGER, text)
    assert pipeline.now == before


def test_a_forged_gate_is_refused(pipeline: Pipeline) -> None:
    pipeline.start()
    with pytest.raises(UserError, match="not part"):
        pipeline.conversation.decide(pipeline.id, "gate_forged", REQUESTER, "approved")


def test_typed_approval_must_be_the_whole_message(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.conversation.say(pipeline.id, REQUESTER, "I would approve if it were hourly")
    assert pipeline.gate("plan").state == "open"
    pipeline.conversation.say(pipeline.id, REQUESTER, "Approve.")
    assert pipeline.now.open_gates() == []


def test_the_outcome_replaces_the_buttons(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.conversation.say(pipeline.id, REQUESTER, "approve the plan")
    shown = [reply for reply in pipeline.replies() if isinstance(reply, PlanShown)]
    assert [reply.gate.state for reply in shown] == ["answered"]


def test_production_is_never_approved_by_typing(pipeline: Pipeline) -> None:
    pipeline.to_code()
    pipeline.conversation.say(pipeline.id, REQUESTER, "approve")
    pipeline.advance()
    with pytest.raises(UserError, match="several|Several"):
        pipeline.conversation.say(pipeline.id, REQUESTER, "approve")
    with pytest.raises(UserError, match="click"):
        pipeline.conversation.say(pipeline.id, REQUESTER, "deploy to production")
    pipeline.conversation.say(pipeline.id, REQUESTER, "deploy to development")
    assert list(pipeline.advance().live) == ["development"]


def test_a_rejection_waits_and_can_be_asked_again(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.conversation.say(pipeline.id, REQUESTER, "reject")
    assert pipeline.advance().open_gates() == []
    pipeline.conversation.say(pipeline.id, REQUESTER, "ask again")
    assert [gate.kind for gate in pipeline.advance().open_gates()] == ["plan"]


def test_credentials_go_to_the_vault_and_nowhere_else(pipeline: Pipeline) -> None:
    pipeline.to_code()
    assert "secret-value" not in pipeline.now.model_dump_json()
    grant = pipeline.now.credentials["shopify"]
    assert pipeline.services.vault.get(grant.vault_reference or "") == {
        "access_token": "secret-value"
    }


def test_credentials_for_an_answered_gate_leave_nothing_behind(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.approve("plan")
    pipeline.approve("set-up")
    gate = pipeline.gate("connection", "shopify")
    pipeline.conversation.use_mock(pipeline.id, gate.id, REQUESTER)
    kept: list[str] = []
    vault = pipeline.services.vault
    put = vault.put

    def remember(*arguments: object) -> str:
        kept.append(put(*arguments))  # type: ignore[arg-type]
        return kept[-1]

    monkeypatch.setattr(vault, "put", remember)
    with pytest.raises(UserError, match="already"):
        pipeline.conversation.supply(pipeline.id, gate.id, REQUESTER, {"a": "b"}, {})
    with pytest.raises(Exception, match="unknown|no"):
        vault.get(kept[0])


def test_mocks_by_typing(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.approve("plan")
    pipeline.approve("set-up")
    pipeline.conversation.say(pipeline.id, REQUESTER, "use mocks")
    assert [gate.kind for gate in pipeline.advance().open_gates()] == ["code"]
    assert pipeline.now.credentials["quickbooks"].mock


def test_answers_to_unknown_questions_are_refused(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    with pytest.raises(UserError):
        pipeline.conversation.answer(pipeline.id, REQUESTER, {"no-such": "yes"})
    assert pipeline.now.edits == []


def test_the_request_delivered_again_says_nothing(pipeline: Pipeline) -> None:
    integration = pipeline.conversation.start(THREAD, REQUESTER, "sync orders", event_key="m1")
    with pytest.raises(AlreadyHandled):
        pipeline.conversation.say(integration.id, REQUESTER, "sync orders", event_key="m1")
    assert pipeline.services.store.get(integration.id).messages == []


def test_an_edited_request_is_researched_anew(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.conversation.edit(pipeline.id, REQUESTER, "request", "sync orders hourly", "e1")
    pipeline.advance()
    assert pipeline.analyst.calls.count("research") == 2


def test_an_edit_replaces_what_nobody_read_and_follows_what_was_read(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.conversation.say(pipeline.id, REQUESTER, "hourly", event_key="m1")
    pipeline.conversation.edit(pipeline.id, REQUESTER, "m1", "daily", "e1")
    assert [message.text for message in pipeline.now.messages] == ["daily"]
    pipeline.advance()
    pipeline.conversation.edit(pipeline.id, REQUESTER, "m1", "weekly", "e2")
    assert [message.text for message in pipeline.now.messages] == ["daily", "weekly"]


def test_an_edit_to_a_command_decides_nothing(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.conversation.say(pipeline.id, REQUESTER, "hourly", event_key="m1")
    pipeline.conversation.edit(pipeline.id, REQUESTER, "m1", "approve", "e1")
    assert pipeline.gate("plan").state == "open"


def test_what_waits_can_be_shown_again(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    for posting in pipeline.services.store.unposted():
        pipeline.services.store.mark_posted(posting.number, "1.2")
    pipeline.conversation.show_again(pipeline.id)
    assert [reply.kind for reply in pipeline.replies()] == ["progress", "plan"]


def test_an_incomplete_plan_can_not_be_approved(pipeline: Pipeline) -> None:
    (workflow,) = pipeline.analyst.plan.workflows
    kept = [item for item in workflow.mappings if item.target != "CustomerRef.value"]
    lacking = workflow.model_copy(update={"mappings": kept})
    pipeline.analyst.plan = pipeline.analyst.plan.model_copy(update={"workflows": [lacking]})
    pipeline.start()
    pipeline.advance()
    with pytest.raises(UserError, match="CustomerRef"):
        pipeline.conversation.say(pipeline.id, REQUESTER, "approve")
    assert pipeline.gate("plan").state == "open"
