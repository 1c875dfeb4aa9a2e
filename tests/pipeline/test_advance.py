"""From a request to a live integration, and what each change on the way redoes."""

import pytest

from pipeline.advance import has_work
from pipeline.artifacts import Finding, Verification
from pipeline.cancellation import Cancellation
from pipeline.case import load_case
from pipeline.errors import PlatformError, Stopped
from pipeline.integration import TestCase
from pipeline.plan.edits import MapField, Rename
from pipeline.plan.model import Plan, Scope
from pipeline.ports import Interpretation
from pipeline.replies import (
    CodeShown,
    ConnectionShown,
    DeployAsked,
    Failed,
    FindingsShown,
    OutOfScope,
    PlanShown,
    Progress,
    Said,
)
from tests.pipeline.conftest import REQUESTER, Pipeline


def _waits(pipeline: Pipeline) -> bool:
    case = load_case(pipeline.services.store, pipeline.id, pipeline.services.catalogue)
    return not has_work(case, pipeline.services)


def test_the_plan_is_asked_for_first(pipeline: Pipeline) -> None:
    pipeline.start()
    integration = pipeline.advance()
    assert [gate.kind for gate in integration.open_gates()] == ["plan"]
    assert pipeline.platform.created == []
    shown = [reply for reply in pipeline.replies() if isinstance(reply, PlanShown)]
    assert "sales receipt" in shown[0].document.content
    assert _waits(pipeline)


def test_each_gate_in_turn_until_it_is_live(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    assert [g.kind for g in pipeline.approve("plan").open_gates()] == ["set-up"]
    gates = pipeline.approve("set-up").open_gates()
    assert {(g.kind, g.subject) for g in gates} == {
        ("connection", "shopify"),
        ("connection", "quickbooks"),
    }
    assert [g.kind for g in pipeline.connect_all().open_gates()] == ["code"]
    gates = pipeline.approve("code").open_gates()
    assert {g.subject for g in gates} == {"development", "production"}
    live = pipeline.approve("deploy", "production")
    assert live.live["production"].version.startswith("version v1-")
    assert all(state.status == "done" for state in live.steps.values())
    assert _waits(pipeline)


def test_a_second_advance_does_nothing(pipeline: Pipeline) -> None:
    before = pipeline.to_live()
    created, calls = list(pipeline.platform.created), list(pipeline.analyst.calls)
    assert pipeline.advance() == before
    assert (pipeline.platform.created, pipeline.analyst.calls) == (created, calls)


def test_out_of_scope_ends_there(pipeline: Pipeline) -> None:
    scope = Scope(in_scope=False, reason="a poem", alternatives=["sync poems"])
    pipeline.analyst.plan = Plan(scope=scope)
    pipeline.start("write a poem")
    assert pipeline.advance().status == "out-of-scope"
    assert any(isinstance(reply, OutOfScope) for reply in pipeline.replies())
    assert pipeline.analyst.calls == ["scope"]
    [shown] = [reply for reply in pipeline.replies() if isinstance(reply, Progress)]
    assert "a poem" not in str(shown.lines)  # the reason is said once, in a message of its own
    assert _waits(pipeline)


def test_an_edit_redoes_what_depends_on_it_and_nothing_else(pipeline: Pipeline) -> None:
    live = pipeline.to_live()
    created = list(pipeline.platform.created)
    mapping = MapField(target="PrivateNote", constant="made by Weft")
    pipeline.analyst.messages["note it"] = Interpretation(edits=[mapping])
    pipeline.conversation.say(pipeline.id, REQUESTER, "note it")
    changed = pipeline.advance()
    assert [gate.kind for gate in changed.open_gates()] == ["plan"]
    assert changed.live == live.live, "what is live stays until a new version is approved"
    pipeline.approve("plan")
    assert pipeline.platform.created == created, "set-up and connections stand"
    code = [reply for reply in pipeline.replies() if isinstance(reply, CodeShown)][-1]
    assert code.version == 2
    assert "made by Weft" in code.diff
    assert "package.json" not in code.diff, "the diff is against the last approved version"
    pipeline.approve("code")
    assert pipeline.approve("deploy", "development").live["development"].version != (
        live.live["development"].version
    )
    assert pipeline.analyst.calls.count("research") == 1


def test_an_edit_of_the_plan_supersedes_the_question_about_the_old_one(
    pipeline: Pipeline,
) -> None:
    pipeline.start()
    pipeline.advance()
    old = pipeline.gate("plan")
    pipeline.analyst.messages["call it X"] = Interpretation(edits=[Rename(name="X")])
    pipeline.conversation.say(pipeline.id, REQUESTER, "call it X")
    pipeline.advance()
    assert pipeline.now.gate(old.id).state == "superseded"  # type: ignore[union-attr]
    shown = [reply for reply in pipeline.replies() if isinstance(reply, PlanShown)]
    assert [reply.gate.state for reply in shown] == ["superseded", "open"]
    assert shown[-1].changes


def test_an_edit_that_can_not_be_made_is_answered_and_changes_nothing(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    nonsense = MapField(target="NoSuchField", constant=1)
    pipeline.analyst.messages["do it"] = Interpretation(edits=[nonsense])
    pipeline.conversation.say(pipeline.id, REQUESTER, "do it")
    assert pipeline.advance().edits == []
    said = [reply for reply in pipeline.replies() if isinstance(reply, Said)]
    assert "NoSuchField" in said[-1].text


def test_a_test_case_makes_new_tests_and_no_new_plan(pipeline: Pipeline) -> None:
    pipeline.to_code()
    case = TestCase(name="mine", input={"id": 1, "line_items": []}, expected={})
    pipeline.conversation.add_test_case(pipeline.id, REQUESTER, case)
    changed = pipeline.advance()
    assert [gate.kind for gate in changed.open_gates()] == ["code"]
    assert len(pipeline.verifier.seen) == 2


def test_findings_stop_everything_until_they_are_mended(pipeline: Pipeline) -> None:
    finding = Finding(tool="deno check", message="no", file="src/index.ts", line=3)
    pipeline.verifier.findings = [[finding]]
    integration = pipeline.to_code()
    assert integration.steps["verification"].status == "failed"
    assert integration.open_gates() == []
    shown = [reply for reply in pipeline.replies() if isinstance(reply, FindingsShown)]
    assert shown[0].findings == [finding]
    assert _waits(pipeline)
    pipeline.conversation.retry(pipeline.id, REQUESTER)
    assert [gate.kind for gate in pipeline.advance().open_gates()] == ["code"]


def test_repair_is_bounded_and_asks_again(pipeline: Pipeline) -> None:
    finding = Finding(tool="deno test", message="no")
    pipeline.verifier.findings = [[finding]] * 9
    pipeline.analyst.repairs = [[Rename(name=f"try {number}")] for number in range(9)]
    integration = pipeline.to_code()
    for _ in range(5):
        if not integration.open_gates():
            break
        integration = pipeline.approve("plan")
    assert pipeline.analyst.calls.count("repair") == 2
    assert integration.steps["verification"].status == "failed"


def test_wrong_credentials_are_asked_for_again(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.approve("plan")
    pipeline.approve("set-up")
    pipeline.platform.refuses = {"shopify"}
    integration = pipeline.connect_all()
    assert [g.subject for g in integration.open_gates()] == ["shopify"]
    assert any("401" in reply.happened for reply in pipeline.replies() if isinstance(reply, Failed))
    pipeline.platform.refuses = set()
    assert [gate.kind for gate in pipeline.connect_all().open_gates()] == ["code"]


def test_consent_is_waited_for_without_work(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.approve("plan")
    pipeline.approve("set-up")
    pipeline.platform.consent = {"quickbooks": "https://example.test/consent"}
    assert pipeline.connect_all().steps["connections"].status == "needs-person"
    shown = [reply for reply in pipeline.replies() if isinstance(reply, ConnectionShown)]
    assert shown[-1].authorize_url == "https://example.test/consent"
    assert _waits(pipeline)
    pipeline.platform.consent = {}
    pipeline.conversation.consented(pipeline.id, "quickbooks")
    assert [gate.kind for gate in pipeline.advance().open_gates()] == ["code"]


def test_a_failure_that_may_pass_is_tried_again(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cancellation, "wait", lambda self, seconds: None)
    pipeline.start()
    pipeline.advance()
    pipeline.approve("plan")
    pipeline.platform.failures = [PlatformError("busy", retryable=True)] * 2
    assert pipeline.approve("set-up").steps["systems"].status == "done"
    assert len(pipeline.platform.created) == len(set(pipeline.platform.created))


def test_a_failure_that_stays_is_said_and_can_be_retried(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    pipeline.approve("plan")
    pipeline.platform.failures = [PlatformError("No such organisation. Check it.")]
    assert pipeline.approve("set-up").steps["systems"].status == "failed"
    failed = [reply for reply in pipeline.replies() if isinstance(reply, Failed)]
    assert failed[-1].happened == "No such organisation. Check it."
    assert _waits(pipeline)
    pipeline.conversation.say(pipeline.id, REQUESTER, "retry")
    assert pipeline.advance().steps["systems"].status == "done"


def test_a_mistake_of_ours_is_a_sentence_with_a_reference(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(pipeline.analyst, "research", broken)
    pipeline.start()
    pipeline.advance()
    (failed,) = [reply for reply in pipeline.replies() if isinstance(reply, Failed)]
    assert "reference" in failed.happened
    assert "secret detail" not in failed.happened


def test_stop_is_kept_and_resume_goes_on(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.conversation.stop(pipeline.id, REQUESTER)
    assert pipeline.advance().status == "stopped"
    assert pipeline.analyst.calls == []
    pipeline.conversation.resume(pipeline.id, REQUESTER)
    assert [gate.kind for gate in pipeline.advance().open_gates()] == ["plan"]


def test_stop_in_the_middle_of_a_step(pipeline: Pipeline) -> None:
    pipeline.start()
    cancellation = Cancellation()

    def research(request: object, report: object) -> Plan:
        pipeline.conversation.stop(pipeline.id, REQUESTER)
        cancellation.cancel()
        cancellation.check()
        raise AssertionError("went on")

    pipeline.analyst.research = research  # type: ignore[method-assign,assignment]
    from pipeline.advance import advance

    with pytest.raises(Stopped):
        advance(pipeline.id, pipeline.services, cancellation)
    assert pipeline.now.steps["research"].status == "stopped"


def test_choosing_another_environment_sets_it_up_without_asking_again(pipeline: Pipeline) -> None:
    pipeline.to_code()
    pipeline.approve("code")
    live = pipeline.approve("deploy", "production")
    assert list(live.live) == ["production"]
    links = [thing for thing in pipeline.platform.created if thing.startswith("link")]
    assert {link.split()[1] for link in links} == {"development", "production"}
    assert len([t for t in pipeline.platform.created if t.startswith("system")]) == 2


def test_what_was_not_tested_is_not_deployed(pipeline: Pipeline) -> None:
    pipeline.to_code()
    pipeline.approve("code")
    step = pipeline.now.steps["verification"]
    made = pipeline.services.store.artifact(step.artifact or "")
    assert isinstance(made.artifact, Verification)
    forged = made.model_copy(
        update={"artifact": made.artifact.model_copy(update={"project_digest": "other"})}
    )
    digest = pipeline.services.store.put_artifact(pipeline.id, "verification", forged)
    with pipeline.services.store.change(pipeline.id) as integration:
        integration.set_step("verification", artifact=digest)
    pipeline.approve("deploy", "development")
    assert pipeline.now.live == {}
    assert pipeline.now.steps["deployment"].status == "failed"


def test_progress_is_one_message_and_gates_one_each(pipeline: Pipeline) -> None:
    pipeline.to_live()
    replies = pipeline.replies()
    assert sum(isinstance(reply, Progress) for reply in replies) == 1
    assert [r.gates[0].state for r in replies if isinstance(r, DeployAsked)] == ["answered"]


def test_progress_says_that_a_person_is_waited_for(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    [shown] = [reply for reply in pipeline.replies() if isinstance(reply, Progress)]
    assert shown.title == "Waiting for approval of the plan"


def test_every_gate_is_answered_in_the_message_that_asked(pipeline: Pipeline) -> None:
    integration = pipeline.to_live()
    said = {reply.key for reply in pipeline.replies()}
    assert {gate.message for gate in integration.gates} <= said


def test_what_no_longer_fits_new_research_is_said_and_the_rest_stands(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    edits = [MapField(target="PrivateNote", constant="kept"), Rename(workflow="gone", name="new")]
    with pipeline.services.store.change(pipeline.id) as integration:
        integration.edits = list(edits)
    pipeline.advance()
    shown = [reply for reply in pipeline.replies() if isinstance(reply, PlanShown)][-1]
    assert any("no longer fits" in change and "gone" in change for change in shown.changes)
    mapped = {item.target: item.constant for item in shown.plan.workflows[0].mappings}
    assert mapped["PrivateNote"] == "kept"
