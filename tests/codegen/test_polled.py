"""Lists that give ids only, or ask by a body: what is read of them, in projects that are clean."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.codegen.generate import generate
from pipeline.codegen.tests import generate_tests
from pipeline.plan.model import Cursor, Filter
from pipeline.sandbox.deno import Deno
from tests.codegen import matrix
from tests.codegen.conftest import Project


def polled(source: str, fields: dict[str, Any], folder: Path, deno: Deno, **more: Any) -> Project:
    """A project that copies records of the source to a sheet every few minutes."""
    known = Catalogue.load()
    workflow = matrix.flow(
        "polled", source, "google-sheets.row", fields, trigger=matrix.OFTEN, **more
    )
    plan = matrix.plan(known, workflow)
    return Project([*generate(plan, known), *generate_tests(plan, known, [])], folder, deno)


def assert_clean(project: Project) -> None:
    for command in ("check", "lint", "fmt_check", "test"):
        assert project.run(command).findings == [], command


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ("gmail.message", {"Subject": "subject", "Sender": "from", "Text": "text"}),
        ("netsuite.customer", {"Name": "companyName", "Email": "email"}),
    ],
)
def test_each_record_of_a_list_of_ids_is_read(
    source: str, fields: dict[str, Any], tmp_path: Path, deno: Deno
) -> None:
    project = polled(source, fields, tmp_path, deno)
    assert_clean(project)
    system, entity = source.split(".")
    client = (tmp_path / f"src/services/{system}.ts").read_text()
    assert f"this.read{entity.capitalize()}(String(one.id))" in client


def test_labels_are_told_by_name_and_times_as_the_search_wants_them(
    tmp_path: Path, deno: Deno
) -> None:
    labelled = Filter(field="labels[]", op="contains", value="Invoices")
    project = polled(
        "gmail.message", {"Subject": "subject"}, tmp_path, deno,
        filters=[labelled], cursor=Cursor(field="received_at", overlap_seconds=60),
    )  # fmt: skip
    assert_clean(project)
    client = (tmp_path / "src/services/gmail.ts").read_text()
    assert "await this.labelNames()" in client
    assert "`after:${String(Math.floor(milliseconds(since) / 1000))}`" in client


def test_a_list_by_post_has_page_and_time_in_its_body(tmp_path: Path, deno: Deno) -> None:
    project = polled(
        "notion.page", {"Link": "url"}, tmp_path, deno,
        cursor=Cursor(field="last_edited_time", overlap_seconds=60),
    )  # fmt: skip
    assert_clean(project)
    client = (tmp_path / "src/services/notion.ts").read_text()
    request = client[client.index("async *listPages") : client.index("const page = ")]
    assert "query:" not in request
    assert "start_cursor: position" in request
    assert "last_edited_time: { on_or_after: String(since) }" in request
