"""`weft run --send-sample`: a sample event through the deployed integration, and what came out."""

import json
from typing import Any

from rich.console import Console
from rich.json import JSON
from rich.table import Table

from pipeline.case import load_case
from pipeline.errors import UsageError
from pipeline.platforms.local.client import LocalPlatform
from pipeline.services import Services
from pipeline.trial import Trial, run_trial


def show_sample(services: Services, integration_id: str, console: Console) -> bool:
    """Try every workflow once; whether all of them ended well."""
    if not isinstance(services.platform, LocalPlatform):
        raise UsageError("--send-sample needs the local platform: it has mocks.")
    case = load_case(services.store, integration_id, services.catalogue)
    trials = [run_trial(services.platform, case, workflow) for workflow in case.plan.workflows]
    for trial in trials:
        _show(trial, console)
    return all(trial.state == "done" for trial in trials)


def _show(trial: Trial, console: Console) -> None:
    console.print(f"[bold]Sample event through {trial.workflow}[/]: {trial.state} (mocked)")
    if trial.reason:
        console.print(trial.reason, highlight=False)
    table = Table(box=None, header_style="dim")
    for column in ("request", "status", "what it did"):
        table.add_column(column)
    for exchange in trial.exchanges:
        table.add_row(*_row(exchange))
    console.print(table)
    for record in trial.records:
        console.print(JSON(json.dumps(record)))


def _row(exchange: dict[str, Any]) -> tuple[str, str, str]:
    request = f"{exchange.get('method')} {exchange.get('path')}"
    return request, str(exchange.get("status")), str(exchange.get("effect") or "")
