"""Write GitHub's entities from the OpenAPI description in a pinned package.

Run from the repository's root: `python scripts/extract_github.py`. Taken over are names, types
and enumerations; which fields are kept is said in annotations/github.yaml.
"""

import json
from pathlib import Path
from typing import Any

from pinned import annotations, npm_package, write_entity

PACKAGE = "@octokit/openapi"
VERSION = "23.0.2"
SHA256 = "71a18407dd5e8464f4e0525daf03deabbe65abd9287d6adc7b5d98f516cd0d0c"

KEPT = ("type", "format", "enum")


class Components:
    """The description's schemas, turned into JSON Schema one field at a time."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._schemas = document["components"]["schemas"]

    def kept(self, node: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        """An object, cut down to the wanted fields; KeyError names one that is not there."""
        known = self._flat(node)["properties"]
        properties = {
            name: self._field(known[name], dict(extra or {})) for name, extra in wanted.items()
        }
        return {"type": "object", "properties": properties}

    def named(self, name: str) -> dict[str, Any]:
        return dict(self._schemas[name])

    def _flat(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in node:
            return self._flat(self._schemas[node["$ref"].rpartition("/")[2]])
        parts = node.get("allOf") or node.get("oneOf") or node.get("anyOf")
        if not parts:
            return node
        objects = [part for each in parts if "properties" in (part := self._flat(each))]
        chosen = objects[0] if objects else self._flat(parts[0])
        return {**chosen, "nullable": node.get("nullable", chosen.get("nullable"))}

    def _field(self, node: dict[str, Any], extra: dict[str, Any]) -> dict[str, Any]:
        inner = extra.pop("fields", None)
        flat = self._flat(node)
        if flat.get("type") == "array":
            items = self._flat(flat["items"])
            schema = self.kept(items, inner) if inner else self._scalar(items)
            return {"type": "array", "items": schema} | extra
        schema = self.kept(flat, inner) if inner else self._scalar(flat)
        if flat.get("nullable"):
            schema["type"] = [schema["type"], "null"]
            schema |= {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return schema | extra

    def _scalar(self, flat: dict[str, Any]) -> dict[str, Any]:
        return {word: flat[word] for word in KEPT if word in flat}


def main() -> None:
    with npm_package(PACKAGE, VERSION, SHA256) as package:
        description = Path(package, "generated", "api.github.com.json")
        components = Components(json.loads(description.read_bytes()))
    for name, described in annotations("github")["entities"].items():
        schema = components.kept(components.named(described["schema"]), described["fields"])
        schema["properties"] |= described.get("add", {})
        schema["required"] = described["required"]
        write_entity("github", name, described, schema)


if __name__ == "__main__":
    main()
