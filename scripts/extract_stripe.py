"""Write Stripe's entities from the resource classes of a pinned package.

Run from the repository's root: `python scripts/extract_stripe.py`. Taken over are names, types
and enumerations; which fields are kept is said in annotations/stripe.yaml.
"""

import ast
import re
from pathlib import Path
from typing import Any

from pinned import annotations, wheel, write_entity

PACKAGE = "stripe"
VERSION = "16.1.0"
SHA256 = "3798e07a0603c8923710414cd1942ae847ed43cebbf34c3258417c189711ea70"

SCALARS = {"int": "integer", "str": "string", "bool": "boolean", "float": "number"}


class Resources:
    """The package's classes, turned into JSON Schema one at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def schema(self, module: str, name: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """The schema of `name` in `module`, cut down to the wanted fields."""
        return self._kept(*self._class(self._body(module), name), wanted)

    def _kept(
        self, described: ast.ClassDef, outer: list[ast.stmt], wanted: dict[str, Any]
    ) -> dict[str, Any]:
        """An object's schema; KeyError names a wanted field that is not there."""
        types = {
            node.target.id: node.annotation
            for node in described.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        }
        scope = [*described.body, *outer]
        properties = {
            name: self._field(types[name], dict(extra or {}), scope)
            for name, extra in wanted.items()
        }
        return {"type": "object", "properties": properties}

    def _field(
        self, annotation: ast.expr, extra: dict[str, Any], scope: list[ast.stmt]
    ) -> dict[str, Any]:
        inner = extra.pop("fields", None)
        nullable, annotation = optional(annotation)
        schema = self._type(annotation, inner, scope)
        if nullable:
            schema["type"] = [schema["type"], "null"]
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        return schema | extra

    def _type(
        self, annotation: ast.expr, inner: dict[str, Any] | None, scope: list[ast.stmt]
    ) -> dict[str, Any]:
        """A list is a bare array, or an object with its page under `data`."""
        holder = ast.unparse(annotation.value) if isinstance(annotation, ast.Subscript) else ""
        if isinstance(annotation, ast.Subscript) and holder in ("List", "ListObject"):
            items = self._type(annotation.slice, inner, scope)
            listed = {"type": "array", "items": items}
            return listed if holder == "List" else page_of(listed)
        if inner is None:
            return simple(annotation)
        return self._kept(*self._class(scope, ast.unparse(annotation).strip("'\"")), inner)

    def _class(self, scope: list[ast.stmt], name: str) -> tuple[ast.ClassDef, list[ast.stmt]]:
        """A class with what stands around it; one that is not in scope has a module of its own."""
        for node in scope:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return node, scope
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        return self._class(self._body(snake), name)

    def _body(self, module: str) -> list[ast.stmt]:
        """FileNotFoundError where there is no such module."""
        *packages, name = module.split("/")
        path = Path(self._folder, *packages, f"_{name}.py")
        return ast.parse(path.read_text(encoding="utf-8")).body


def page_of(listed: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {"data": listed}}


def optional(annotation: ast.expr) -> tuple[bool, ast.expr]:
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "Optional":
        return True, annotation.slice
    return False, annotation


def simple(annotation: ast.expr) -> dict[str, Any]:
    """A scalar, an enumeration, an id of an expandable object, or a map of text."""
    text = ast.unparse(annotation)
    if text in SCALARS:
        return {"type": SCALARS[text]}
    if "Literal[" in text:
        found = (node.value for node in ast.walk(annotation) if isinstance(node, ast.Constant))
        return {"type": "string", "enum": [value for value in found if isinstance(value, str)]}
    if text.startswith("UntypedStripeObject"):
        return {"type": "object", "additionalProperties": {"type": "string"}}
    return {"type": "string"}


def main() -> None:
    with wheel(PACKAGE, VERSION, SHA256) as folder:
        resources = Resources(folder / "stripe")
        for name, described in annotations("stripe")["entities"].items():
            schema = resources.schema(described["module"], described["class"], described["fields"])
            if "required" in described:
                schema["required"] = described["required"]
            write_entity("stripe", name, described, schema)


if __name__ == "__main__":
    main()
