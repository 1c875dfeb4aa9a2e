"""When a record last changed, by the names that APIs have for it."""

from pipeline.catalogue.schema import fields
from pipeline.catalogue.shape import Schema

_UPDATED = (
    "updatedat", "lastupdatedtime", "lastmodifieddate", "hslastmodifieddate", "updateddateutc",
    "datemodifiedgmt", "datemodified", "systemmodstamp", "modifiedat", "modified", "updated",
    "lastchanged", "lasteditedtime",
)  # fmt: skip


def updated_field(schema: Schema) -> str | None:
    """The field with the time of a record's last change, where the schema has one."""
    by_name = {
        one.path.rsplit(".", 1)[-1].lower().replace("_", ""): one.path
        for one in reversed(fields(schema))
        if "[]" not in one.path
    }
    return next((by_name[name] for name in _UPDATED if name in by_name), None)
