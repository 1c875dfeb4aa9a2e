"""Write WooCommerce's entities from the type declarations of a pinned package.

Run from the repository's root: `python scripts/extract_woocommerce.py`. Taken over are names and
types; which fields are kept is said in annotations/woocommerce.yaml.
"""

from pathlib import Path

from declared import kept
from pinned import annotations, npm_package, write_entity

PACKAGE = "woocommerce-rest-ts-api"
VERSION = "8.0.0"
SHA256 = "b7fb786e8767fe86faf9a7e55a9d6c089db7bdbb07564d5943cc1b7cb5f8e63d"


def main() -> None:
    with npm_package(PACKAGE, VERSION, SHA256) as package:
        models = Path(package, "dist", "src", "types", "models", "index.d.ts")
        source = models.read_text(encoding="utf-8")
    for name, described in annotations("woocommerce")["entities"].items():
        schema = kept(source, described["type"], described["fields"])
        schema["properties"] |= described.get("add", {})
        schema["required"] = described["required"]
        write_entity("woocommerce", name, described, schema)


if __name__ == "__main__":
    main()
