"""Step 5: compile the plan into a TypeScript project on the Run SDK."""

from pydantic import JsonValue

from pipeline.artifacts import GeneratedProject
from pipeline.case import Case
from pipeline.codegen.generate import generate
from pipeline.model import digest
from pipeline.plan.model import Plan
from pipeline.services import Services
from pipeline.steps.plan_gate import plan_wanted
from pipeline.steps.step import Step, Wanted, Work


class CodegenStep(Step[GeneratedProject]):
    name = "codegen"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {"plan": digest(case.plan)}

    def generator(self, case: Case) -> str:
        return f"1:{knowledge_digest(case)}"

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        return [[plan_wanted(case)]]

    def run(self, case: Case, work: Work) -> GeneratedProject:
        work.report("writing the project")
        return GeneratedProject(files=generate(case.plan, case.catalogue))

    def fact(self, artifact: GeneratedProject) -> str:
        lines = sum(file.content.count("\n") for file in artifact.files)
        return f"{len(artifact.files)} files, {lines} lines"


def knowledge_digest(case: Case) -> str:
    """What the catalogue says of the plan's systems: new facts make new code."""
    return digest([_entry(case, name) for name in _names(case.plan)])


def _names(plan: Plan) -> list[str]:
    return sorted(system.name for system in plan.systems)


def _entry(case: Case, name: str) -> JsonValue:
    try:
        entry: JsonValue = case.catalogue.system(name).model_dump(mode="json")
    except KeyError:
        return name
    return entry


STEP = CodegenStep()
