import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.catalogue.files import system_folders
from pipeline.catalogue.validate import first_violation, shared_names, system_problems


def sound() -> dict[str, Any]:
    """The files of a small system in which nothing is wrong."""
    fact = {"text": "It is.", "source": "https://x.test", "grade": "vendor-doc"}
    return {
        "system.yaml": {
            "name": "depot",
            "display_name": "Depot",
            "base_url": "https://{site}.depot.test",
            "config": [{"name": "site", "label": "Site"}],
            "auth": [{"type": "api-key", "parameter": "X-Key"}],
            "facts": [{**fact, "verified_on": "2026-11-01"}],
        },
        "operations.yaml": [
            {
                "id": "create-parcel",
                "entity": "parcel",
                "action": "create",
                "method": "POST",
                "path": "/parcels",
                "required": ["code"],
            },
            {
                "id": "read-parcel",
                "entity": "parcel",
                "action": "read",
                "method": "GET",
                "path": "/parcels/{id}",
            },
        ],
        "events.yaml": [{"name": "parcel.created", "entity": "parcel", "action": "created"}],
        "bodies.yaml": {
            "create-parcel": {
                "accepted": {"code": "a"},
                "rejected": {"id": "1"},
                "why": "read-only",
            }
        },
        "entities/parcel.json": {
            "name": "parcel",
            "display_name": "Parcel",
            "record_schema": {
                "type": "object",
                "properties": {
                    "id": {"type": "string", "readOnly": True},
                    "code": {"type": "string"},
                    "sent_at": {"type": "string", "format": "date-time"},
                },
            },
        },
    }


def written(root: Path, contents: dict[str, Any], name: str = "depot") -> Path:
    folder = root / "systems" / name
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content) if path.endswith(".json") else yaml.safe_dump(content)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


Fault = Callable[[dict[str, Any]], None]


def _unknown_entity(contents: dict[str, Any]) -> None:
    contents["operations.yaml"][1]["entity"] = "crate"


def _unknown_event_entity(contents: dict[str, Any]) -> None:
    contents["events.yaml"][0]["entity"] = "crate"


def _no_body(contents: dict[str, Any]) -> None:
    contents["bodies.yaml"] = {}


def _body_of_nothing(contents: dict[str, Any]) -> None:
    contents["bodies.yaml"]["create-crate"] = contents["bodies.yaml"]["create-parcel"]


def _accepted_is_refused(contents: dict[str, Any]) -> None:
    contents["bodies.yaml"]["create-parcel"]["accepted"] = {}


def _bad_date_is_refused(contents: dict[str, Any]) -> None:
    contents["bodies.yaml"]["create-parcel"]["accepted"]["sent_at"] = "yesterday"


def _rejected_is_accepted(contents: dict[str, Any]) -> None:
    contents["bodies.yaml"]["create-parcel"]["rejected"] = {"code": "b"}


def _misspelt_key(contents: dict[str, Any]) -> None:
    contents["operations.yaml"][0]["requierd"] = []


def _undated_fact(contents: dict[str, Any]) -> None:
    del contents["system.yaml"]["facts"][0]["verified_on"]


def _unsourced_fact(contents: dict[str, Any]) -> None:
    contents["system.yaml"]["facts"][0]["source"] = " "


def _unknown_config(contents: dict[str, Any]) -> None:
    contents["system.yaml"]["config"] = []


def _unknown_path_field(contents: dict[str, Any]) -> None:
    contents["operations.yaml"][1]["path"] = "/parcels/{number}"


def _unknown_required(contents: dict[str, Any]) -> None:
    contents["operations.yaml"][0]["required"] = ["kode"]


def _dangling_reference(contents: dict[str, Any]) -> None:
    code = contents["entities/parcel.json"]["record_schema"]["properties"]["code"]
    code["x-weft-reference"] = {"entity": "crate", "field": "id"}


def _invalid_schema(contents: dict[str, Any]) -> None:
    contents["entities/parcel.json"]["record_schema"]["properties"]["code"] = {"type": "text"}


def _twice(contents: dict[str, Any]) -> None:
    contents["operations.yaml"].append(contents["operations.yaml"][0])


FAULTS: dict[Fault, str] = {
    _unknown_entity: "unknown entity crate",
    _unknown_event_entity: "unknown entity crate",
    _no_body: "bodies.yaml has none",
    _body_of_nothing: "create-crate is no operation",
    _accepted_is_refused: "'code' is a required property",
    _bad_date_is_refused: "is not a 'date-time'",
    _rejected_is_accepted: "the rejected body is accepted",
    _misspelt_key: "requierd",
    _undated_fact: "verified_on",
    _unsourced_fact: "lacks its text or its source",
    _unknown_config: "no config item",
    _unknown_path_field: "{number} of its path",
    _unknown_required: "no field kode",
    _dangling_reference: "nothing stands at",
    _invalid_schema: "no valid JSON Schema",
    _twice: "create-parcel stands twice",
}


def test_a_sound_system_has_no_problems(tmp_path: Path) -> None:
    assert system_problems(written(tmp_path, sound())) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named(fault: Fault, tmp_path: Path) -> None:
    contents = sound()
    fault(contents)
    problems = system_problems(written(tmp_path, contents))
    assert any(FAULTS[fault] in problem for problem in problems), problems


def test_a_name_belongs_to_one_system(tmp_path: Path) -> None:
    written(tmp_path, sound())
    second = sound()
    second["system.yaml"] |= {"name": "store", "display_name": "Store", "aliases": ["depot"]}
    written(tmp_path, second, "store")
    assert shared_names(tmp_path) == ["'depot' names several systems: depot, store"]


def test_the_deepest_violation_is_told() -> None:
    schema = {"properties": {"a": {"properties": {"b": {"type": "integer"}}}}, "required": ["c"]}
    assert first_violation(schema, {"a": {"b": "x"}}) == "'x' is not of type 'integer' at $.a.b"
    assert first_violation(schema, {"c": 1}) is None


@pytest.mark.parametrize("name", system_folders())
def test_a_shipped_system_is_sound(name: str) -> None:
    assert system_problems(system_folders()[name]) == []


def test_the_shipped_names_are_told_apart() -> None:
    assert shared_names() == []
