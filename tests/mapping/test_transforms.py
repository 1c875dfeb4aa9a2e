"""The transforms: both implementations agree, and the right one is chosen."""

import random
from pathlib import Path

import pytest

from pipeline.artifacts import SourceFile
from pipeline.cancellation import Cancellation
from pipeline.catalogue.schema import FieldInfo
from pipeline.codegen.literals import literal
from pipeline.codegen.transform_tests import transform_tests
from pipeline.mapping.reference import InvalidValue
from pipeline.mapping.transforms import (
    TRANSFORMS,
    choose,
    pipeline,
)
from pipeline.mapping.typescript import typescript_declarations, typescript_module
from pipeline.plan.model import Transform
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import deno_json, write_project

_ALPHABET = "0123456789.,-+eE aZé東🧵#T:\n"


def hostile_texts(count: int) -> list[str]:
    chance = random.Random(7)
    lengths = [chance.randint(0, 12) for _ in range(count)]
    return ["".join(chance.choice(_ALPHABET) for _ in range(length)) for length in lengths]


def parity_checks() -> str:
    """Asserts that each TypeScript function gives what the Python one gives."""
    lines = []
    for name in ("to_number", "to_integer", "minor_to_major", "negate", "truncate", "first_name",
                 "last_name", "to_string", "to_boolean"):  # fmt: skip
        spec = TRANSFORMS[name]
        extra = [5] if name == "truncate" else []
        for text in hostile_texts(150):
            call = f"{spec.function}({', '.join(map(literal, [text, *extra]))})"
            try:
                result = spec.reference(text, *extra)
            except InvalidValue:
                lines.append(f"assert.throws(() => {call}, {literal(call)});")
            else:
                expected = "undefined" if result is None else literal(result)
                lines.append(f"assert.equal({call}, {expected}, {literal(call)});")
    return "\n".join(lines)


def test_typescript_and_python_agree(tmp_path: Path) -> None:
    functions = {spec.function for spec in TRANSFORMS.values()}
    listed = [
        f"Deno.test({literal(group.name)}, () => {{ {'; '.join(group.checks)} }});"
        for group in transform_tests(set(TRANSFORMS))
    ]
    tests = "\n".join([
        'import assert from "node:assert/strict";',
        f'import {{ {", ".join(sorted(functions))} }} from "./transforms.ts";',
        *listed,
        f"Deno.test('hostile texts', () => {{ {parity_checks()} }});",
    ])  # fmt: skip
    files = [
        SourceFile(path="deno.json", content=deno_json()),
        SourceFile(path="src/transforms.ts", content=typescript_module(functions)),
        SourceFile(path="src/transforms.test.ts", content=tests),
    ]
    write_project(files, tmp_path)
    result = Deno().test(tmp_path, Cancellation())
    assert [finding.message for finding in result.findings] == []
    assert result.tests_passed == len(TRANSFORMS) + 1


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_transform_has_both_implementations(name: str) -> None:
    spec = TRANSFORMS[name]
    assert f"export function {spec.function}" in spec.typescript
    assert callable(spec.reference)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("0.1", 3, 0.3),
        ("1.005", 1, 1.01),
        ("1.115", 3, 3.35),
        ("-1.005", 1, -1.01),
        ("19.99", 3, 59.97),
    ],
)
def test_money_is_multiplied_exactly(one: str, other: int, expected: float) -> None:
    assert TRANSFORMS["multiply"].reference(one, other) == expected


@pytest.mark.parametrize(
    "text", ["ten", "1,50", "--1", "1e999999999", "NaN", "Infinity", "٣", "1_000"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        TRANSFORMS["to_number"].reference(text)


def field(**values: object) -> FieldInfo:
    return FieldInfo.model_validate({"path": "field", "type": "string", **values})


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (field(), field(), None),
        (field(), field(type="number"), "to_number"),
        (field(type="integer"), field(type="number"), None),
        (field(type="number"), field(type="integer"), "to_integer"),
        (field(type="integer"), field(), "to_string"),
        (field(format="date-time"), field(format="date"), "date"),
        (field(format="date"), field(format="date-time"), "datetime"),
        (field(unit="major"), field(type="integer", unit="minor"), "major_to_minor"),
        (field(type="integer", unit="minor"), field(type="number", unit="major"), "minor_to_major"),
        (field(unit="major"), field(type="number", unit="major"), "to_number"),
        (field(), field(max_length=21), "truncate"),
        (field(max_length=10), field(max_length=21), None),
        (field(), field(max_length=21, key="natural"), None),
        (field(), field(type="any"), None),
    ],
)
def test_choose(source: FieldInfo, target: FieldInfo, expected: str | None) -> None:
    chosen = choose(source, target)
    assert (chosen.name if chosen else None) == expected


def test_pipeline_makes_a_named_transform_fit_its_target() -> None:
    template = Transform(name="template", args={"text": "{value}"})
    steps = pipeline(template, field(), field(max_length=5))
    assert [step.name for step in steps] == ["template", "truncate"]
    steps = pipeline(Transform(name="trim"), field(), field(type="number"))
    assert [step.name for step in steps] == ["trim", "to_number"]


def test_module_holds_what_is_used_and_nothing_else() -> None:
    module = typescript_module({"truncate"})
    assert "export function truncate" in module and "function isMissing" in module
    assert "multiply" not in module
    assert typescript_module(set(typescript_declarations())).count("export function") == len(
        TRANSFORMS
    )


def test_a_time_in_seconds_becomes_a_time_that_people_read() -> None:
    seconds = FieldInfo(path="created", type="integer", format="unix-time")
    text = FieldInfo(path="date", type="string")
    moment = FieldInfo(path="created_at", type="string", format="date-time")
    assert choose(seconds, text) == Transform(name="from_unix_time")
    assert choose(seconds, moment) == Transform(name="from_unix_time")
    assert choose(moment, seconds) == Transform(name="to_unix_time")
