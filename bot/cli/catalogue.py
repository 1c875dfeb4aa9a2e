"""`weft catalogue …`: what Weft knows of systems and their APIs."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import SystemEntry
from pipeline.errors import UsageError
from pipeline.mapping.match import candidates

app = typer.Typer(help="What Weft knows of systems and their APIs.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_systems() -> None:
    """A system a line."""
    catalogue = Catalogue.load()
    for name in catalogue.names():
        entry = catalogue.system(name)
        counts = f"{len(entry.entities)} entities, {len(entry.operations)} operations"
        typer.echo(f"{name}\t{entry.display_name}\t{entry.tier}\t{counts}")


@app.command()
def show(system: str, as_json: AsJson = False) -> None:
    """All that is known of one system, with its sources."""
    entry = _system(Catalogue.load(), system)
    if as_json:
        typer.echo(entry.model_dump_json(indent=2))
        return
    typer.echo(f"{entry.display_name} ({entry.name})  {entry.docs_url}")
    typer.echo(f"base URL: {entry.base_url}")
    for auth in entry.auth:
        typer.echo(f"auth: {auth.type}{f', {auth.grant}' if auth.grant else ''}")
    for operation in entry.operations:
        typer.echo(f"  {operation.action:8} {operation.method:6} {operation.path}  {operation.id}")
    for event in entry.events:
        typer.echo(f"  event    {event.name}")
    for fact in entry.facts:
        typer.echo(f"  fact: {fact.text} [{fact.grade}, {fact.verified_on}] {fact.source}")


@app.command()
def search(
    text: str,
    system: Annotated[str | None, typer.Option(help="Only this system.")] = None,
    spec: Annotated[Path | None, typer.Option(help="Also search this OpenAPI file.")] = None,
    limit: Annotated[int, typer.Option("-n", help="How many at most.", min=1)] = 5,
    as_json: AsJson = False,
) -> None:
    """Operations and events that a phrase may mean, best first."""
    catalogue = Catalogue.load()
    if spec is not None:
        catalogue = catalogue.with_spec(spec.name, _read(spec))
    if system is not None:
        _system(catalogue, system)
    hits = catalogue.search(text, system=system, limit=limit)
    rows = [
        {
            "system": hit.system,
            "operation": hit.operation,
            "method": hit.method,
            "path": hit.path,
            "score": round(hit.score, 3),
        }
        for hit in hits
    ]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    _print_table(rows)


@app.command()
def ingest(file: Path) -> None:
    """Check that an OpenAPI file can be used, and show what was read from it."""
    catalogue = Catalogue.load()
    added = catalogue.with_spec(file.name, _read(file))
    for name in sorted(set(added.names()) - set(catalogue.names())):
        entry = added.system(name)
        typer.echo(
            f"{name}: {entry.display_name}, {len(entry.entities)} entities, "
            f"{len(entry.operations)} operations, base URL {entry.base_url}"
        )


@app.command("map")
def map_fields(
    source: Annotated[str, typer.Option("--from", help="system.entity, or a JSON Schema file.")],
    target: Annotated[str, typer.Option("--to", help="system.entity, or a JSON Schema file.")],
    count: Annotated[int, typer.Option("-k", help="Candidates a field.", min=1)] = 3,
    as_json: AsJson = False,
) -> None:
    """For each source field, the target fields that it probably belongs to."""
    catalogue = Catalogue.load()
    found = candidates(_schema(catalogue, target), _schema(catalogue, source), k=count)
    rows: list[dict[str, Any]] = [
        {
            "source": field,
            "candidates": [
                {"target": item.source, "score": round(item.score, 3)} for item in items
            ],
        }
        for field, items in found.items()
    ]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    _print_table(
        [
            {"source": row["source"], "target": item["target"], "score": item["score"]}
            for row in rows
            for item in row["candidates"]
        ]
    )


def _print_table(rows: list[dict[str, Any]]) -> None:
    if not rows:
        typer.echo("Nothing found.")
        return
    table = Table(*rows[0], box=None, header_style="dim")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)


def _system(catalogue: Catalogue, name: str) -> SystemEntry:
    try:
        return catalogue.system(name)
    except KeyError:
        raise UsageError(
            f"Weft knows no system “{name}”. “weft catalogue list” shows those it knows."
        ) from None


def _schema(catalogue: Catalogue, name: str) -> dict[str, Any]:
    """The schema of `system.entity`, or of a file."""
    if Path(name).is_file():
        return _json_schema(Path(name))
    system, dot, entity = name.partition(".")
    if not dot:
        raise UsageError(f"“{name}” is neither a file nor written as system.entity.")
    entry = _system(catalogue, system)
    try:
        return entry.entity(entity).record_schema
    except KeyError:
        known = ", ".join(item.name for item in entry.entities)
        raise UsageError(f"{system} has no entity “{entity}”. It has: {known}.") from None


def _json_schema(path: Path) -> dict[str, Any]:
    try:
        schema = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is not JSON: {error}.") from error
    if not isinstance(schema, dict):
        raise UsageError(f"{path} is no JSON Schema: it is not an object.")
    return schema


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not a text file.") from error
