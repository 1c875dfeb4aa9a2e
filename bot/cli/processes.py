"""The processes of the Procfile: `weft migrate`, `weft runner`, `weft worker`."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.settings import load_settings
from bot.wiring import Wiring
from bot.work import run_worker
from pipeline.engine import prepare
from pipeline.platforms.local.discovery import stop_runner


def add_to(app: typer.Typer) -> None:
    app.command("migrate")(migrate)
    app.command("runner")(runner)
    app.command("worker")(worker)


def migrate() -> None:
    """Bring the database to this version's tables, the engine's own among them."""
    settings = load_settings()
    Wiring(settings).database.close()
    prepare(settings.engine_url)
    typer.echo(f"{settings.database_url.split('@')[-1]} is up to date.")


def runner(
    port: Annotated[int | None, typer.Option(help="Else the usual one, or any free.")] = None,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the one that runs.")] = False,
) -> None:
    """Run the local platform: integrations, their egress, webhooks and schedules."""
    if stop:
        stopped = stop_runner(load_settings().weft_home)
        typer.echo("The runner is stopped." if stopped else "No runner runs.")
        return
    # Imported here: it takes as long as all the rest, and only this command needs it.
    from pipeline.platforms.local.limits import Limits
    from pipeline.platforms.local.retention import Retention
    from pipeline.platforms.local.runner import serve

    settings = load_settings()
    wiring = Wiring(settings)
    serve(
        settings.weft_home,
        port,
        wiring.vault,
        wiring.catalogue,
        wiring.clock,
        public_url=settings.weft_public_url or "",
        allowed_hosts=settings.allowed_hosts,
        limits=Limits(
            memory_megabytes=settings.weft_child_memory_mb,
            idle_seconds=settings.weft_child_idle_seconds,
        ),
        retention=Retention(settings.weft_keep_days, settings.weft_keep_versions),
    )


def worker(
    name: Annotated[str, typer.Option(help="Unique among the workers.")] = "",
) -> None:
    """Advance integrations, until stopped."""
    with ending_on_signal() as stop:
        run_worker(Wiring(load_settings()), name or socket.gethostname(), stop)


def wait_for_signal() -> None:
    """Returns when somebody ends the process, by Ctrl-C or SIGTERM."""
    with ending_on_signal() as stop:
        stop.wait()


@contextmanager
def ending_on_signal() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set while the block runs, so that it can end in order."""
    stop = threading.Event()
    before = [(each, signal.signal(each, lambda *_: stop.set())) for each in _ENDINGS]
    try:
        yield stop
    finally:
        for each, handler in before:
            signal.signal(each, handler)


_ENDINGS = (signal.SIGTERM, signal.SIGINT)
