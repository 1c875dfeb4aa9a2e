"""Step 2: research both systems and write the plan that everything later is compiled from."""

from pydantic import JsonValue

from pipeline.artifacts import Research
from pipeline.case import Case
from pipeline.model import digest
from pipeline.plan.model import Plan
from pipeline.remembering import memory_of, recalled
from pipeline.replies import Reply, Restated
from pipeline.services import Services
from pipeline.steps.step import Step, Work


class ResearchStep(Step[Research]):
    name = "research"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {
            "request": case.request.model_dump(mode="json"),
            "scope": digest(case.scope.scope),
        }

    def run(self, case: Case, work: Work) -> Research:
        analyst = work.services.analyst
        plan = analyst.research(case.request, work.report)
        store, integration = work.services.store, case.integration
        memory = memory_of(store, integration.team, integration.id, case.base_catalogue)
        plan = recalled(plan, memory, case.catalogue)
        return Research(plan=plan, analyst=analyst.name)

    def fact(self, artifact: Research) -> str:
        return research_fact(artifact.plan)

    def announce(self, case: Case, artifact: Research, services: Services) -> list[Reply]:
        return [Restated(key="restated", title=artifact.plan.title, summary=artifact.plan.summary)]


def research_fact(plan: Plan) -> str:
    """Counts of what the plan holds, such as `2 systems, 19 fields mapped, 41 sourced facts`."""
    if not plan.systems:
        return "no system is named yet"
    mappings = [mapping for workflow in plan.workflows for mapping in workflow.mappings]
    review = sum(mapping.status == "needs-review" for mapping in mappings)
    parts = [
        _counted(len(plan.systems), "system"),
        f"{_counted(len(mappings), 'field')} mapped" + (f" ({review} to review)" if review else ""),
        _counted(len(plan.facts), "sourced fact"),
    ]
    return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


STEP = ResearchStep()
