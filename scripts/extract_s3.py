"""Write Amazon S3's entities from the service description of a pinned package.

Run from the repository's root: `python scripts/extract_s3.py`. Taken over are names, types and
enumerations of what a list answers, which is read-only; which fields are kept is said in
annotations/s3.yaml.
"""

import gzip
import json
from pathlib import Path
from typing import Any

from pinned import annotations, wheel, write_entity

PACKAGE = "botocore"
VERSION = "1.44.5"
SHA256 = "8f16a56d1dff125dd65322ae021efa7ba5195a6db5102b96862566055b748921"

TYPES = {
    "string": {"type": "string"},
    "timestamp": {"type": "string", "format": "date-time"},
    "long": {"type": "integer"},
}


def kept(shapes: dict[str, Any], shape: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """The wanted fields of a shape; KeyError names one that is not there."""
    properties = {}
    for name, extra in wanted.items():
        described = shapes[shapes[shape]["members"][name]["shape"]]
        values = {"enum": described["enum"]} if "enum" in described else {}
        flags = {"readOnly": True} | (extra or {})
        properties[name] = TYPES[described["type"]] | values | flags
    return properties


def main() -> None:
    with wheel(PACKAGE, VERSION, SHA256) as folder:
        packed = Path(folder, "botocore/data/s3/2006-03-01/service-2.json.gz").read_bytes()
    shapes = json.loads(gzip.decompress(packed))["shapes"]
    for name, described in annotations("s3")["entities"].items():
        properties = kept(shapes, described["shape"], described["fields"])
        schema = {"type": "object", "properties": properties} | described.get("schema", {})
        write_entity("s3", name, described, schema)


if __name__ == "__main__":
    main()
