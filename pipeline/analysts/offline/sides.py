"""Both sides of a mapping: a schema, and where its records stand."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema

ACCEPTED = 0.8  # matching is calibrated: at or above this, 95 % and more are right


@dataclass(frozen=True)
class Side:
    """A schema, and where its records stand: "" for the record, `line_items[]` for elements."""

    schema: Schema
    prefix: str = ""

    def fields(self) -> list[FieldInfo]:
        return fields(self.schema)

    def path(self, inner: str) -> str:
        return f"{self.prefix}.{inner}" if self.prefix else inner
