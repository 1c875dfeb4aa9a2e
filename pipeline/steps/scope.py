"""Step 1: is this an integration? If not, say so and suggest what Weft can do instead."""

from pydantic import JsonValue

from pipeline.artifacts import Artifact, ScopeVerdict, StepName
from pipeline.case import Case
from pipeline.replies import OutOfScope, Reply
from pipeline.services import Services
from pipeline.steps.step import Wanted, Work


class ScopeStep:
    name: StepName = "scope"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return case.request.model_dump(mode="json")

    def generator(self, case: Case) -> str:
        return "1"

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        return []

    def run(self, case: Case, work: Work) -> ScopeVerdict:
        return ScopeVerdict(scope=work.services.analyst.scope(case.request))

    def fact(self, artifact: Artifact) -> str:
        assert isinstance(artifact, ScopeVerdict)
        return artifact.scope.reason

    def announce(self, case: Case, artifact: Artifact, services: Services) -> list[Reply]:
        assert isinstance(artifact, ScopeVerdict)
        if artifact.scope.in_scope:
            return []
        return [OutOfScope(key="out-of-scope", scope=artifact.scope)]


STEP = ScopeStep()
