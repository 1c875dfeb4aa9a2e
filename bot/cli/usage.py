"""`weft usage`: what Claude's calls used, by integration, and what a workspace has left today."""

import json
from collections.abc import Mapping
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.settings import load_settings
from bot.wiring import Wiring
from pipeline.analysts.usage import UsageSummary, start_of_day, summary
from pipeline.errors import UsageError

_COLUMNS = ("calls", "input", "from cache", "output", "cost", "seconds")


def add_to(app: typer.Typer) -> None:
    app.command("usage")(usage)


def usage(
    integration: Annotated[str, typer.Argument(help="One integration, call by call.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Tokens, cache hits, cost and time of each integration, and the limits of workspaces."""
    wiring = Wiring(load_settings())
    used = _stages(wiring, integration) if integration else _integrations(wiring)
    today = {} if integration else _today(wiring)
    head = "stage" if integration else "integration"
    if as_json:
        shown = {name: one.model_dump() for name, one in used.items()}
        typer.echo(json.dumps({f"{head}s": shown, "today": today}, indent=2))
        return 0
    console = Console()
    console.print(_table(head, used) if used else "No call of Claude is recorded yet.")
    for team, (spent, limit) in today.items():
        console.print(f"{team}: {spent:,} of {limit:,} tokens today (UTC)", highlight=False)
    return 0


def _integrations(wiring: Wiring) -> dict[str, UsageSummary]:
    return {f"{team} {name}".strip(): one for (team, name), one in wiring.usage.totals().items()}


def _today(wiring: Wiring) -> dict[str, tuple[int, int]]:
    """Of each workspace, the tokens used today and how many it may use."""
    midnight, limit = start_of_day(wiring.clock.now()), wiring.settings.weft_daily_tokens
    teams = dict.fromkeys(team for team, _ in wiring.usage.totals())
    return {team: (wiring.usage.tokens_since(team, midnight), limit) for team in teams}


def _stages(wiring: Wiring, integration: str) -> dict[str, UsageSummary]:
    """Of one integration, what each stage of the work used."""
    calls = wiring.usage.calls(integration)
    if not calls:
        raise UsageError(f"No call of Claude is recorded for “{integration}”.")
    by_purpose = sorted(calls, key=lambda call: call.purpose)
    grouped = groupby(by_purpose, key=lambda call: call.purpose)
    return {purpose: summary(list(made)) for purpose, made in grouped}


def _table(head: str, used: Mapping[str, UsageSummary]) -> Table:
    table = Table(head, *_COLUMNS)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, one in used.items():
        table.add_row(name, *_cells(one))
    return table


def _cells(used: UsageSummary) -> list[str]:
    cost = "not known" if used.cost is None else f"${used.cost:.4f}"
    numbers = (used.calls, used.whole_input, used.cache_read_tokens, used.output_tokens)
    return [*(f"{number:,}" for number in numbers), cost, f"{used.seconds:.1f}"]
