"""Step 7: type check, tests, lint and format. Nothing goes on while a finding stands."""

from pydantic import JsonValue

from pipeline.artifacts import Verification
from pipeline.case import Case
from pipeline.replies import FindingsShown, Reply
from pipeline.services import Services
from pipeline.steps.step import Step, Work


class VerificationStep(Step[Verification]):
    name = "verification"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {"project": case.project_digest}

    def run(self, case: Case, work: Work) -> Verification:
        work.report("checking types, running tests")
        result = work.services.verify(case.files, work.cancellation)
        # The digest of what was tested is what deployment compares with what was approved.
        return result.model_copy(update={"project_digest": case.project_digest})

    def fact(self, artifact: Verification) -> str:
        if not artifact.passed:
            return f"{len(artifact.findings)} findings"
        return f"types, lint and format clean, {artifact.tests_passed} tests passed (ran)"

    def announce(self, case: Case, artifact: Verification, services: Services) -> list[Reply]:
        if artifact.passed:
            return []
        key = f"findings:{artifact.project_digest[:12]}"
        return [FindingsShown(key=key, findings=artifact.findings)]


STEP = VerificationStep()
