"""What a mock keeps for longer than its process lives; by default nothing.

Secrets are kept as fingerprints: enough to know them again, and nothing to use.
"""

import hashlib
from typing import Protocol

from pydantic import JsonValue


class Memory(Protocol):
    """Contents by kind and key."""

    def put(self, kind: str, key: str, content: JsonValue) -> None: ...
    def forget(self, kind: str, key: str) -> None: ...
    def all(self, kind: str) -> dict[str, JsonValue]:
        """In the order in which they were first put."""
        ...


class NoMemory:
    """Of a mock that ends with its process."""

    def put(self, kind: str, key: str, content: JsonValue) -> None:
        return

    def forget(self, kind: str, key: str) -> None:
        return

    def all(self, kind: str) -> dict[str, JsonValue]:
        return {}


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
