"""Every development request, from its text to a project whose dry run is without a finding."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.analysts.requests_file import Expected, read_requests
from pipeline.artifacts import DryRun
from pipeline.cancellation import Cancellation
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.integration import Attachment
from pipeline.plan.check import check
from pipeline.ports import Request
from pipeline.sandbox.verify import verify
from pipeline.simulation.dry_run import dry_run
from tests.simulation.dry_runs import DENO

EVAL = Path(__file__).parents[1] / "eval"
IN_SCOPE = [one for one in read_requests(EVAL / "development.yaml") if one.in_scope]


def asked(expected: Expected) -> Request:
    names = [expected.attachment] if expected.attachment else []
    attached = [Attachment(name=name, content=(EVAL / name).read_text()) for name in names]
    return Request(text=expected.text, attachments=attached, today="2026-11-22")


@pytest.mark.parametrize("expected", IN_SCOPE, ids=lambda one: one.id)
def test_a_request_becomes_a_project_that_strict_mocks_take(
    expected: Expected, record_dry_run: Callable[[str, DryRun], None]
) -> None:
    request, known = asked(expected), Catalogue.load()
    plan = OfflineAnalyst(known).research(request, lambda _: None)
    for attachment in request.attachments:
        known = known.with_spec(attachment.name, attachment.content)
    assert check(plan, known) == []
    files = [*generate(plan, known), *generate_tests(plan, known, [])]
    checked = verify(files, Cancellation(), DENO)
    assert checked.findings == []
    assert checked.tests_passed > 0
    run = dry_run(plan, known, files, [], Cancellation(), deno=DENO)
    record_dry_run(expected.id, run)
    assert run.findings == []
    assert all(one.passed for one in run.situations)
    assert run.validated > 0
