"""Where egress may go: only inside a system's base URL, and never to a private address."""

import ipaddress
import re
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import unquote

import anyio
import httpx

from pipeline.platforms.local.protocol import CallRefused

# In braces, or in what `URL` of the generated code makes of braces.
_PLACEHOLDER = re.compile(r"(?:\{|%7B)([A-Za-z_][A-Za-z0-9_]*)(?:\}|%7D)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UNUSABLE = re.compile(r"[\x00-\x20\x7f\\#]")


TLS_CONTEXT = "weft_tls_context"  # extension of a request that brings a client certificate


def fill(template: str, config: Mapping[str, str]) -> str:
    """Put config values into `{name}`; names that the config does not have stay."""
    return _PLACEHOLDER.sub(lambda match: config.get(match[1], match[0]), template)


def unfilled(template: str) -> list[str]:
    return _PLACEHOLDER.findall(template)


def locate(base_url: str, path: str) -> httpx.URL:
    """The URL of a path (with its query) under the base URL; CallRefused where it leaves it."""
    try:
        base = httpx.URL(base_url.rstrip("/"))
        url = httpx.URL(path if _SCHEME.match(path) else _join(str(base), path))
    except httpx.InvalidURL as error:
        raise _refused(f"“{path[:80]}” is no path.") from error
    # The path is judged as it was written: httpx resolves dot segments when it parses.
    written = path.partition("?")[0]
    segments = unquote(unquote(written)).split("/")
    if _UNUSABLE.search(path) or ".." in segments or "." in segments:
        raise _refused(f"“{path[:80]}” holds characters or steps that a path may not hold.")
    same_origin = (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)
    inside = url.path == base.path or url.path.startswith(base.path.rstrip("/") + "/")
    if not same_origin or not inside or url.userinfo:
        raise _refused(f"“{path[:80]}” is outside the system's base URL.")
    return url


def _join(base: str, path: str) -> str:
    before_query = path.partition("?")[0]
    if "//" in before_query:
        raise _refused(f"“{path[:80]}” holds “//”: give a path below the base URL.")
    if not before_query:
        return base + path
    return f"{base}/{path.lstrip('/')}"


def _refused(message: str) -> CallRefused:
    return CallRefused("EgressRefused", message)


class PublicOnly(httpx.AsyncBaseTransport):
    """Connects only to public addresses, and to what is allowed by name: `host` or `host:port`.

    The address that was judged is the one connected to, so a name cannot change in between.
    """

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed
        # One a host, and a client certificate: a pooled connection was verified for one name, and
        # opened with one certificate, and must serve no other.
        self._transports: dict[tuple[str, ssl.SSLContext | None], httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        context = request.extensions.get(TLS_CONTEXT)
        if (host, context) not in self._transports:
            verify = True if context is None else context
            self._transports[host, context] = httpx.AsyncHTTPTransport(verify=verify)
        transport = self._transports[host, context]
        address = await self.address_of(request.url)
        if address is not None:
            request.url = request.url.copy_with(host=address)
            request.extensions = {**request.extensions, "sni_hostname": host}
        return await transport.handle_async_request(request)

    async def address_of(self, url: httpx.URL) -> str | None:
        """The address to connect to, or None for a host that is allowed by name.

        CallRefused of a private one; httpx.ConnectError where there is none.
        """
        if self._allowed & {url.host, f"{url.host}:{url.port}"}:
            return None
        return await _public_address(url)

    async def aclose(self) -> None:
        for transport in self._transports.values():
            await transport.aclose()


async def _public_address(url: httpx.URL) -> str:
    try:
        found = await anyio.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpx.ConnectError(f"{url.host} has no address") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        raise _refused(
            f"{url.host} is a private address; name it in WEFT_ALLOWED_HOSTS to reach it."
        )
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    judged = mapped or address
    return judged.is_global and not judged.is_multicast
