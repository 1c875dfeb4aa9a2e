"""How soon Slack has its acknowledgement under load, beside a bare Bolt app in the same run.

Both take the same signed events over HTTP: messages in the threads of integrations, each of which
Weft saves before it acknowledges, and the bare app throws away.
"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import uvicorn
from pydantic import SecretStr
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from starlette.types import ASGIApp

from bot.playground.people import BOT_USER, TEAM_ID
from bot.playground.server import Playground
from bot.server import create_server
from bot.serving import slack_bot
from bot.settings import Settings
from bot.wiring import Wiring
from pipeline.conversation import Thread
from pipeline.engine import Worker

REQUESTS, AT_ONCE, WARM_UP, THREADS = 600, 10, 60, 40
SECRET = "the-signing-secret"
_CHANNEL, _USER = "C0INTEGR01", "U0OPS00001"


def main() -> None:
    bare, weft = [], []
    with TemporaryDirectory() as home, _bare() as bare_url, _weft(Path(home)) as weft_url:
        for number in range(3):  # in turn, so that both meet the same machine
            for url, seconds in ((bare_url, bare), (weft_url, weft)):
                seconds += asyncio.run(_load(f"{url}/slack/events", number))
    print(f"{REQUESTS * 3} events to each, {AT_ONCE} at once:")
    for name, seconds in (("bare Bolt app", bare), ("Weft", weft)):
        print(f"{name:>14}: p50 {_percentile(seconds, 50):6.1f} ms, "
              f"p99 {_percentile(seconds, 99):6.1f} ms")  # fmt: skip
    for percent in (50, 99):
        ratio = _percentile(weft, percent) / _percentile(bare, percent)
        print(f"p{percent} of Weft is {ratio:.1f} times the bare app's")


def _percentile(seconds: list[float], percent: int) -> float:
    """In milliseconds."""
    return quantiles(seconds, n=100)[percent - 1] * 1000


async def _load(url: str, run: int) -> list[float]:
    """Seconds until each acknowledgement, without those of the warm-up."""
    waiting = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(timeout=30.0, trust_env=False) as client:

        async def send(number: int) -> float:
            body = json.dumps(_event(f"17{run}{number:07}.000100", _thread(number % THREADS)))
            headers = _headers(body)
            async with waiting:
                started = time.perf_counter()
                answer = await client.post(url, content=body, headers=headers)
            answer.raise_for_status()
            return time.perf_counter() - started

        taken = await asyncio.gather(*(send(number) for number in range(WARM_UP + REQUESTS)))
    return list(taken[WARM_UP:])


def _thread(number: int) -> str:
    return f"1600{number:06}.000100"


def _event(ts: str, thread: str) -> dict[str, Any]:
    message = {
        "type": "message",
        "channel": _CHANNEL,
        "user": _USER,
        "text": "and the note of the order, please",
        "ts": ts,
        "thread_ts": thread,
    }
    authorization = {"team_id": TEAM_ID, "user_id": BOT_USER, "is_bot": True}
    return {
        "type": "event_callback",
        "team_id": TEAM_ID,
        "api_app_id": "A0WEFT0001",
        "event_id": f"Ev{ts}",
        "event_time": int(float(ts)),
        "authorizations": [authorization],
        "event": message,
    }


def _headers(body: str) -> dict[str, str]:
    timestamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body)
    assert signature is not None
    return {
        "content-type": "application/json",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature,
    }


@contextmanager
def _bare() -> Iterator[str]:
    """Bolt with one listener that does nothing, behind the same server."""

    def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=TEAM_ID, bot_token="xoxb-1", bot_user_id=BOT_USER
        )

    executor = ThreadPoolExecutor(16)
    app = App(
        signing_secret=SECRET,
        authorize=authorize,
        process_before_response=True,
        listener_executor=executor,
    )
    app.event("message")(lambda: None)
    with executor, _served(create_server(app, lambda: None)) as url:
        yield url


@contextmanager
def _weft(home: Path) -> Iterator[str]:
    """The bot as `weft serve` runs it, with an integration in each thread."""
    with Playground() as slack:
        settings = Settings(
            slack_bot_token=SecretStr(slack.app.bot_token),
            slack_signing_secret=SecretStr(SECRET),
            slack_api_url=slack.api_url,
            weft_home=home,
        )
        wiring = Wiring(settings)
        # A worker that does nothing: it makes the queue's tables.
        Worker(settings.engine_url, "bench", lambda *_: None, lambda _: True, tuple).close()
        for number in range(THREADS):
            place = Thread(team=TEAM_ID, channel=_CHANNEL, thread=_thread(number))
            wiring.conversation.start(place, _USER, "sync new Shopify orders to QuickBooks")
        with slack_bot(wiring) as bot, _served(bot.server) as url:
            yield url
        wiring.database.close()


@contextmanager
def _served(application: ASGIApp) -> Iterator[str]:
    # With the protocol named, asyncio sends each answer at once instead of waiting for more.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(application, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


if __name__ == "__main__":
    main()
