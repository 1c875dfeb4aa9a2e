"""Step 7: type check, tests, lint, format and a dry run. Nothing goes on while a finding stands."""

from pydantic import JsonValue

from pipeline.artifacts import Evidence, Verification
from pipeline.case import Case
from pipeline.model import digest
from pipeline.replies import FindingsShown, Reply
from pipeline.services import Services
from pipeline.steps.codegen import knowledge_digest
from pipeline.steps.step import Step, Work

_CHOICES = ["say what to change", "retry", "stop"]


class VerificationStep(Step[Verification]):
    name = "verification"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {
            "project": case.project_digest,
            "plan": digest(case.plan),
            "cases": [item.model_dump(mode="json") for item in case.integration.test_cases],
        }

    def generator(self, case: Case) -> str:
        return f"2:{knowledge_digest(case)}"

    def run(self, case: Case, work: Work) -> Verification:
        work.report("checking types, running tests")
        result = work.services.verify(case.files, work.cancellation)
        if result.passed:
            result = _with_dry_run(result, case, work)
        # The digest of what was tested is what deployment compares with what was approved.
        return result.model_copy(update={"project_digest": case.project_digest})

    def fact(self, artifact: Verification) -> str:
        if not artifact.passed:
            return f"{len(artifact.findings)} findings"
        parts = [f"types, lint and format clean, {artifact.tests_passed} tests passed (ran)"]
        if artifact.dry_run and artifact.dry_run.situations:
            parts.append(f"{len(artifact.dry_run.situations)} situations as expected (mocked)")
        return ", ".join(parts)

    def announce(self, case: Case, artifact: Verification, services: Services) -> list[Reply]:
        if artifact.passed:
            return []
        return [
            FindingsShown(
                key=f"findings:{artifact.project_digest[:12]}",
                findings=artifact.findings,
                version=case.integration.code_version + 1,
                choices=_CHOICES,
            )
        ]


def _with_dry_run(result: Verification, case: Case, work: Work) -> Verification:
    """The result with what the project did against mocks; only what passed the checks is run."""
    if work.services.dry_run is None:
        missing = Evidence(claim="dry run: none is set up here", word="not reached")
        return result.model_copy(update={"evidence": [*result.evidence, missing]})
    work.report("dry run against mocks")
    played = work.services.dry_run(
        case.plan, case.catalogue, case.files, case.integration.test_cases, work.cancellation
    )
    return result.model_copy(
        update={
            "findings": played.findings,
            "evidence": [*result.evidence, *played.evidence],
            "dry_run": played,
        }
    )


STEP = VerificationStep()
