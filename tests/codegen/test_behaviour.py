"""The generated workflow does what it promises, counted at a QuickBooks in memory."""

from pathlib import Path

from tests.codegen.conftest import Project


def test_effects_of_the_generated_workflow(project: Project) -> None:
    for test in project.directory.glob("src/**/*.test.ts"):
        test.unlink()
    project.add("src/behaviour.test.ts", Path(__file__).with_name("behaviour.test.ts").read_text())
    result = project.run("test")
    assert result.findings == []
    assert result.tests_passed == 11
