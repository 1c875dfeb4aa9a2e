"""The dry run passes sound projects, and finds each mistake before anybody approves it."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from pipeline.artifacts import DryRun
from pipeline.cancellation import Cancellation
from pipeline.errors import Stopped
from pipeline.integration import TestCase
from pipeline.simulation import dry_run as module
from pipeline.simulation.canary import CanaryResult
from pipeline.simulation.dry_run import dry_run
from tests.simulation import dry_runs
from tests.simulation.dry_runs import Subject

SUBJECTS: dict[str, Callable[[], Subject]] = {
    "main request": dry_runs.main_request,
    "upsert": lambda: dry_runs.pattern("upsert"),
    "schedule": lambda: dry_runs.pattern("schedule"),
    "manual": lambda: dry_runs.pattern("manual"),
    "keyless target": dry_runs.keyless,
    "a person's OpenAPI": dry_runs.described_by_its_user,
}
FAULTS = {
    "429 with Retry-After", "401, an expired token", "403, no access", "404, not found",
    "500, a server error", "a timeout", "an answer lost after the write", "a renamed field",
    "a null not promised", "the same event twice", "the same event twice at once",
}  # fmt: skip


@cache
def sound(name: str) -> DryRun:
    return SUBJECTS[name]().run()


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_sound_project_passes_every_situation(
    name: str, record_dry_run: Callable[[str, Any], None]
) -> None:
    result = sound(name)
    record_dry_run(name, result)
    assert result.findings == []
    assert {one.name for one in result.situations} >= FAULTS
    assert all(one.passed for one in result.situations)
    assert result.validated > 10
    assert result.canaries > 0


def test_pages_are_read_to_their_end() -> None:
    seen = {one.name: one.seen for one in sound("schedule").situations}
    assert seen["a second page"] == "3 records of 3 written, from 2 pages"
    assert seen["an empty page"] == "nothing to do"


def test_what_may_not_be_repeated_is_kept_for_a_replay() -> None:
    seen = {one.name: one.seen for one in sound("keyless target").situations}
    assert seen["an answer lost after the write"] == "kept; its replay wrote it once"
    seen = {one.name: one.seen for one in sound("a person's OpenAPI").situations}
    assert seen["an answer lost after the write"] == "not sent again, kept, issue raised"


# ---- Seeded defects ------------------------------------------------------------------------------


def _random_key(subject: Subject) -> Subject:
    return subject.damaged("requestid: key", "requestid: crypto.randomUUID()")


def _wrong_header(subject: Subject) -> Subject:
    systems = [
        one.model_copy(update={"auth": one.auth.model_copy(update={"parameter": "X-Token"})})
        for one in subject.plan.systems
    ]
    return replace(subject, plan=subject.plan.model_copy(update={"systems": systems}))


DEFECTS: dict[str, tuple[Callable[[], Subject], str]] = {
    "wrong path": (
        lambda: dry_runs.main_request().damaged('"/salesreceipt"', '"/salesreceipts"'),
        "There is no POST /salesreceipts",
    ),
    "wrong method": (
        lambda: dry_runs.main_request().damaged('method: "POST"', 'method: "PUT"'),
        "does not take PUT",
    ),
    "missing required field": (
        lambda: dry_runs.main_request().damaged('DetailType: "SalesItemLineDetail",', ""),
        "DetailType",
    ),
    "missing reference": (
        lambda: dry_runs.main_request().damaged("CustomerRef: {", "CustomerMemo: {"),
        "CustomerRef",
    ),
    "too long a value": (
        lambda: dry_runs.main_request().damaged(": truncate(", ": ((one: unknown) => one)("),
        "too long",
    ),
    "wrong auth header": (lambda: _wrong_header(dry_runs.main_request()), "credential"),
    "no pagination": (
        lambda: dry_runs.pattern("schedule").damaged(
            "yield { records: page, next };", "return yield { records: page, next: undefined };"
        ),
        "2 records of 3",
    ),
    "retry of a non-idempotent write": (
        lambda: dry_runs.keyless().damaged("repeatable: false", "repeatable: true"),
        "repeated only where that is safe",
    ),
    "a new key for each run": (
        lambda: _random_key(dry_runs.main_request()), "a crash right after the write"
    ),
    "retry without waiting": (
        lambda: dry_runs.main_request().damaged("retryAfterHeader: ", "retryAfterHeaders: "),
        "429",
    ),
    "swallowed failure": (
        lambda: dry_runs.main_request().damaged("await context.createIssue(", "await Promise.all("),
        "a person is told",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
def test_a_seeded_defect_is_found(name: str, record_defect: Callable[[str, bool], None]) -> None:
    make, named = DEFECTS[name]
    result = make().run()
    messages = "\n".join(finding.message for finding in result.findings)
    record_defect(name, named in messages)
    assert named in messages
    assert all(finding.tool == "dry run" for finding in result.findings)


# ---- What stands in the thread -------------------------------------------------------------------


def test_the_thread_gets_requests_evidence_and_the_whole_exchange_without_secrets() -> None:
    result = sound("main request")
    assert ["POST /salesreceipt (quickbooks)", "200", "created sales receipt 1"] in result.requests
    assert ["the same event twice", "as expected", "nothing sent twice"] in result.requests
    words = {item.word for item in result.evidence}
    assert words == {"mocked", "ran", "not reached"}
    assert result.exchanges is not None
    exchanges = json.loads(result.exchanges.content)
    headers = [one["headers"] for requests in exchanges.values() for one in requests]
    assert {one["authorization"] for one in headers} == {"***"}
    assert any(one["fault"] == "rate-limited" for each in exchanges.values() for one in each)


def test_a_persons_case_goes_through_too() -> None:
    case = TestCase(name="a long note", input={"note": "x" * 9000}, expected={})
    result = dry_runs.main_request().run(case)
    assert ["your case “a long note”", "done", "1 written"] in result.requests
    assert result.findings == []


def test_a_mock_whose_canary_is_taken_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = CanaryResult("create-sales-receipt", accepted=True, rejected=False)
    monkeypatch.setattr(module, "check_canaries", lambda *_: [taken])
    result = dry_runs.main_request().run()
    assert result.situations == []
    claims = [item.claim for item in result.evidence if item.word == "not reached"]
    assert "QuickBooks Online: its mock is not used, as it took a bad body of" in claims[1]


def test_a_project_that_does_not_start_is_a_finding() -> None:
    subject = dry_runs.main_request()
    files = [
        file.model_copy(update={"content": "throw new Error('no such thing');\n"})
        if file.path == "src/index.ts" else file
        for file in subject.files
    ]  # fmt: skip
    (finding,) = replace(subject, files=tuple(files)).run().findings
    assert "no such thing" in finding.message


def test_a_dry_run_can_be_stopped() -> None:
    subject, cancellation = dry_runs.main_request(), Cancellation()
    cancellation.cancel()
    with pytest.raises(Stopped):
        dry_run(subject.plan, subject.catalogue, subject.files, [], cancellation)
