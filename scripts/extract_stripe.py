"""Write Stripe's entities from the resource classes of a pinned package.

Run from the repository's root: `python scripts/extract_stripe.py`. Taken over are names, types
and enumerations; which fields are kept is said in annotations/stripe.yaml.
"""

import ast
from pathlib import Path
from typing import Any

from pinned import annotations, wheel, write_entity

PACKAGE = "stripe"
VERSION = "16.1.0"
SHA256 = "3798e07a0603c8923710414cd1942ae847ed43cebbf34c3258417c189711ea70"

SCALARS = {"int": "integer", "str": "string", "bool": "boolean", "float": "number"}


def class_of(body: list[ast.stmt], name: str) -> ast.ClassDef:
    """KeyError where there is no such class."""
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return node
    raise KeyError(name)


def kept(described: ast.ClassDef, wanted: dict[str, Any], outer: list[ast.stmt]) -> dict[str, Any]:
    """An object's schema, cut down to the wanted fields; KeyError names one that is not there."""
    types = {
        node.target.id: node.annotation
        for node in described.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    scope = [*described.body, *outer]
    properties = {
        name: field(types[name], dict(extra or {}), scope) for name, extra in wanted.items()
    }
    return {"type": "object", "properties": properties}


def field(annotation: ast.expr, extra: dict[str, Any], scope: list[ast.stmt]) -> dict[str, Any]:
    inner = extra.pop("fields", None)
    nullable, annotation = optional(annotation)
    if inner is not None:
        schema = kept(class_of(scope, ast.unparse(annotation).strip("'\"")), inner, scope)
    else:
        schema = simple(annotation)
    if nullable:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema | extra


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
        for name, described in annotations("stripe")["entities"].items():
            module = Path(folder, "stripe", f"_{described['module']}.py")
            body = ast.parse(module.read_text(encoding="utf-8")).body
            schema = kept(class_of(body, described["class"]), described["fields"], body)
            write_entity("stripe", name, described, schema)


if __name__ == "__main__":
    main()
