"""Answers on one field and on one file, from the plan, the code and sourced facts."""

from datetime import date

import pytest

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import SourceFile
from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.explaining.field import explain_field, written
from pipeline.explaining.file import explain_file, find_file
from pipeline.plan.model import Alternative, Plan
from pipeline.ports import Draft, Request


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load()


@pytest.fixture(scope="module")
def request_() -> Request:
    text = (
        "Sync new Shopify orders to QuickBooks Online as sales receipts, by webhook. "
        "Find the customer by email and create it if missing."
    )
    return Request(text=text, today=date(2026, 3, 1).isoformat())


@pytest.fixture(scope="module")
def plan(catalogue: Catalogue, request_: Request) -> Plan:
    return OfflineAnalyst(catalogue).research(request_, lambda _: None)


@pytest.fixture(scope="module")
def files(plan: Plan, catalogue: Catalogue) -> list[SourceFile]:
    return [*generate(plan, catalogue), *generate_tests(plan, catalogue, [])]


def test_a_field_has_its_source_its_rules_its_facts_and_its_line(
    plan: Plan, catalogue: Catalogue, files: list[SourceFile]
) -> None:
    field = next(one for one in written(plan) if one.mapping.target == "DocNumber")
    said = explain_field(field, plan, catalogue, files)
    assert said.startswith("DocNumber of the sales receipt is filled from order_number")
    assert "at most 21 characters" in said
    assert "DocNumber is kept as sent only where" in said
    assert "vendor-schema, 2026" in said
    path, line = said.rpartition("In the code: ")[2].rstrip(".").split(":")
    shown = next(file for file in files if file.path == path).content.splitlines()[int(line) - 1]
    assert "DocNumber:" in shown


def test_what_is_doubtful_names_the_next_best(plan: Plan, catalogue: Catalogue) -> None:
    field = next(one for one in written(plan) if one.mapping.target == "DocNumber")
    doubtful = field.mapping.model_copy(
        update={"status": "needs-review", "alternatives": [Alternative(source="id", score=0.4)]}
    )
    said = explain_field(type(field)(field.workflow, field.end, doubtful), plan, catalogue)
    assert "Next best: id (0.40)." in said
    assert "still to be reviewed" in said


def test_every_field_that_is_written_can_be_explained(
    plan: Plan, catalogue: Catalogue, files: list[SourceFile]
) -> None:
    ends = {field.end.entity for field in written(plan)}
    assert ends > {"sales-receipt", "customer"}
    for field in written(plan):
        assert field.mapping.target in explain_field(field, plan, catalogue, files)


def test_every_file_says_what_it_is_for(plan: Plan, files: list[SourceFile]) -> None:
    for file in files:
        said = explain_file(file, plan, files)
        what = said.removeprefix(f"{file.path}, {len(file.content.splitlines())} lines").strip(". ")
        assert what, file.path


def test_a_workflow_file_names_its_part_of_the_plan(plan: Plan, files: list[SourceFile]) -> None:
    name = plan.workflows[0].name
    file = find_file(f"{name}.ts", files)
    assert file is not None
    said = explain_file(file, plan, files)
    assert "webhook orders/create" in said
    assert "Used by src/index.ts." in said


def test_a_client_cites_the_limits_that_it_keeps(plan: Plan, files: list[SourceFile]) -> None:
    file = find_file("src/services/quickbooks.ts", files)
    assert file is not None
    assert "500 requests a minute" in explain_file(file, plan, files)


@pytest.mark.parametrize("name", ["", "nothing.ts", ".ts", "../../secret"])
def test_a_file_that_is_not_there_is_none(name: str, files: list[SourceFile]) -> None:
    assert find_file(name, files) is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("why DocNumber?", "DocNumber of the sales receipt"),
        ("why DocNumber", "DocNumber of the sales receipt"),
        ("please explain src/services/once.ts", "src/services/once.ts"),
        ("explain once.ts", "src/services/once.ts"),
        ("what does src/index.ts do?", "registers every workflow"),
        ("explain the moon", "The plan says nothing about that"),
    ],
)
def test_questions_in_the_thread_are_answered_and_change_nothing(
    question: str,
    answer: str,
    plan: Plan,
    files: list[SourceFile],
    catalogue: Catalogue,
    request_: Request,
) -> None:
    meaning = OfflineAnalyst(catalogue).interpret(
        question, Draft(plan=plan, request=request_, files=files)
    )
    assert answer in meaning.answer
    assert not meaning.edits


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("why customer email?", "PrimaryEmailAddr.Address of the customer"),
        ("Where does the email go?", "BillEmail.Address of the sales receipt"),
        ("who approved this?", "The plan says nothing about that. I can say why"),
    ],
)
def test_a_field_is_found_by_words_of_ones_own(
    plan: Plan, catalogue: Catalogue, request_: Request, question: str, begins: str
) -> None:
    said = OfflineAnalyst(catalogue).interpret(question, Draft(plan=plan, request=request_)).answer
    assert said.startswith(begins)
