"""The vault, as the runner's event loop uses it."""

import asyncio
from collections.abc import Mapping

from pipeline.errors import StoreError
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.protocol import CallRefused
from pipeline.ports import Vault


class Secrets:
    """The vault, off the event loop."""

    def __init__(self, vault: Vault, ledger: Ledger) -> None:
        self._vault = vault
        self._ledger = ledger

    async def get(self, reference: str | None) -> dict[str, str]:
        if reference is None:
            return {}
        try:
            return await asyncio.to_thread(self._vault.get, reference)
        except StoreError as error:
            raise CallRefused("NotConnected", str(error)) from error

    async def put(self, connection: Connection, secrets: Mapping[str, str]) -> str:
        project = self._ledger.projects.get(connection.project_id)
        return await asyncio.to_thread(
            self._vault.put, project.team, project.integration_id, connection.system, secrets
        )

    async def delete(self, reference: str) -> None:
        await asyncio.to_thread(self._vault.delete, reference)
