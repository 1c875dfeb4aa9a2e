"""Write Zendesk's entities from the type declarations of a pinned package.

Run from the repository's root: `python scripts/extract_zendesk.py`. Taken over are names, types
and enumerations; which fields are kept is said in annotations/zendesk.yaml.
"""

from pathlib import Path

from declared import kept
from pinned import annotations, npm_package, write_entity

PACKAGE = "node-zendesk"
VERSION = "6.0.1"
SHA256 = "d9b1df66bb91eb2cafaaa4123548fabfb74a06be6668bfed9329a6fbb19fc645"


def main() -> None:
    with npm_package(PACKAGE, VERSION, SHA256) as package:
        folder = Path(package, "dist", "types", "clients", "core")
        source = "".join(
            (folder / f"{name}.d.ts").read_text(encoding="utf-8")
            for name in ("tickets", "users", "organizations", "ticketfields", "groups")
        )
    for name, described in annotations("zendesk")["entities"].items():
        schema = kept(source, described["type"], described["fields"])
        schema["properties"] |= described.get("add", {})
        schema["required"] = described["required"]
        write_entity("zendesk", name, described, schema)


if __name__ == "__main__":
    main()
