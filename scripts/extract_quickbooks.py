"""Write QuickBooks Online's entities from the type declarations of a pinned package.

Run from the repository's root: `python scripts/extract_quickbooks.py`. Taken over are names,
types, what is required or read-only, and lengths; never a description.
"""

import re
from pathlib import Path
from typing import Any, NamedTuple

from pinned import annotate, annotations, npm_package, write_entity

PACKAGE = "quickbooks-node-promise"
VERSION = "3.3.14"
SHA256 = "6833fa6787a00c69e3dffe6ea95d1211daa3c40958aa7859631882617b0867e5"

PRIMITIVES = {"string", "number", "boolean"}
INTERFACE = re.compile(r"export interface (\w+) \{\n(.*?)\n\}", re.S)
PROPERTY = re.compile(r"/\*\*(.*?)\*/\s*(readonly )?(\w+)(\??): ([^;]+);", re.S)
LENGTH = re.compile(r"max character: [^,]*?(\d+) char", re.I)


class Property(NamedTuple):
    name: str
    type: str
    required: bool
    read_only: bool
    comment: str

    @property
    def meta(self) -> str:
        found = re.search(r"META: (.*)", self.comment)
        return found.group(1) if found else ""

    @property
    def max_length(self) -> int | None:
        found = LENGTH.search(self.meta)
        return int(found.group(1)) if found else None

    @property
    def format(self) -> str | None:
        if "YYYY-MM-DD" not in self.comment:
            return None
        return "date-time" if self.name.endswith("Time") else "date"


class Declarations:
    """The package's interfaces, turned into JSON Schema one at a time."""

    def __init__(self, source: str, common: dict[str, Any]) -> None:
        self._bodies = dict(INTERFACE.findall(source))
        self._left_out = set(common["leave_out"])
        self._references = common["references"]

    def schema(self, interface: str, left_out: frozenset[str] = frozenset()) -> dict[str, Any]:
        """An object's schema, with everything it holds written in place."""
        properties: dict[str, Any] = {}
        required = []
        for prop in self._properties(interface):
            if prop.name in self._left_out | left_out:
                continue
            properties[prop.name] = self._property(prop)
            if prop.required:
                required.append(prop.name)
        schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return schema | ({"required": required} if required else {})

    def _properties(self, interface: str) -> list[Property]:
        return [
            Property(name, " ".join(type_.split()), not optional, bool(read_only), comment)
            for comment, read_only, name, optional, type_ in PROPERTY.findall(
                self._bodies[interface]
            )
        ]

    def _property(self, prop: Property) -> dict[str, Any]:
        schema = self._type(prop.type)
        if schema == {"type": "string"}:
            schema |= {"format": prop.format} if prop.format else {}
            schema |= {"maxLength": prop.max_length} if prop.max_length else {}
        if prop.read_only:
            schema["readOnly"] = True
        if prop.name.endswith("Ref") and schema.get("properties", {}).keys() == {"value", "name"}:
            # QuickBooks takes the record by its id and fills its name in itself.
            schema["properties"]["name"]["readOnly"] = True
            if prop.name in self._references:
                schema["properties"]["value"]["x-weft-reference"] = self._references[prop.name]
        return schema

    def _type(self, text: str) -> dict[str, Any]:
        if text in PRIMITIVES:
            return {"type": text}
        if text.endswith("[]"):
            return {"type": "array", "items": self._element(text.removesuffix("[]").strip("()"))}
        if text.startswith('"'):
            return {"type": "string", "enum": re.findall(r'"([^"]+)"', text)}
        return self.schema(text) if text in self._bodies else {}

    def _element(self, text: str) -> dict[str, Any]:
        members = [member.strip() for member in text.split("|")]
        if len(members) == 1:
            return self._type(members[0])
        kept = [member for member in members if member.split("_Line_")[-1] not in self._left_out]
        return self._variants([self.schema(member) for member in kept])

    def _variants(self, members: list[dict[str, Any]]) -> dict[str, Any]:
        """One object for all kinds of line: `DetailType` says which fields each kind must have."""
        merged: dict[str, Any] = {}
        kinds: list[str] = []
        conditions = []
        for member in members:
            kind = member["properties"]["DetailType"]["enum"][0]
            # Some declarations write the detail's name in another case than its kind.
            spelling = {name.lower(): name for name in (kind, "DetailType")}
            names = {name: spelling.get(name.lower(), name) for name in member["properties"]}
            for name, schema in member["properties"].items():
                merged.setdefault(names[name], schema)
            kinds.append(kind)
            conditions.append(
                {
                    "if": {
                        "properties": {"DetailType": {"const": kind}},
                        "required": ["DetailType"],
                    },
                    "then": {"required": [names.get(name, name) for name in member["required"]]},
                }
            )
        merged["DetailType"] = {"type": "string", "enum": kinds}
        return {
            "type": "object",
            "properties": merged,
            "additionalProperties": False,
            "required": sorted(set.intersection(*(set(each["required"]) for each in members))),
            "allOf": conditions,
        }


def entity_schema(declarations: Declarations, described: dict[str, Any]) -> dict[str, Any]:
    schema = declarations.schema(described["interface"], frozenset(described.get("leave_out", [])))
    schema["properties"] |= described.get("add", {})
    for path, extra in described.get("fields", {}).items():
        if path not in described.get("without", []):
            annotate(schema, path, extra)
    return schema


def main() -> None:
    described = annotations("quickbooks")
    with npm_package(PACKAGE, VERSION, SHA256) as package:
        source = Path(package, "dist", "qbTypes.d.ts").read_text(encoding="utf-8")
    declarations = Declarations(source, described["common"])
    for name, entity in described["entities"].items():
        common = described["common"]
        entity["add"] = common["add"] | entity.get("add", {})
        write_entity("quickbooks", name, entity, entity_schema(declarations, entity))


if __name__ == "__main__":
    main()
