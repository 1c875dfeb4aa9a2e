"""What the example request costs in calls and tokens, by the loopback API's rule of counting.

    python -m tests.bench claude_tokens

Tokens there are four signs each, split as the API splits them: read from the cache, written to
it, and the rest. The second row is the same request again while the cache is warm.
"""

from rich.console import Console
from rich.table import Table

from pipeline.analysts.usage import ModelCall
from tests.analysts.claude.conftest import ask, claude_on
from tests.models import agreeable


def main() -> None:
    table = Table("run", "purpose", "model", "input", "cache read", "cache written", "output", "$")
    for column in table.columns[3:]:
        column.justify = "right"
    with claude_on(agreeable()) as claude:
        for run in ("cold", "warm"):
            before = len(claude.ledger.recorded)
            request = ask(f"{ask().text} " if run == "warm" else ask().text)
            claude.analyst.research(request, lambda doing: None)
            made = claude.ledger.recorded[before:]
            for call in made:
                table.add_row(run, call.purpose, call.model, *_numbers([call]))
            table.add_row(run, f"all {len(made)} calls", "", *_numbers(made), end_section=True)
    Console(width=110).print(table)


def _numbers(calls: list[ModelCall]) -> list[str]:
    counts = [
        sum(getattr(call, name) for call in calls)
        for name in ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")
    ]
    return [*(f"{count:,}" for count in counts), f"{sum(call.cost or 0 for call in calls):.4f}"]
