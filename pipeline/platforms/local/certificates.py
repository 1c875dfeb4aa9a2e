"""Client certificates: how a connection proves itself in the handshake of TLS."""

import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp

import httpx

from pipeline.platforms.local.ledger.connections import Connection
from pipeline.platforms.local.protocol import CallRefused


class Certificates:
    """One TLS context a connection, made anew when its credentials change."""

    def __init__(self) -> None:
        self._contexts: dict[str, tuple[str | None, ssl.SSLContext]] = {}

    def context(self, connection: Connection, secrets: Mapping[str, str]) -> ssl.SSLContext:
        """With the fields `certificate`, `private_key`, and perhaps `passphrase` and
        `ca_certificate` (of a server that only its owner vouches for), all in PEM."""
        reference, context = self._contexts.get(connection.id, (None, None))
        if context is None or reference != connection.vault_reference:
            context = _context(secrets)
            self._contexts[connection.id] = (connection.vault_reference, context)
        return context


def _context(secrets: Mapping[str, str]) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    try:
        if secrets.get("ca_certificate"):
            context.load_verify_locations(cadata=secrets["ca_certificate"])
        _load_key(context, secrets)
    except (ssl.SSLError, ValueError) as error:
        raise CallRefused(
            "NotConnected",
            "The client certificate or its key can't be read: connect the system again, with both "
            "in PEM, and with the key's passphrase if it has one.",
        ) from error
    return context


def _load_key(context: ssl.SSLContext, secrets: Mapping[str, str]) -> None:
    """OpenSSL reads keys from files only: this one is nobody else's, and gone at once."""
    both = f"{secrets.get('private_key', '')}\n{secrets.get('certificate', '')}\n"
    descriptor, path = mkstemp(prefix="weft-", suffix=".pem")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(both)
        # Without a passphrase here, OpenSSL would ask for it at the terminal.
        context.load_cert_chain(path, password=secrets.get("passphrase") or "-")
    finally:
        Path(path).unlink()
