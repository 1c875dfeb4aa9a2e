"""A renamed field leads to a named difference, and to a new version that works."""

from pipeline.cancellation import Cancellation
from pipeline.case import load_case
from pipeline.codegen.generate import generate
from pipeline.investigating import investigate
from pipeline.plan.apply import replay
from pipeline.plan.differences import what_changed
from pipeline.plan.model import Filter, KeyPair, Trigger
from pipeline.replies import Said
from pipeline.sandbox.stage import staged
from pipeline.simulation.altering import without
from pipeline.simulation.preparing import Record, source_record
from pipeline.simulation.running import Invoker
from pipeline.simulation.scene import Played, Scene
from tests.pipeline.conftest import Pipeline
from tests.simulation.dry_runs import DENO, Subject, main_request


def order(subject: Subject) -> Record:
    (workflow,) = subject.plan.workflows
    return source_record(subject.catalogue.system("shopify"), workflow)


def deliver(subject: Subject, record: Record) -> Played:
    """The record through the project, as an event."""
    entries = {one.name: subject.catalogue.system(one.name) for one in subject.plan.systems}
    with staged(subject.files, Cancellation(), DENO, 20) as (stage, _):
        scene = Scene(subject.plan, subject.plan.workflows[0], entries, Invoker(stage))
        return scene.play(scene.world([record]), [record])


def test_a_renamed_field_leads_to_a_new_version_that_works(pipeline: Pipeline) -> None:
    subject = main_request()
    pipeline.analyst.plan = subject.plan
    renamed = without(order(subject), "line_items[].price", renamed=True)
    failed = deliver(subject, renamed)
    assert not failed.ok

    pipeline.start()
    pipeline.advance()
    case = load_case(pipeline.services.store, pipeline.id, subject.catalogue)
    (workflow,) = case.plan.workflows
    (found,) = investigate(case, pipeline.services.store, workflow.name, failed.error, renamed)
    assert found.field == "line_items[].price"
    assert "it sends `line_items[].price_v2`" in found.text
    said = [one.text for one in pipeline.replies() if isinstance(one, Said)]
    assert any("approve it, and a new version takes over" in text for text in said)

    changed = load_case(pipeline.services.store, pipeline.id, subject.catalogue)
    files = tuple(generate(changed.plan, changed.catalogue))
    version = Subject(changed.plan, changed.catalogue, files)
    delivered = deliver(version, renamed)
    assert delivered.ok, delivered.error
    (receipt,) = delivered.world.mocks["quickbooks"].records("sales-receipt")
    assert all(line["Amount"] is not None for line in receipt["Line"])
    assert version.run().findings == []


def test_a_renamed_key_moves_the_lookup_with_it(pipeline: Pipeline) -> None:
    subject = main_request()
    pipeline.analyst.plan = subject.plan
    renamed = without(order(subject), "contact_email", renamed=True)
    assert not deliver(subject, renamed).ok
    pipeline.start()
    pipeline.advance()
    case = load_case(pipeline.services.store, pipeline.id, subject.catalogue)
    (workflow,) = case.plan.workflows
    (found,) = investigate(
        case, pipeline.services.store, workflow.name, "MissingReference: not found", renamed
    )
    assert found.field == "contact_email"
    changed = load_case(pipeline.services.store, pipeline.id, subject.catalogue)
    [customer] = [one for one in changed.plan.workflows[0].lookups if one.name == "customer"]
    assert [pair.source for pair in customer.by] == ["contact_email_v2"]
    files = tuple(generate(changed.plan, changed.catalogue))
    delivered = deliver(Subject(changed.plan, changed.catalogue, files), renamed)
    assert delivered.ok, delivered.error


def test_filters_and_match_keys_follow_a_renamed_field() -> None:
    subject = main_request()
    (workflow,) = subject.plan.workflows
    keyed = workflow.model_copy(
        update={
            "filters": [Filter(field="contact_email", op="exists")],
            "write_mode": "upsert",
            "match_on": [KeyPair(target="DocNumber", source="contact_email")],
        }
    )
    plan = subject.plan.model_copy(update={"workflows": [keyed]})
    renamed = without(order(subject), "contact_email", renamed=True)
    (found,) = what_changed(plan, subject.catalogue, keyed, renamed)
    after = replay(plan, found.edits, subject.catalogue.with_learned(found.learned)).workflows[0]
    assert [one.field for one in after.filters] == ["contact_email_v2"]
    assert [pair.source for pair in after.match_on] == ["contact_email_v2"]


def test_the_plan_gate_asks_anew_and_what_is_live_stays(pipeline: Pipeline) -> None:
    pipeline.to_live()
    live = pipeline.now.live
    case = load_case(pipeline.services.store, pipeline.id, pipeline.services.catalogue)
    (workflow,) = case.plan.workflows
    record = source_record(case.catalogue.system("shopify"), workflow)
    renamed = without(record, "line_items[].title", renamed=True)
    (found,) = investigate(
        case, pipeline.services.store, workflow.name, "MissingValue: title is missing", renamed
    )
    assert {edit.target for edit in found.edits} == {"Line[].Description", "Name"}  # type: ignore[union-attr]
    integration = pipeline.advance()
    assert [gate.kind for gate in integration.open_gates()] == ["plan"]
    assert integration.live == live


def test_what_is_as_expected_is_no_change() -> None:
    subject = main_request()
    (workflow,) = subject.plan.workflows
    assert what_changed(subject.plan, subject.catalogue, workflow, order(subject)) == []
    assert what_changed(subject.plan, subject.catalogue, workflow, {}) == []


def test_what_starts_a_scheduled_run_is_not_taken_for_a_record(pipeline: Pipeline) -> None:
    plan = main_request().plan
    scheduled = Trigger(kind="schedule", cron="0 2 * * *", timezone="UTC")
    (workflow,) = plan.workflows
    planned = workflow.model_copy(update={"trigger": scheduled})
    pipeline.analyst.plan = plan.model_copy(update={"workflows": [planned]})
    pipeline.start()
    pipeline.advance()
    case = load_case(pipeline.services.store, pipeline.id, pipeline.services.catalogue)
    reason = "Error: 1 could not be written: 7: MissingReference: no customer 7"
    investigate(case, pipeline.services.store, workflow.name, reason, {})
    said = [one.text for one in pipeline.replies() if isinstance(one, Said)]
    assert "failed with “1 could not be written: 7: no customer 7”" in said[-1]
    assert "which the plan reads" not in said[-1]


def test_another_failure_is_told_as_it_is(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    case = load_case(pipeline.services.store, pipeline.id, pipeline.services.catalogue)
    (workflow,) = case.plan.workflows
    found = investigate(
        case, pipeline.services.store, workflow.name, "ApiError: It answered 403.", {"id": 1}
    )
    assert found == []
    said = [one.text for one in pipeline.replies() if isinstance(one, Said)]
    assert any("Nothing says that the API has changed" in text for text in said)
    assert pipeline.now.edits == []


def test_a_record_that_lacks_what_the_plan_reads_is_told(pipeline: Pipeline) -> None:
    pipeline.start()
    pipeline.advance()
    case = load_case(pipeline.services.store, pipeline.id, pipeline.services.catalogue)
    (workflow,) = case.plan.workflows
    record = source_record(case.catalogue.system("shopify"), workflow)
    email = workflow.lookups[0].by[0].source
    assert email in record
    del record[email]
    reason = "MissingValue: it is missing"
    assert investigate(case, pipeline.services.store, workflow.name, reason, record) == []
    said = [one.text for one in pipeline.replies() if isinstance(one, Said)]
    assert f"has no `{email}`" in said[-1]
    assert "such as “skip them”" in said[-1]
