"""Where egress may go."""

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.platforms.local import addresses
from pipeline.platforms.local.addresses import PublicOnly, fill, locate
from pipeline.platforms.local.protocol import CallRefused

BASE = "https://api.example.com/v3/company/7"


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/orders", f"{BASE}/orders"),
        ("orders?limit=5", f"{BASE}/orders?limit=5"),
        ("?page=2", f"{BASE}?page=2"),
        ("", BASE),
        (f"{BASE}/orders?page=2", f"{BASE}/orders?page=2"),
        ("/orders?next=https://elsewhere.com/../x", f"{BASE}/orders?next=https://elsewhere.com/../x"),
        ("/query?query=select%20*%20from%20Item", f"{BASE}/query?query=select%20*%20from%20Item"),
        ("/files/a%2Fb", f"{BASE}/files/a%2Fb"),
    ],
)  # fmt: skip
def test_paths_stand_below_the_base_url(path: str, url: str) -> None:
    assert str(locate(BASE, path)) == url


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example.com/v3/company/7/orders",
        "http://api.example.com/v3/company/7/orders",
        "https://api.example.com:444/v3/company/7/orders",
        "https://user:pass@api.example.com/v3/company/7/orders",
        "https://api.example.com/v3/company/77",
        "https://api.example.com/",
        "//evil.example.com/x",
        "/orders//x",
        "/../8/orders",
        "/orders/../../8",
        "/%2e%2e/8",
        "/%252e%252e/8",
        "/.%2e/8",
        "/..\\8",
        "/orders#fragment",
        "/orders\r\nX-Injected: 1",
        "/orders\x00",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_whatever_leaves_the_base_url_is_refused(path: str) -> None:
    with pytest.raises(CallRefused):
        locate(BASE, path)


@given(st.text(alphabet=st.sampled_from("/.:@%2eE5\\?#ab\t"), max_size=24))
def test_no_path_leads_out(path: str) -> None:
    try:
        url = locate(BASE, path)
    except CallRefused:
        return
    assert url.host == "api.example.com"
    assert url.scheme == "https"
    assert url.path == "/v3/company/7" or url.path.startswith("/v3/company/7/")


def test_config_is_filled_in_braces_plain_or_escaped() -> None:
    filled = fill(
        "https://{shop}.example.com/%7Brealm_id%7D/{other}", {"shop": "a", "realm_id": "7"}
    )

    assert filled == "https://a.example.com/7/{other}"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "0.0.0.0", "224.0.0.1",
     "100.64.0.1", "fe80::1%eth0"],
)  # fmt: skip
def test_private_addresses_are_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(addresses.anyio, "getaddrinfo", resolving_to(address))

    with pytest.raises(CallRefused, match="private"):
        asyncio.run(get("https://api.example.com/", frozenset()))


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses.anyio, "getaddrinfo", resolving_to("93.184.216.34", "10.0.0.1"))

    with pytest.raises(CallRefused, match="private"):
        asyncio.run(get("https://api.example.com/", frozenset()))


def test_the_judged_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses.anyio, "getaddrinfo", resolving_to("93.184.216.34"))
    seen: list[httpx.Request] = []

    async def remember(self: object, request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", remember)

    asyncio.run(get("https://api.example.com/orders", frozenset()))

    assert seen[0].url.host == "93.184.216.34"
    assert seen[0].headers["host"] == "api.example.com"
    assert seen[0].extensions["sni_hostname"] == "api.example.com"


def resolving_to(*found: str):  # type: ignore[no-untyped-def]
    async def getaddrinfo(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", (address, 443)) for address in found]

    return getaddrinfo


async def get(url: str, allowed: frozenset[str]) -> httpx.Response:
    async with httpx.AsyncClient(transport=PublicOnly(allowed)) as client:
        return await client.get(url)


def test_each_host_has_one_pool_of_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    class Pool(httpx.AsyncBaseTransport):
        def __init__(self, verify: object) -> None:
            made.append(self)

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200)

    monkeypatch.setattr(httpx, "AsyncHTTPTransport", Pool)

    async def ask() -> None:
        async with httpx.AsyncClient(transport=PublicOnly(frozenset({"a", "b"}))) as client:
            for host in ("a", "b", "a", "b"):
                await client.get(f"http://{host}/")

    asyncio.run(ask())

    assert len(made) == 2
