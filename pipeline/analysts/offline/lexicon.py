"""Ordinary words as data: `lexicon.yaml` says what each list is for."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def listed(*names: str) -> frozenset[str]:
    """The words of these lists together."""
    return frozenset(word for name in names for word in _content()[name])


@cache
def table(name: str) -> dict[str, Any]:
    """Word -> what stands for it."""
    return dict(_content()[name])


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("lexicon.yaml").read_text(encoding="utf-8")
    )
    return content
