"""From plan to verified project beside Deno's part of it; mistakes that tests notice; all pairs.

python -m tests.bench codegen
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from unittest.mock import patch

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import SourceFile
from pipeline.cancellation import Cancellation
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.plan.model import Plan
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import write_project
from pipeline.sandbox.verify import verify
from tests.codegen import matrix
from tests.codegen.mutations import score
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.sweep import requests, tried

_TIMES = 3


def main() -> None:
    known, deno = matrix.catalogue(), Deno(timeout=300)
    plans = {"main request": shopify_orders_to_quickbooks(), **matrix.plans(known)}
    print_time(plans["main request"], known, deno)
    print_mutations(plans, known, deno)
    print_sweep()


def print_time(plan: Plan, known: Catalogue, deno: Deno) -> None:
    """Weft generates, checks, tests, lints and formats; Deno's part is check and test alone."""
    files = _project(plan, known)

    def alone() -> None:
        # In a folder of its own each time: of one that it knows, Deno remembers what it checked.
        with tempfile.TemporaryDirectory() as directory:
            project = Path(directory)
            write_project(files, project)
            deno.check(project, Cancellation())
            deno.test(project, Cancellation())

    def whole() -> None:
        assert verify(_project(plan, known), Cancellation(), deno).findings == []

    alone()  # Deno itself is loaded
    own, all_of_it = _seconds(alone), _seconds(whole)
    print(f"plan to verified project {all_of_it:.2f} s; deno check and test alone {own:.2f} s")
    print(f"ratio {all_of_it / own:.2f}")


def print_mutations(plans: dict[str, Plan], known: Catalogue, deno: Deno) -> None:
    projects = {name.replace(" ", "-"): _project(plan, known) for name, plan in plans.items()}
    scores = {}
    for name, files in projects.items():
        with tempfile.TemporaryDirectory() as directory:
            scores |= score({name: files}, Path(directory).resolve(), deno)
    for name, one in scores.items():
        print(
            f"{name:20} {one.count - len(one.missed):4} of {one.count:4} noticed", *one.missed[:3]
        )
    count = sum(one.count for one in scores.values())
    missed = sum(len(one.missed) for one in scores.values())
    print(f"all                  {count - missed:4} of {count:4} noticed, {1 - missed / count:.1%}")


def print_sweep() -> None:
    """Every pair of systems: whether a project was made, or a sentence says why not."""
    known = Catalogue.load()
    analyst = OfflineAnalyst(known)
    with patch.object(Deno, "format", lambda _, files: files):
        outcomes = [tried(text, known, analyst) for text in requests(known)]
    made = sum(not one.reasons for one in outcomes)
    print(f"{len(outcomes)} requests: {made} generated, {len(outcomes) - made} asked about first")


def _project(plan: Plan, known: Catalogue) -> list[SourceFile]:
    return [*generate(plan, known), *generate_tests(plan, known, [])]


def _seconds(work: Callable[[], None]) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)
