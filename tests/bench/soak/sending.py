"""Events as Shopify sends them: signed, some twice, a few unreadable, and again until accepted."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime

import httpx

from pipeline.catalogue.catalogue import Catalogue
from pipeline.simulation.signatures import signature_headers
from tests.bench.soak.integration import CREDENTIALS

AT_ONCE = 16
UNREADABLE_EVERY = 100
TWICE_EVERY = 50
_PAUSE_SECONDS = 0.2

Sent = Callable[[int], Awaitable[None]]


def email(number: int) -> str:
    return f"customer-{number}@example.com"


def is_unreadable(number: int) -> bool:
    return number % UNREADABLE_EVERY == 0


def body(number: int) -> bytes:
    customer = {
        "id": number,
        "email": email(number),
        "first_name": "Zoë",
        "last_name": f"Ångström {number}",
    }
    if is_unreadable(number):
        del customer["id"]
    return json.dumps(customer, ensure_ascii=False).encode()


def deliveries(numbers: range) -> Iterator[int]:
    """Every number, and some of them once more at once."""
    for number in numbers:
        yield number
        if number % TWICE_EVERY == 0 and not is_unreadable(number):
            yield number


async def send(url: str, numbers: range, after: Sent | None = None) -> int:
    """Deliver them all, whatever it takes; `after` is called with how many were accepted.

    Gives how many deliveries had to be sent again.
    """
    signature = Catalogue.load().system("shopify").signature
    assert signature is not None
    secret = CREDENTIALS["shopify"]["webhook_secret"]
    left = deliveries(numbers)
    accepted = again = 0

    async def deliver(client: httpx.AsyncClient) -> None:
        nonlocal accepted, again
        for number in left:
            content = body(number)
            headers = signature_headers(signature, secret, content, datetime.now(UTC))
            headers["content-type"] = "application/json"
            while not await _accepted(client, url, content, headers):
                again += 1
                await asyncio.sleep(_PAUSE_SECONDS)
            accepted += 1
            if after is not None:
                await after(accepted)

    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as client:
        await asyncio.gather(*(deliver(client) for _ in range(AT_ONCE)))
    return again


async def _accepted(
    client: httpx.AsyncClient, url: str, content: bytes, headers: dict[str, str]
) -> bool:
    try:
        answer = await client.post(url, content=content, headers=headers)
    except httpx.TransportError:
        return False
    return answer.is_success
