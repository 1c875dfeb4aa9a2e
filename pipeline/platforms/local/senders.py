"""Senders of webhooks: whether a request comes from a system that is connected."""

from collections.abc import Mapping
from typing import NamedTuple

from pipeline.catalogue.model import Signature
from pipeline.catalogue.signing import Delivered, secret_of
from pipeline.errors import PlatformError
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import CallRefused
from pipeline.platforms.local.signatures import signature_of, verify
from pipeline.platforms.local.vaulted import Secrets
from pipeline.ports import Clock, SystemSpec


class Proven(NamedTuple):
    ok: bool
    system: str | None  # whose sender it is; None where that can't be told
    secret_headers: frozenset[str]  # those whose value is itself a secret, in lower case


class _Signing(NamedTuple):
    system: str
    signature: Signature
    connection: Connection | None


class Senders:
    def __init__(self, ledger: Ledger, secrets: Secrets, clock: Clock) -> None:
        self._ledger = ledger
        self._secrets = secrets
        self._clock = clock

    async def prove(
        self,
        place: Place,
        activation: str,
        wanted: str | None,
        headers: Mapping[str, str],
        delivered: Delivered,
    ) -> Proven:
        """Whether the sender proved itself as the `wanted` system.

        A workflow that names none takes what any linked system signed; where none of those that
        are asked signs, the address is all that a sender must know.
        """
        linked = {system.name: system for system in self._ledger.projects.linked_systems(*place)}
        if wanted is not None and wanted not in linked:
            return Proven(False, None, frozenset())
        asked = linked.values() if wanted is None else [linked[wanted]]
        signing = [
            _Signing(system.name, signature, connection)
            for system in asked
            for connection in [self._connection(place, activation, system.name)]
            if (signature := _signature(system, connection, is_wanted=wanted is not None))
        ]
        secret_headers = frozenset(
            one.signature.header.lower()
            for one in signing
            if not one.signature.algorithm.startswith("hmac")
        )
        for system_name, signature, connection in signing:
            secret = secret_of(signature, await self._secrets_of(connection))
            if verify(signature, secret, headers, delivered, self._clock.now()):
                return Proven(True, system_name, secret_headers)
        return Proven(not signing, wanted, secret_headers)

    def _connection(self, place: Place, activation: str, system: str) -> Connection | None:
        try:
            return self._ledger.connections.get(*place, system, activation)
        except PlatformError:
            return None

    async def _secrets_of(self, connection: Connection | None) -> dict[str, str]:
        """Without its secrets nothing can be verified, so nothing is taken."""
        try:
            return await self._secrets.get(connection.vault_reference) if connection else {}
        except CallRefused:
            return {}


def _signature(
    system: SystemSpec, connection: Connection | None, *, is_wanted: bool
) -> Signature | None:
    if system.signature is not None or not is_wanted or connection is None:
        return system.signature
    return signature_of(connection.auth)
