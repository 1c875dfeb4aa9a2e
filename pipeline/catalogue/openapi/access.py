"""Reading a document in which any value may be of any kind."""

from collections.abc import Mapping
from typing import Any

from pipeline.catalogue.shape import lookup

_MAX_HOPS = 20


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def listing(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def words(value: Any, most: int = 200) -> str:
    """A text on one line, cut to a length; "" for anything else."""
    return " ".join(value.split())[:most] if isinstance(value, str) else ""


def resolved(value: Any, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object that a local reference leads to, or the object itself."""
    for _ in range(_MAX_HOPS):
        reference = mapping(value).get("$ref")
        if not isinstance(reference, str):
            return mapping(value)
        value = lookup(reference, document)
    return {}


def json_schema(content: Any) -> Mapping[str, Any]:
    """The schema of a body's JSON form, or of its form-encoded one."""
    forms = mapping(content)
    ranked = sorted(forms, key=lambda name: ("json" not in name, "form" not in name))
    return mapping(mapping(forms[ranked[0]]).get("schema")) if ranked else {}
