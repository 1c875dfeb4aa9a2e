"""`weft run` and `weft plan`: requests in the terminal."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.settings import load_settings
from bot.terminal.announcer import ConsoleAnnouncer, JsonAnnouncer
from bot.terminal.answers import Answers, read_answers
from bot.terminal.people import ACTOR, Keyboard, Prepared
from bot.terminal.rendering import plan_summary
from bot.terminal.sample import show_sample
from bot.terminal.session import FAILED, FINISHED, OUT_OF_SCOPE, WAITING, Person, Session, alone
from bot.wiring import Wiring
from pipeline.analysts.usage import footer, summary
from pipeline.artifacts import STEPS, StepName
from pipeline.case import load_case
from pipeline.conversation import Thread
from pipeline.errors import UsageError
from pipeline.intake import take_in
from pipeline.integration import Attachment, Integration, new_id
from pipeline.plan.model import Plan
from pipeline.ports import Request
from pipeline.sandbox.project import write_project
from pipeline.services import Services

StepChoice = StrEnum("StepChoice", {step: step for step in STEPS})  # type: ignore[misc]


class AnalystChoice(StrEnum):
    offline = "offline"
    claude = "claude"


class PlatformChoice(StrEnum):
    local = "local"
    versori = "versori"


Attach = Annotated[
    list[Path] | None, typer.Option("--attach", help="An OpenAPI file or test cases.")
]
Analyst = Annotated[AnalystChoice | None, typer.Option("--analyst", help="Who reads the request.")]


def add_to(app: typer.Typer) -> None:
    app.command("run")(run)
    app.command("plan")(plan)


def run(
    text: Annotated[str, typer.Argument(help="The request, in your own words.")] = "",
    attach: Attach = None,
    answers: Annotated[Path | None, typer.Option(help="YAML with answers and credentials.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Approve every gate; use mocks.")] = False,
    until: Annotated[StepChoice | None, typer.Option(help="Stop after this step.")] = None,
    analyst: Analyst = None,
    platform: Annotated[PlatformChoice | None, typer.Option(help="Where it is to run.")] = None,
    environment: Annotated[str | None, typer.Option(help="Where to deploy.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the generated project here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    resume: Annotated[str | None, typer.Option(help="Go on with an integration, by id.")] = None,
    send_sample: Annotated[
        bool, typer.Option("--send-sample", help="Then send a sample event through it.")
    ] = False,
) -> int:
    """Take a request through the eight steps, here in the terminal."""
    settings = load_settings()
    if platform is not None:
        settings.weft_platform = platform.value
    given = read_answers(answers)
    attachments = _read_attachments(attach or [])
    _check_writable(out)
    wiring = Wiring(settings)
    integration = (
        _started(wiring, text, attachments, environment or given.environment)
        if resume is None
        else _resumed(wiring, resume)
    )
    for case in given.tests:
        wiring.conversation.add_test_case(integration.id, ACTOR, case)
    console = Console(stderr=as_json)
    session = _session(wiring, analyst, given, yes, as_json, console)
    last = next((step for step in STEPS if step == until), None)
    code = _run(session, wiring, integration, last, console)
    if code == FINISHED and out is not None:
        _write_out(session.services, integration.id, out, settings.weft_run_sdk)
    if (
        code == FINISHED
        and send_sample
        and not show_sample(session.services, integration.id, console)
    ):
        code = FAILED
    _show_usage(wiring, integration.id, as_json, console)
    if settings.weft_platform == "local":
        console.print("The local platform goes on; “weft runner --stop” stops it.", highlight=False)
    return code


def plan(
    text: Annotated[str, typer.Argument(help="The request, in your own words.")] = "",
    attach: Attach = None,
    analyst: Analyst = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
    schema: Annotated[bool, typer.Option("--schema", help="Print the plan's JSON Schema.")] = False,
) -> int:
    """Only scope and research: print the plan."""
    if schema:
        typer.echo(json.dumps(Plan.model_json_schema(), indent=2))
        return FINISHED
    wiring = Wiring(load_settings())
    taken = take_in(text, _read_attachments(attach or []), wiring.catalogue)
    for note in taken.notes:
        typer.echo(note, err=True)
    today = wiring.clock.now().date().isoformat()
    request = Request(text=taken.text, attachments=taken.specs, today=today)
    reader = wiring.analyst(analyst.value if analyst else None)
    scope = reader.scope(request)
    made = reader.research(request, lambda _: None) if scope.in_scope else Plan(scope=scope)
    if as_json:
        typer.echo(made.model_dump_json(indent=2))
    else:
        Console().print(plan_summary(made), highlight=False)
    return FINISHED if scope.in_scope else OUT_OF_SCOPE


def _started(
    wiring: Wiring, text: str, attachments: list[Attachment], environment: str | None
) -> Integration:
    thread = Thread(team="terminal", channel="terminal", thread=new_id("run"))
    environments = [environment] if environment else []
    return wiring.conversation.start(thread, ACTOR, text, attachments, environments)


def _resumed(wiring: Wiring, integration_id: str) -> Integration:
    """An earlier integration; what stopped or failed is tried again."""
    try:
        wiring.conversation.retry(integration_id, ACTOR)
    except KeyError:
        raise UsageError(f"There is no integration {integration_id}.") from None
    return wiring.store.get(integration_id)


def _session(
    wiring: Wiring,
    analyst: AnalystChoice | None,
    answers: Answers,
    yes: bool,
    as_json: bool,
    console: Console,
) -> Session:
    services = wiring.services(analyst.value if analyst else None)
    prepared = Prepared(wiring.conversation, services, answers, approve_all=yes)
    at_keyboard = not yes and not as_json and sys.stdin.isatty()
    person: Person = (
        Keyboard(wiring.conversation, services, prepared, console) if at_keyboard else prepared
    )
    announcer = JsonAnnouncer(sys.stdout) if as_json else ConsoleAnnouncer(console)
    return Session(services, wiring.conversation, announcer, person)


def _run(
    session: Session,
    wiring: Wiring,
    integration: Integration,
    until: StepName | None,
    console: Console,
) -> int:
    with alone(wiring.settings.weft_home, integration.id):
        try:
            code = session.run(integration.id, until)
        finally:
            session.announcer.close()
    if code == WAITING:
        console.print(
            f"Waiting for a person. Go on with: weft run --resume {integration.id}",
            highlight=False,
        )
    return code


def _show_usage(wiring: Wiring, integration_id: str, as_json: bool, console: Console) -> None:
    """What the model's calls for this integration used; nothing where there were none."""
    used = summary(wiring.usage.calls(integration_id))
    if used.calls and as_json:
        states = wiring.store.get(integration_id).steps
        step = [name for name in STEPS if states[name].status != "waiting"][-1]
        status = states[step].status if states[step].status in ("done", "failed") else "waiting"
        typer.echo(json.dumps({"step": step, "status": status, "usage": used.model_dump()}))
    elif used.calls:
        console.print(footer(used), style="dim", highlight=False)


def _read_attachments(paths: list[Path]) -> list[Attachment]:
    return [_read_attachment(path) for path in paths]


def _read_attachment(path: Path) -> Attachment:
    try:
        return Attachment(name=path.name, content=path.read_text())
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not a text file.") from error


def _check_writable(out: Path | None) -> None:
    """Said before the work, not after it."""
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{out} can't be made: {error.strerror}.") from error


def _write_out(services: Services, integration_id: str, out: Path, run_sdk: Path | None) -> None:
    case = load_case(services.store, integration_id, services.catalogue)
    write_project(case.files, out, run_sdk=run_sdk)
