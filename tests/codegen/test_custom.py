"""A plan's own TypeScript functions: what may stand in one, and that they are really run."""

from pathlib import Path

import pytest

from pipeline.codegen.custom import try_transform
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.mapping.custom import custom_problems
from pipeline.plan.check import check
from pipeline.plan.model import CustomTransform, Example, Mapping, Plan, Transform
from pipeline.sandbox.deno import Deno
from tests.codegen.conftest import Project
from tests.codegen.plans import shopify_orders_to_quickbooks
from tests.codegen.systems import catalogue

INITIALS = CustomTransform(
    name="initials",
    summary="the initials, with the city",
    source="""
/** The first letters of a name's words, and where they live. */
export function initials(name: string, city?: string): string | undefined {
  const letters = name.split(/\\s+/).map((word) => word.slice(0, 1)).join("");
  return city === undefined ? letters : `${letters} (${city})`;
}
""",
    takes=["string", "string"],
    examples=[
        Example(inputs=["Ada King Lovelace", "London"], output="AKL (London)"),
        Example(inputs=["Zoë", None], output="Z"),
    ],
)
SOURCES = ["customer.first_name", "billing_address.city"]


def plan_with(custom: CustomTransform, sources: list[str]) -> Plan:
    plan = shopify_orders_to_quickbooks()
    transform = Transform(name="custom", args={"with": [*sources[1:]]}, custom=custom)
    mapping = Mapping(target="TrackingNum", source=sources[0], transform=transform)
    workflow = plan.workflows[0]
    changed = workflow.model_copy(update={"mappings": [*workflow.mappings, mapping]})
    return plan.model_copy(update={"workflows": [changed]})


def test_a_project_with_a_custom_transform_is_clean(tmp_path: Path, deno: Deno) -> None:
    plan, known = plan_with(INITIALS, SOURCES), catalogue()
    assert [one.message for one in check(plan, known) if "initials" in one.message] == []
    files = [*generate(plan, known), *generate_tests(plan, known, [])]
    project = Project(files, tmp_path, deno)
    for tool in ("check", "test", "lint", "fmt_check"):
        assert project.run(tool).findings == []
    source = {file.path: file.content for file in files}
    mapping = source["src/services/order-to-sales-receipt.ts"]
    assert "=> initials(firstName, toText(order.billing_address?.city))" in " ".join(
        mapping.split()
    )
    assert '"AKL (London)"' in source["src/services/custom-initials.test.ts"]
    assert '"AKL (London)"' in source["src/services/order-to-sales-receipt.test.ts"]


def test_examples_are_run(deno: Deno) -> None:
    assert try_transform(INITIALS, deno=deno) == []
    wrong = [*INITIALS.examples, Example(inputs=["Bo", None], output="Bo")]
    findings = try_transform(INITIALS.model_copy(update={"examples": wrong}), deno=deno)
    assert [finding.tool for finding in findings] == ["deno test"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("return fetch(name) as never;", "fetch"),
        ("return Deno.env.get(name);", "Deno"),
        ("return String(Math.random());", "random"),
        ("return new Date().toISOString();", "new Date"),
        ("return new Date(Date.now()).toISOString();", "now"),
        ('return ("" as any).constructor("x")();', "constructor"),
        ('/"/; return fetch("x") as never; /"/;', "fetch"),
        ("return eval(name);", "eval"),
        ("return self.name;", "self"),
    ],
)
def test_what_is_not_pure_is_refused_before_it_runs(body: str, named: str) -> None:
    source = f"export function initials(name: string): string | undefined {{ {body} }}"
    problems = list(custom_problems(INITIALS.model_copy(update={"source": source})))
    assert any(f"“{named}" in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Initials!"}, "no name of a function"),
        ({"source": "let count = 0;\n" + INITIALS.source}, "from one call to the next"),
        ({"source": INITIALS.source + "export const more = 1;"}, "exports one function"),
        ({"examples": INITIALS.examples[:1]}, "at least 2 examples"),
        ({"takes": ["string"]}, "takes 1 values; the mapping gives 2"),
        ({"gives": "number"}, "is no number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(changes: dict[str, object], sentence: str) -> None:
    problems = custom_problems(INITIALS.model_copy(update=changes), SOURCES)
    assert any(sentence in problem for problem in problems)


def test_only_fields_of_the_record_are_read() -> None:
    problems = list(custom_problems(INITIALS, ["$lookup.customer.Id", SOURCES[1]]))
    assert problems == [
        "initials reads fields of the source record, and “$lookup.customer.Id” is none."
    ]
