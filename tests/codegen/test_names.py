"""Names and literals in the generated TypeScript."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codegen import names
from pipeline.codegen.imports import with_imports
from pipeline.codegen.literals import comment, literal, template


@pytest.mark.parametrize(
    ("name", "camel", "pascal", "kebab"),
    [
        ("line_items", "lineItems", "LineItems", "line-items"),
        ("sales-receipt", "salesReceipt", "SalesReceipt", "sales-receipt"),
        ("DocNumber", "docNumber", "DocNumber", "doc-number"),
        ("SKU", "sku", "Sku", "sku"),
        ("9lives", "value9Lives", "Value9Lives", "9-lives"),
    ],
)
def test_cases(name: str, camel: str, pascal: str, kebab: str) -> None:
    assert (names.camel(name), names.pascal(name), names.kebab(name)) == (camel, pascal, kebab)


@pytest.mark.parametrize(
    ("many", "one"),
    [("line_items", "line item"), ("addresses", "address"), ("categories", "category"),
     ("boxes", "box"), ("status", "status"), ("taxes", "tax")],
)  # fmt: skip
def test_singular(many: str, one: str) -> None:
    assert names.singular(many) == one
    if many != "status":
        assert names.plural(one) == " ".join(names.words(many))


def test_a_system_is_written_as_its_maker_does() -> None:
    assert names.class_name("quickbooks", "QuickBooks Online") == "QuickBooks"
    assert names.class_name("google-sheets", "Google Sheets") == "GoogleSheets"
    assert names.class_name("acme", "The Acme API") == "Acme"


@given(st.text())
def test_any_name_becomes_an_identifier(name: str) -> None:
    assert names.camel(name).isidentifier()
    assert names.variable(name).isidentifier()


@given(st.text())
def test_a_literal_is_the_text_and_nothing_more(text: str) -> None:
    assert json.loads(literal(text)) == text


@given(st.text())
def test_a_comment_cannot_be_ended(text: str) -> None:
    assert "*/" not in comment(text) and "\n" not in comment(text)


def test_template_escapes_what_is_not_its_own() -> None:
    assert template("a `b` ${c} {value}", {"value": "x"}) == "`a \\`b\\` \\${c} ${x}`"
    assert template("{other}", {"value": "x"}) == '"{other}"'


def test_imports_are_those_of_names_that_are_used() -> None:
    modules = {
        "src/services/a.ts": "export function used() {}\nexport function unused() {}",
        "src/types/b.ts": "export interface Shape {\n}",
    }
    body = "/** unused */ const one: Shape = used(x.unused, { unused: 1 });"
    module = with_imports("src/services/c.ts", body, modules)
    assert module.startswith(
        'import { used } from "./a.ts";\nimport type { Shape } from "../types/b.ts";\n'
    )
