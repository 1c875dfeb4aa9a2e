"""Write Xero's entities from the models of a pinned package.

Run from the repository's root: `python scripts/extract_xero.py`. Taken over are names, types,
lengths and enumerations; which fields are kept is said in annotations/xero.yaml.
"""

import ast
import re
from pathlib import Path
from typing import Any

from pinned import annotations, source_package, write_entity

PACKAGE = "xero-python"
VERSION = "15.2.0"
SHA256 = "7316be79a389e00f54f0494daa6fcc5f7f60bebfac929e7db5e5321aa170d97e"

SCALARS = {"str": "string", "float": "number", "int": "integer", "bool": "boolean"}
LENGTH = re.compile(r"len\((\w+)\) > (\d+)")


class Model:
    """One class: its fields by their names in JSON, with their types and limits."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        described = next(node for node in tree.body if isinstance(node, ast.ClassDef))
        constants = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in described.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        names = constants.get("attribute_map", {})
        types = constants.get("openapi_types", {})
        self.values = [value for value in constants.values() if isinstance(value, str)]
        self.types = {json_name: types[name] for name, json_name in names.items()}
        self.lengths = {names[name]: int(most) for name, most in LENGTH.findall(text)}
        self.allowed = {
            names[setter.name]: values
            for setter in described.body
            if isinstance(setter, ast.FunctionDef) and (values := _allowed(setter))
        }


def _allowed(setter: ast.FunctionDef) -> list[str]:
    """The values that a setter lets through; none where it is no such setter."""
    for node in ast.walk(setter):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "allowed_values":
            return [value for value in ast.literal_eval(node.value) if value not in ("None", "")]
    return []


def kept(models: Path, name: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """A model's schema, cut down to the wanted fields; KeyError names one that is not there."""
    model = Model(models / f"{_file(name)}.py")
    properties = {
        field: _field(models, model, field, dict(extra or {})) for field, extra in wanted.items()
    }
    return {"type": "object", "properties": properties}


def _field(models: Path, model: Model, name: str, extra: dict[str, Any]) -> dict[str, Any]:
    declared = model.types[name]
    inner = extra.pop("fields", None)
    listed = re.fullmatch(r"list\[(\w+)\]", declared)
    if listed:
        required = extra.pop("required", [])
        items = kept(models, listed[1], inner or {})
        return {"type": "array", "items": items | {"required": required}} | extra
    schema = _type(models, declared, inner)
    schema |= {"maxLength": model.lengths[name]} if name in model.lengths else {}
    schema |= {"enum": model.allowed[name]} if name in model.allowed else {}
    return schema | extra


def _type(models: Path, declared: str, inner: dict[str, Any] | None) -> dict[str, Any]:
    if inner is not None:
        return kept(models, declared, inner)
    if declared.startswith(("date[", "datetime[")):
        return {"type": "string", "format": "date" if declared.startswith("date[") else "date-time"}
    if declared in SCALARS:
        return {"type": SCALARS[declared]}
    return {"type": "string", "enum": Model(models / f"{_file(declared)}.py").values}


def _file(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def main() -> None:
    with source_package(PACKAGE, VERSION, SHA256) as folder:
        models = Path(folder, "xero_python", "accounting", "models")
        for name, described in annotations("xero")["entities"].items():
            schema = kept(models, described["model"], described["fields"])
            schema["properties"] |= described.get("add", {})
            schema["required"] = described["required"]
            write_entity("xero", name, described, schema)


if __name__ == "__main__":
    main()
