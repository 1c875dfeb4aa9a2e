"""Step 2: research both systems and write the plan that everything later is compiled from."""

from pydantic import JsonValue

from pipeline.artifacts import Artifact, Research, StepName
from pipeline.case import Case
from pipeline.model import digest
from pipeline.plan.model import Plan
from pipeline.replies import Reply, Restated
from pipeline.services import Services
from pipeline.steps.step import Wanted, Work


class ResearchStep:
    name: StepName = "research"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {
            "request": case.request.model_dump(mode="json"),
            "scope": digest(case.scope.scope),
            "analyst": services.analyst.name,
        }

    def generator(self, case: Case) -> str:
        return "1"

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        return []

    def run(self, case: Case, work: Work) -> Research:
        analyst = work.services.analyst
        plan = analyst.research(case.request, work.report)
        return Research(plan=plan, analyst=analyst.name)

    def fact(self, artifact: Artifact) -> str:
        assert isinstance(artifact, Research)
        return research_fact(artifact.plan)

    def announce(self, case: Case, artifact: Artifact, services: Services) -> list[Reply]:
        assert isinstance(artifact, Research)
        return [Restated(key="restated", title=artifact.plan.title, summary=artifact.plan.summary)]


def research_fact(plan: Plan) -> str:
    """Counts of what the plan holds, such as `2 systems, 19 fields mapped, 41 sourced facts`."""
    mappings = [mapping for workflow in plan.workflows for mapping in workflow.mappings]
    review = sum(mapping.status == "needs-review" for mapping in mappings)
    parts = [
        f"{len(plan.systems)} systems",
        f"{len(mappings)} fields mapped" + (f" ({review} to review)" if review else ""),
        f"{len(plan.facts)} sourced facts",
    ]
    return ", ".join(parts)


STEP = ResearchStep()
