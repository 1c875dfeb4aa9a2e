"""Write the entities of Google's APIs from the discovery documents of a pinned package.

Run from the repository's root: `python scripts/extract_google.py`. Taken over are names, types,
formats, enumerations and what is read-only; which fields are kept, of which document and schema,
is said in annotations/<system>.yaml.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pinned import annotations, wheel, write_entity

PACKAGE = "google-api-python-client"
VERSION = "2.202.0"
SHA256 = "aaa90064c9bb642ff1d065b22ca8958a2cb6e345909cefe70d0e5452fc50e08b"

SYSTEMS = ("gmail", "google-calendar", "google-drive")
FORMATS = ("date", "date-time")
READ_ONLY = re.compile(r"(Output only|Read-only)\b")


def kept(document: Mapping[str, Any], node: Any, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """An object's schema, cut down to the wanted fields; KeyError names one that is not there.

    A wanted field has keywords to add, and `fields` where it is an object or a list of objects.
    """
    properties = {
        name: field(document, node["properties"][name], dict(extra or {}))
        for name, extra in wanted.items()
    }
    return {"type": "object", "properties": properties}


def field(document: Mapping[str, Any], node: Any, extra: dict[str, Any]) -> dict[str, Any]:
    inner = extra.pop("fields", None)
    flags = {"readOnly": True} if is_read_only(node) else {}
    node = resolved(document, node)
    if node["type"] == "array":
        items = resolved(document, node["items"])
        listed = kept(document, items, inner) if inner else scalar(items)
        return {"type": "array", "items": listed} | flags | extra
    return (kept(document, node, inner) if inner else scalar(node)) | flags | extra


def resolved(document: Mapping[str, Any], node: Any) -> Any:
    return document["schemas"][node["$ref"]] if "$ref" in node else node


def is_read_only(node: Mapping[str, Any]) -> bool:
    return bool(node.get("readOnly") or READ_ONLY.search(node.get("description", "")))


def scalar(node: Mapping[str, Any]) -> dict[str, Any]:
    """Whole numbers of 64 bits are text there; the other formats that are kept are dates."""
    schema: dict[str, Any] = {"type": node["type"]}
    if node.get("format") in FORMATS:
        schema["format"] = node["format"]
    if "enum" in node:
        schema["enum"] = node["enum"]
    return schema


def main() -> None:
    with wheel(PACKAGE, VERSION, SHA256) as folder:
        for system in SYSTEMS:
            described = annotations(system)
            documents = Path(folder, "googleapiclient/discovery_cache/documents")
            source = documents / f"{described['document']}.json"
            document = json.loads(source.read_text(encoding="utf-8"))
            for name, entity in described["entities"].items():
                schema = kept(document, document["schemas"][entity["schema"]], entity["fields"])
                schema["required"] = entity.get("required", [])
                schema["properties"] |= entity.get("added", {})
                write_entity(system, name, entity, schema)


if __name__ == "__main__":
    main()
