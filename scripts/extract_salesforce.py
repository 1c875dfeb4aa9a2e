"""Write Salesforce's entities from the standard objects that a pinned package declares.

Run from the repository's root: `python scripts/extract_salesforce.py`. Taken over are names,
types and what may be null; which fields are kept is said in annotations/salesforce.yaml.
"""

from pathlib import Path

from declared import kept
from pinned import annotations, npm_package, write_entity

PACKAGE = "jsforce"
VERSION = "3.10.16"
SHA256 = "92328a90cb849a4e6496a4cb20d3d9ad443fa24545fcbda14a888fc4afc783a4"


def main() -> None:
    with npm_package(PACKAGE, VERSION, SHA256) as package:
        declarations = Path(package, "lib", "types", "standard-schema.d.ts")
        source = declarations.read_text(encoding="utf-8")
    for name, described in annotations("salesforce")["entities"].items():
        schema = kept(source, f"Fields${described['object']}", described["fields"])
        schema["required"] = described["required"]
        write_entity("salesforce", name, described, schema)


if __name__ == "__main__":
    main()
