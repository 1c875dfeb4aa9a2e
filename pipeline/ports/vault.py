"""Where secrets are kept."""

from collections.abc import Mapping
from typing import Protocol


class Vault(Protocol):
    """Secrets, encrypted and bound to where they belong."""

    def put(self, team: str, integration_id: str, system: str, secrets: Mapping[str, str]) -> str:
        """Keep secrets (field -> value); gives a reference that says nothing about them."""
        ...

    def get(self, reference: str) -> dict[str, str]:
        """StoreError where the reference is unknown or the key is missing."""
        ...

    def replace(
        self, reference: str, secrets: Mapping[str, str], *, expected: Mapping[str, str]
    ) -> bool:
        """Put new secrets in the place of the expected ones, a refreshed token's say.

        False (and no change) where they are others by now: somebody else was first.
        """
        ...

    def delete(self, reference: str) -> None: ...
    def forget(self, team: str, integration_id: str) -> None:
        """Delete all that an integration has here; where it has nothing, nothing happens."""
        ...
