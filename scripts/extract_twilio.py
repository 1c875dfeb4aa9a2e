"""Write Twilio's entities from the resource classes of a pinned package.

Run from the repository's root: `python scripts/extract_twilio.py`. Taken over are names, types
and enumerations: of what a request takes (`To`) and of what an answer has (`to`), which is
read-only. Which fields are kept is said in annotations/twilio.yaml.
"""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pinned import annotations, wheel, write_entity

PACKAGE = "twilio"
VERSION = "9.13.0"
SHA256 = "a73eb7139f47ed0ad934e9cf0a26cd0add6b86e6ca4aec5964624a9ea588c11c"

SCALARS = {"int": "integer", "str": "string", "bool": "boolean", "float": "number"}


def answered(module: ast.Module) -> dict[str, str]:
    """What an answer has: its name there -> the type that it is declared with."""
    return {
        call.args[0].value: ast.unparse(node.annotation)
        for node in ast.walk(module)
        if isinstance(node, ast.AnnAssign) and node.value is not None
        for call in ast.walk(node.value)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "payload.get"
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def taken(module: ast.Module) -> dict[str, str]:
    """What a create takes: its name in the request -> the type of the argument."""
    create = next(
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and node.name == "_create"
    )
    types = {each.arg: ast.unparse(each.annotation) for each in create.args.args if each.annotation}
    sent = next(node for node in ast.walk(create) if isinstance(node, ast.Dict) and node.keys)
    return {
        key.value: types[name]
        for key, value in zip(sent.keys, sent.values, strict=True)
        for name in types
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
        if any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(value))
    }


def schema_of(module: ast.Module, declared: str) -> dict[str, Any]:
    """A scalar, or the values of the class that is named (`MessageInstance.Status`)."""
    for word, kind in SCALARS.items():
        if f"[{word}" in declared or declared == word:
            return {"type": kind}
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and f".{node.name}'" in declared:
            values = [each.value for each in node.body if isinstance(each, ast.Assign)]
            return {"type": "string", "enum": [ast.literal_eval(value) for value in values]}
    return {"type": "string"}


def kept(
    module: ast.Module, declared: Mapping[str, str], wanted: Mapping[str, Any], **flags: Any
) -> dict[str, Any]:
    """The wanted fields; KeyError names one that is not there."""
    return {
        name: schema_of(module, declared[name]) | flags | (extra or {})
        for name, extra in wanted.items()
    }


def main() -> None:
    with wheel(PACKAGE, VERSION, SHA256) as folder:
        for name, described in annotations("twilio")["entities"].items():
            source = Path(folder, "twilio/rest/api/v2010/account", name, "__init__.py")
            module = ast.parse(source.read_text(encoding="utf-8"))
            written = kept(module, taken(module), described["request"], writeOnly=True)
            read = kept(module, answered(module), described["answer"], readOnly=True)
            schema = {
                "type": "object",
                "required": described["required"],
                "properties": written | read,
            }
            write_entity("twilio", name, described, schema)


if __name__ == "__main__":
    main()
