"""Step 6: tests of the project's pure functions, people's own cases among them."""

import re

from pydantic import JsonValue

from pipeline.artifacts import Artifact, GeneratedTests, StepName
from pipeline.case import Case
from pipeline.codegen.tests import generate_tests
from pipeline.model import digest
from pipeline.replies import Reply
from pipeline.services import Services
from pipeline.steps.codegen import knowledge_digest
from pipeline.steps.step import Wanted, Work

_TEST = re.compile(r"\bDeno\.test\(")


class TestingStep:
    name: StepName = "testing"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {
            "plan": digest(case.plan),
            "cases": [item.model_dump(mode="json") for item in case.integration.test_cases],
        }

    def generator(self, case: Case) -> str:
        return f"1:{knowledge_digest(case)}"

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        return []

    def run(self, case: Case, work: Work) -> GeneratedTests:
        work.report("writing tests")
        files = generate_tests(case.plan, case.catalogue, case.integration.test_cases)
        return GeneratedTests(
            files=files, count=sum(len(_TEST.findall(file.content)) for file in files)
        )

    def fact(self, artifact: Artifact) -> str:
        assert isinstance(artifact, GeneratedTests)
        return f"{artifact.count} tests in {len(artifact.files)} files"

    def announce(self, case: Case, artifact: Artifact, services: Services) -> list[Reply]:
        return []


STEP = TestingStep()
