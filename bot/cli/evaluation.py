"""`weft eval`: how well requests are understood, by aspect."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.run import Analyst
from bot.settings import load_settings
from bot.wiring import Wiring
from bot.work import TERMINAL
from pipeline.analysts.assignment import Assignment, assigned
from pipeline.analysts.evaluating import evaluate
from pipeline.analysts.requests_file import read_requests
from pipeline.analysts.scoring import Score, totals
from pipeline.analysts.usage import UsageSummary, footer, summary
from pipeline.integration import new_id


def add_to(app: typer.Typer) -> None:
    app.command("eval")(score_requests)


def score_requests(
    file: Annotated[Path, typer.Argument(help="Requests with what their plans should contain.")],
    analyst: Analyst = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Plan each request of a file and compare the plans with its labels."""
    requests = read_requests(file)
    wiring = Wiring(load_settings())
    # Alone: a score of Claude's must not be the rules' where a call failed.
    reader = wiring.analyst(analyst.value if analyst else None, alone=True)
    today = wiring.clock.now().date().isoformat()
    evaluation = Assignment(new_id("eval"), TERMINAL)
    with assigned(evaluation):
        scores = evaluate(requests, file.parent, reader, wiring.catalogue, today)
    calls = wiring.usage.calls(evaluation.integration_id) if reader.name == "claude" else []
    used = summary(calls)
    if as_json:
        typer.echo(json.dumps(_as_json(scores, used), indent=2, ensure_ascii=False))
    else:
        _show(scores, Console())
        if used.calls:
            typer.echo(footer(used))
    return 0


def _as_json(scores: list[Score], used: UsageSummary) -> dict[str, object]:
    return {
        "requests": [{**one.model_dump(mode="json"), "right": one.right} for one in scores],
        "totals": {
            aspect: {"right": right, "of": asked}
            for aspect, (right, asked) in totals(scores).items()
        },
        "right": sum(one.right for one in scores),
        "of": len(scores),
        **({"usage": used.model_dump()} if used.calls else {}),
    }


def _show(scores: list[Score], console: Console) -> None:
    table = Table("aspect", "right", "of", "share")
    counted = {**totals(scores), "whole request": (sum(s.right for s in scores), len(scores))}
    for aspect, (right, asked) in counted.items():
        table.add_row(aspect, str(right), str(asked), f"{right / asked:.0%}" if asked else "")
    console.print(table)
    for one in scores:
        for check in one.checks:
            if not check.right:
                console.print(
                    f"{one.id}: {check.aspect}: expected {_short(check.expected)}, "
                    f"found {_short(check.found)}",
                    markup=False, highlight=False,
                )  # fmt: skip
        if one.trouble:
            console.print(f"{one.id}: {one.trouble}", markup=False, highlight=False)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:199]}…"
