"""The generated tests notice mistakes in the generated mappings."""

import re

from pipeline.artifacts import SourceFile
from tests.codegen.conftest import Project
from tests.codegen.mutations import mutants

MAPPING = "src/services/order-to-sales-receipt"
EVERY = 5  # one mutant takes about 0.15 s


def test_generated_tests_notice_broken_mappings(
    project: Project, example: list[SourceFile]
) -> None:
    files = {file.path: file.content for file in example}
    source, tests = files[f"{MAPPING}.ts"], files[f"{MAPPING}.test.ts"]
    broken = dict(list(enumerate(mutants(source)))[::EVERY])
    for test in project.directory.glob("src/**/*.test.ts"):
        test.unlink()
    for number, (_, mutant) in broken.items():
        project.add(f"src/services/mutant-{number}.ts", mutant)
        own = tests.replace("./order-to-sales-receipt.ts", f"./mutant-{number}.ts")
        project.add(f"src/services/mutant-{number}.test.ts", own)
    findings = project.run("test").findings
    noticed = {
        int(found[1])
        for finding in findings
        if (found := re.search(r"mutant-(\d+)\.test", finding.file or ""))
    }
    missed = [what for number, (what, _) in broken.items() if number not in noticed]
    assert len(broken) > 25
    assert len(missed) <= len(broken) * 0.05, f"{len(missed)} of {len(broken)}: {missed}"
