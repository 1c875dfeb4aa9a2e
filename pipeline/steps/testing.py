"""Step 6: tests of the project's pure functions, people's own cases among them."""

import re

from pydantic import JsonValue

from pipeline.artifacts import GeneratedTests
from pipeline.case import Case
from pipeline.codegen.tests import generate_tests
from pipeline.model import digest
from pipeline.services import Services
from pipeline.steps.codegen import knowledge_digest
from pipeline.steps.step import Step, Work

_TEST = re.compile(r"\bDeno\.test\(")


class TestingStep(Step[GeneratedTests]):
    name = "testing"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {
            "plan": digest(case.plan),
            "cases": [item.model_dump(mode="json") for item in case.integration.test_cases],
        }

    def generator(self, case: Case) -> str:
        return f"1:{knowledge_digest(case)}"

    def run(self, case: Case, work: Work) -> GeneratedTests:
        work.report("writing tests")
        files = generate_tests(case.plan, case.catalogue, case.integration.test_cases)
        return GeneratedTests(
            files=files, count=sum(len(_TEST.findall(file.content)) for file in files)
        )

    def fact(self, artifact: GeneratedTests) -> str:
        return f"{artifact.count} tests in {len(artifact.files)} files"


STEP = TestingStep()
