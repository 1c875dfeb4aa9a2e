"""`weft serve`: the web process, with Slack's requests and what waits to be posted."""

import contextlib
import socket
from typing import Annotated

import typer
import uvicorn

from bot.serving import slack_bot
from bot.settings import load_settings
from bot.wiring import Wiring
from bot.work import working


def add_to(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="The port; else PORT, or 3000.")] = None,
    with_worker: Annotated[
        bool, typer.Option("--with-worker", help="Work in this process too.")
    ] = False,
) -> None:
    """Serve Slack: requests over HTTP, or Socket Mode where SLACK_APP_TOKEN is set."""
    settings = load_settings()
    settings.port = port or settings.port
    wiring = Wiring(settings)
    with contextlib.ExitStack() as stack:
        if with_worker:
            stack.enter_context(working(wiring, f"{socket.gethostname()}-serve"))
        bot = stack.enter_context(slack_bot(wiring))
        # The access log would hold OAuth codes, which stand in addresses.
        uvicorn.run(
            bot.server,
            host=host,
            port=settings.port,
            log_level="warning",
            access_log=False,
        )
