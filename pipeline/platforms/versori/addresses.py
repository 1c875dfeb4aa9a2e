"""Base URLs: what Versori keeps with a system, and what a connection gives."""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from pipeline.errors import ConnectionRefused

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def host(base_url: str) -> str:
    """The host, without the labels that only a connection fills in; empty where none is left."""
    whole = base_url.partition("://")[2].partition("/")[0].partition(":")[0]
    return ".".join(label for label in whole.split(".") if label and "{" not in label)


def path(base_url: str) -> str:
    return base_url.partition("://")[2].partition("/")[2]


def is_open(address: str) -> bool:
    """Whether something in it is still to be filled in."""
    return _PLACEHOLDER.search(address) is not None


def filled(system: str, address: str, config: Mapping[str, JsonValue]) -> str:
    """ConnectionRefused where a value is missing, so that it is asked for again."""
    missing = [name for name in _PLACEHOLDER.findall(address) if config.get(name) in (None, "")]
    if missing:
        raise ConnectionRefused(
            system, f"The address of {system} needs {', '.join(missing)}: enter it."
        )
    return _PLACEHOLDER.sub(lambda match: str(config[match[1]]), address)
