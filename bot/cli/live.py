"""`weft live`: what runs, how it goes, and what can be done about it, in the terminal."""

from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.pages.content import event_row
from bot.posting import post_pending
from bot.settings import load_settings
from bot.terminal.announcer import ConsoleAnnouncer
from bot.wiring import Wiring
from bot.work import TERMINAL
from pipeline.errors import UsageError
from pipeline.integration import Integration
from pipeline.live.capabilities import Eventful
from pipeline.live.place import LivePlace
from pipeline.live.replaying import eventful

app = typer.Typer(help="What is live: list it, look at it, replay, pause, run, delete.")

Id = Annotated[str, typer.Argument(help="The integration's id, as “weft live list” shows it.")]
On = Annotated[str, typer.Option("--on", help="The environment, where it is live on several.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask once more.")]


@app.command("list")
def list_live() -> None:
    """Everything that is live, with what failed and is kept."""
    wiring, table = Wiring(load_settings()), Table(box=None, header_style="dim")
    for column in ("integration", "environment", "version", "state", "failed, kept"):
        table.add_column(column)
    for integration in wiring.store.list():
        for environment, live in integration.live.items():
            state = "paused" if live.paused else "live"
            kept = _kept(wiring.operations.place(integration.id, environment))
            table.add_row(integration.id, environment, str(live.number or ""), state, kept)
    if table.row_count:
        Console().print(table)
    else:
        typer.echo("Nothing is live.")


@app.command()
def events(integration: Id, on: On = "", limit: int = 20) -> None:
    """What came in, newest first, and what became of it."""
    place = _place(integration, on)
    platform = eventful(place.platform)
    kept = {event.id for event in platform.unsettled(place.project, place.environment)}
    found = platform.events(place.project, place.environment, limit=limit)
    console = Console()
    for row in (event_row(event, kept) for event in found):
        line = f"{row.received}  {row.workflow}  {row.words}  {row.reason}".rstrip()
        console.print(Text(line), soft_wrap=True)
    if not found:
        typer.echo("Nothing has come in yet.")


@app.command()
def logs(integration: Id, on: On = "") -> None:
    """The latest lines."""
    wiring = Wiring(load_settings())
    typer.echo(wiring.operations.logs(known(wiring, integration).id, on))


@app.command()
def replay(integration: Id, on: On = "") -> None:
    """Deliver again every event that failed and is kept."""
    _do(integration, lambda wiring, id_: wiring.operations.replay(id_, on))


@app.command()
def run(integration: Id, on: On = "", workflow: str = "") -> None:
    """Start what a schedule or a person starts, now."""
    _do(integration, lambda wiring, id_: wiring.operations.run_now(id_, on, workflow))


@app.command()
def pause(integration: Id, on: On = "") -> None:
    """Keep events and deliver none."""
    _do(integration, lambda wiring, id_: wiring.operations.pause(id_, on))


@app.command()
def resume(integration: Id, on: On = "") -> None:
    """Deliver again."""
    _do(integration, lambda wiring, id_: wiring.operations.resume(id_, on))


@app.command("roll-back")
def roll_back(integration: Id, on: On = "", to: int | None = None) -> None:
    """Make the version before live again, or the one of that number."""
    _do(integration, lambda wiring, id_: wiring.operations.roll_back(id_, on, to))


@app.command()
def backfill(integration: Id, since: str, on: On = "", yes: Yes = False) -> None:
    """Read everything since a date, such as 2026-01-31."""
    propose(integration, lambda wiring, id_: wiring.proposals.backfill(id_, on, since), yes)


@app.command()
def delete(integration: Id, yes: Yes = False) -> None:
    """Stop it everywhere and remove it."""
    propose(integration, lambda wiring, id_: wiring.proposals.delete(id_), yes)


def _place(integration_id: str, on: str) -> LivePlace:
    wiring = Wiring(load_settings())
    return wiring.operations.place(known(wiring, integration_id).id, on)


def known(wiring: Wiring, integration_id: str) -> Integration:
    try:
        return wiring.store.get(integration_id)
    except KeyError:
        raise UsageError(
            f"There is no integration {integration_id}. “weft live list” shows what is live."
        ) from None


def _kept(place: LivePlace) -> str:
    platform = place.platform
    if not isinstance(platform, Eventful):
        return "?"
    return str(len(platform.unsettled(place.project, place.environment)))


def _do(integration_id: str, what: Callable[[Wiring, str], None]) -> None:
    wiring = Wiring(load_settings())
    integration = known(wiring, integration_id)
    what(wiring, integration.id)
    show(wiring, integration)


def propose(integration_id: str, what: Callable[[Wiring, str], str], yes: bool) -> None:
    """What it will do, and then, confirmed, what came of it."""
    wiring = Wiring(load_settings())
    integration = known(wiring, integration_id)
    key = what(wiring, integration.id)
    show(wiring, integration)
    if yes or typer.confirm("Do it?"):
        wiring.proposals.confirm(integration.id, key, integration.requester)
    else:
        wiring.proposals.decline(integration.id, key, integration.requester)
    show(wiring, integration)


def show(wiring: Wiring, integration: Integration) -> None:
    """What was said; an integration of a thread hears it there."""
    if integration.team == TERMINAL:
        post_pending(wiring.store, ConsoleAnnouncer(Console()), integration.id)
    else:
        typer.echo("Done; its thread says what came of it.")
