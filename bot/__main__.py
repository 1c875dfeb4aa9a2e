"""The `weft` command: `weft …`, or `python -m bot …`."""

import logging
import sys

import typer
from typer.exceptions import TyperException

from bot.cli import (
    catalogue,
    customers,
    diagnosis,
    evaluation,
    live,
    playground,
    processes,
    run,
    serving,
    usage,
)
from pipeline.errors import UsageError, WeftError

app = typer.Typer(
    name="weft",
    help="Build data integrations with a team, in one thread.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
# As `weft --help` lists them: what people try first comes first.
playground.add_to(app)
run.add_to(app)
customers.add_to(live.app)
app.add_typer(live.app, name="live")
app.add_typer(catalogue.app, name="catalogue")
diagnosis.add_to(app)
serving.add_to(app)
processes.add_to(app)
usage.add_to(app)
evaluation.add_to(app)


def main() -> None:
    sys.exit(_exit_code(sys.argv[1:]))


def _exit_code(arguments: list[str]) -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        return int(app(arguments, prog_name="weft", standalone_mode=False) or 0)
    except TyperException as error:
        context = getattr(error, "ctx", None)  # of wrong usage: the command that was meant
        command = context.command_path if context else "weft"
        said = error.format_message().replace("Value error, ", "").rstrip(".")
        typer.echo(f"{said}. “{command} --help” shows how it is used.", err=True)
        return UsageError.exit_code
    except WeftError as error:
        typer.echo(str(error), err=True)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("Interrupted. What was made is kept.", err=True)
        return 1


if __name__ == "__main__":
    main()
