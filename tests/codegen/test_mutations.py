"""The generated tests notice mistakes in the generated mappings."""

from pathlib import Path

from pipeline.artifacts import SourceFile
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.sandbox.deno import Deno
from tests.codegen import matrix
from tests.codegen.mutations import score

EVERY = 6  # one mutant takes about 0.15 s
OTHERS = ("rows", "upsert-found", "per-customer", "line-upserts", "email", "several-writes")


def test_generated_tests_notice_broken_mappings(
    example: list[SourceFile], tmp_path: Path, deno: Deno
) -> None:
    known = matrix.catalogue()
    plans = matrix.plans(known)
    projects = {"example": example} | {
        name: [*generate(plans[name], known), *generate_tests(plans[name], known, [])]
        for name in OTHERS
    }
    scores = score(projects, tmp_path, deno, EVERY)
    count = sum(one.count for one in scores.values())
    missed = [f"{name}: {what}" for name, one in scores.items() for what in one.missed]
    assert count > 30
    assert len(missed) <= count * 0.05, f"{len(missed)} of {count}: {missed}"
