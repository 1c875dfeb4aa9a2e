"""Step 1: is this an integration? If not, say so and suggest what Weft can do instead."""

from pydantic import JsonValue

from pipeline.artifacts import ScopeVerdict
from pipeline.case import Case
from pipeline.replies import OutOfScope, Reply
from pipeline.services import Services
from pipeline.steps.step import Step, Work


class ScopeStep(Step[ScopeVerdict]):
    name = "scope"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return case.request.model_dump(mode="json")

    def run(self, case: Case, work: Work) -> ScopeVerdict:
        return ScopeVerdict(scope=work.services.analyst.scope(case.request))

    def fact(self, artifact: ScopeVerdict) -> str:
        if not artifact.scope.in_scope:
            return "This is no data integration."  # the reason is a message of its own
        return artifact.scope.reason

    def announce(self, case: Case, artifact: ScopeVerdict, services: Services) -> list[Reply]:
        if artifact.scope.in_scope:
            return []
        return [OutOfScope(key="out-of-scope", scope=artifact.scope)]


STEP = ScopeStep()
