"""`weft playground`: the whole product on this machine, with a local workspace in the browser."""

import contextlib
import shutil
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pydantic import SecretStr

from bot.cli.processes import wait_for_signal
from bot.playground.app_configuration import AppConfiguration
from bot.playground.server import HOST, Playground
from bot.serving import slack_bot
from bot.settings import Settings, load_settings
from bot.thread_poster import Pace
from bot.wiring import Wiring
from bot.work import working
from pipeline.platforms.local.discovery import stop_runner

PORT = 8765
MANIFEST = Path(__file__).parents[2] / "manifest.json"
# Nobody else shares this workspace, so posts need not wait a second for each other.
_PACE = Pace(posts_apart=0.1, edits_apart=0.5)


def add_to(app: typer.Typer) -> None:
    app.command("playground")(playground)


def playground(
    port: Annotated[int, typer.Option(help="The page's port.")] = PORT,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
) -> None:
    """Try Weft here: a local workspace, mock systems, and integrations that really run."""
    with running_playground(load_settings(), port) as double:
        typer.echo(f"The playground is at {double.page_url} — Ctrl-C ends it.")
        if not no_browser:
            _open_browser(double.page_url)
        wait_for_signal()


def _open_browser(address: str) -> None:
    """Only one with a window: a text browser would take the terminal."""
    with contextlib.suppress(webbrowser.Error):
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(address)


@contextmanager
def running_playground(settings: Settings, port: int = 0) -> Iterator[Playground]:
    """Workspace, bot, worker and runner, all on loopback; each start begins empty."""
    home = _empty_home(settings.weft_home / "playground")
    with contextlib.ExitStack() as stack:
        double = stack.enter_context(Playground(_app(), port=port))
        stack.callback(stop_runner, home)
        wiring = Wiring(_settings_for(settings, home, double))
        stack.enter_context(working(wiring, "playground"))
        listener = _listener()
        address = f"http://{HOST}:{listener.getsockname()[1]}"
        bot = stack.enter_context(slack_bot(wiring, _PACE, address))
        stack.enter_context(_served(bot.server, listener))
        double.deliver_to(f"{address}/slack/events")
        yield double


def _app() -> AppConfiguration:
    """As the manifest registers it; an installed package has none, and is granted everything."""
    return AppConfiguration.of_manifest(MANIFEST) if MANIFEST.exists() else AppConfiguration()


def _empty_home(home: Path) -> Path:
    """The workspace lives in memory, so what an earlier one left here would refer to nothing."""
    stop_runner(home)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, mode=0o700)
    return home


def _settings_for(settings: Settings, home: Path, double: Playground) -> Settings:
    return settings.model_copy(
        update={
            "slack_bot_token": SecretStr(double.app.bot_token),
            "slack_app_token": None,
            "slack_client_id": None,
            "slack_signing_secret": SecretStr(double.app.signing_secret),
            "slack_api_url": double.api_url,
            "weft_home": home,
            "weft_database_url": None,
            "weft_platform": "local",
        }
    )


def _listener() -> socket.socket:
    """On any free port; what connects before it is served waits."""
    # With the protocol named, asyncio sends each answer at once instead of waiting for more.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((HOST, 0))
    return listener


@contextmanager
def _served(app: object, listener: socket.socket) -> Iterator[None]:
    """Serve the bot's own endpoints, in a thread."""
    config = uvicorn.Config(app, log_level="warning", access_log=False)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="bot")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
