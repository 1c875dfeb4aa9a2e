"""Check every GraphQL document of the Shopify entry against the vendor's own schema.

Run from the repository's root: `python scripts/check_shopify_graphql.py`. The schema is read from
a pinned package and thrown away again.
"""

import gzip
import json
import sys

import yaml
from graphql import build_client_schema, parse, validate
from pinned import SYSTEMS, npm_package

PACKAGE = "@shopify/dev-mcp"
VERSION = "1.16.0"
SHA256 = "4663c79229028e98f825a09d5f04ec6c3736331b740ce50260f9ffac10709474"
API_VERSION = "2026-10"


def main() -> int:
    with npm_package(PACKAGE, VERSION, SHA256) as package:
        packed = package / "dist" / "data" / f"admin_{API_VERSION}.json.gz"
        described = json.loads(gzip.decompress(packed.read_bytes()))["data"]
    # graphql-core is stricter about deprecated fields of interfaces than the vendor is.
    schema = build_client_schema(described, assume_valid=True)
    operations = yaml.safe_load((SYSTEMS / "shopify" / "operations.yaml").read_text("utf-8"))
    wrong = [
        f"{operation['id']}: {error.message}"
        for operation in operations
        for error in validate(schema, parse(operation["graphql"]))
    ]
    print("\n".join(wrong) or f"{len(operations)} documents are valid against {API_VERSION}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
