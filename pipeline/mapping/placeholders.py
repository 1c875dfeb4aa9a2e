"""Texts with fields filled in: `{path}` as it stands, `{path|transform}` converted first."""

import re
from typing import NamedTuple

from pipeline.catalogue.schema import FieldInfo
from pipeline.mapping.transforms import TRANSFORMS, choose

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_FOR_PEOPLE = FieldInfo(path="", type="any", unit="major")


class Placeholder(NamedTuple):
    text: str  # between the braces
    path: str
    transform: str | None


def placeholders(template: str) -> list[Placeholder]:
    """Those of a template in order, each once."""
    return [_parsed(text) for text in dict.fromkeys(_PLACEHOLDER.findall(template))]


def placeholder(field: FieldInfo) -> str:
    """How a field stands in a template that people read: cents as amounts, seconds as times."""
    conversion = choose(field, _FOR_PEOPLE)
    return f"{{{field.path}|{conversion.name}}}" if conversion else f"{{{field.path}}}"


def converts(name: str) -> bool:
    """Whether a transform can stand in a template: of one value, with nothing else to say."""
    spec = TRANSFORMS.get(name)
    needed = [one for one in spec.arguments if one.required] if spec else []
    return spec is not None and spec.shape == "value" and not needed


def _parsed(text: str) -> Placeholder:
    path, _, transform = text.partition("|")
    return Placeholder(text, path, transform or None)
