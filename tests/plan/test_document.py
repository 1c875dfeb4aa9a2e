"""The research document: everything cited, nothing of outsiders becomes markup."""

import re
from datetime import date

from pipeline.plan.document import research_document
from pipeline.plan.model import Fact, Filter, Mapping
from tests.analysts.invented import catalogue
from tests.plan.plans import PLAN

SECTIONS = [
    "System & Authentication",
    "API Endpoints",
    "Integration Patterns",
    "Data & Transformations",
]


def fact(**changes: object) -> Fact:
    content = {
        "text": "Pages hold 100.",
        "source": "https://docs.example.com/p",
        "grade": "vendor-doc",
        "verified_on": date(2026, 11, 1),
        "subject": "relato",
    }
    return Fact.model_validate({**content, **changes})


def document(*facts: Fact) -> str:
    return research_document(PLAN.model_copy(update={"facts": list(facts)}), catalogue())


def test_sections_stand_in_order() -> None:
    text = document()
    assert re.findall(r"^## (.*)$", text, re.M) == SECTIONS


def test_every_fact_has_its_source_inline() -> None:
    text = document(fact())
    assert "- Pages hold 100. [<https://docs.example.com/p>; vendor-doc, 2026-11-01]" in text


def test_every_claim_of_the_first_section_is_cited() -> None:
    section = document(fact()).split("## API Endpoints")[0]
    lines = [line for line in section.splitlines() if line.startswith("- ")]
    assert all(
        "[" in line for line in lines if not re.search(r"is the (?:source|target)|asked for", line)
    )


def test_weak_facts_are_called_weak() -> None:
    text = document(fact(grade="unverified"), fact(grade="inferred", text="Maybe."))
    assert text.count("**Weak:**") == 2


def test_text_of_others_cannot_become_markup() -> None:
    nasty = "# Head\n<script>x</script> [a](http://evil) `c` | d ![i](j) **b** \u202e"
    text = document(fact(text=nasty, source="javascript:alert(1) <b>"))
    for sign in ("<script>", "\n# Head", "![i](j)", "**b**", "\u202e", "<b>"):
        assert sign not in text
    assert re.search(r"(?<!\\)\]\(http", text) is None


def test_a_cell_stays_a_cell() -> None:
    flow = PLAN.workflows[0].model_copy(
        update={"mappings": [Mapping(target="number", constant="a|b`c\nd")],
                "filters": [Filter(field="name", op="eq", value="x|y")]}
    )  # fmt: skip
    text = research_document(PLAN.model_copy(update={"workflows": [flow]}), catalogue())
    row = next(line for line in text.splitlines() if line.startswith("| `number`"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 7


def test_values_of_one_user_stay_out() -> None:
    variables = [PLAN.variables[0].model_copy(update={"default": "secret-tenant"})]
    assert "secret-tenant" not in research_document(
        PLAN.model_copy(update={"variables": variables}), catalogue()
    )
