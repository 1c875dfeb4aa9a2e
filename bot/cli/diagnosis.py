"""`weft doctor`: every setting and dependency: present, working, or what to do."""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from bot.checking import Check, State
from bot.settings import Settings, load_settings
from bot.slack_checks import slack_checks
from bot.wiring import Wiring
from pipeline.errors import WeftError


def add_to(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Look at every setting and dependency; exit 1 where something needed does not work."""
    checks = list(diagnose())
    if as_json:
        typer.echo(json.dumps([check.model_dump() for check in checks], indent=2))
    else:
        for check in checks:
            optional = "" if check.needed else " (optional)"
            typer.echo(f"{check.state:8} {check.name}{optional}: {check.detail}")
    return 1 if any(check.needed and check.state != "ok" for check in checks) else 0


def diagnose() -> Iterator[Check]:
    try:
        settings = load_settings()
    except WeftError as error:
        yield Check(name="settings", state="broken", detail=str(error))
        return
    yield Check(name="settings", state="ok", detail=f"home {settings.weft_home}")
    wiring = Wiring(settings)
    version = sys.version.split()[0]
    yield Check(name="Python", state="ok", detail=version)
    yield _tried("Deno", lambda: str(wiring.deno.executable))
    yield _tried("database", lambda: _database(wiring))
    yield _tried("secret keys", lambda: _vault(wiring))
    yield _tried("catalogue", lambda: f"{len(wiring.catalogue.systems())} systems")
    yield from _optional(settings)
    yield _versori(wiring)
    yield from slack_checks(settings)


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name=name, state="ok", detail=look())
    except WeftError as error:
        return Check(name=name, state="broken", detail=str(error))


def _database(wiring: Wiring) -> str:
    count = len(wiring.store.list())
    kind = wiring.settings.database_url.split(":")[0]
    return f"{kind}, {count} integrations"


def _vault(wiring: Wiring) -> str:
    """Write a secret and read it again."""
    reference = wiring.vault.put("doctor", "doctor", "doctor", {"check": "value"})
    try:
        works = wiring.vault.get(reference) == {"check": "value"}
    finally:
        wiring.vault.delete(reference)
    return "encrypts and decrypts" if works else "does not give back what it was given"


def _optional(settings: Settings) -> Iterator[Check]:
    yield _setting(
        "Slack bot token",
        settings.slack_bot_token is not None,
        "set SLACK_BOT_TOKEN to run in a Slack workspace",
    )
    yield _setting(
        "Slack signing secret",
        settings.slack_signing_secret is not None,
        "set SLACK_SIGNING_SECRET, from the app's page Basic Information",
    )
    yield _setting(
        "Slack app token",
        settings.slack_app_token is not None,
        "set SLACK_APP_TOKEN for Socket Mode, where Slack can't reach this machine",
    )
    yield _setting(
        "Claude",
        settings.anthropic_api_key is not None,
        "set ANTHROPIC_API_KEY; without it the offline analyst reads requests",
    )
    yield _setting(
        "public address",
        settings.weft_public_url is not None,
        "set WEFT_PUBLIC_URL so that other systems can send webhooks and OAuth callbacks",
    )


def _versori(wiring: Wiring) -> Check:
    """Needed only where it is the platform; then without it nothing can be set up."""
    chosen = wiring.settings.weft_platform == "versori"
    found = _tried("Versori CLI", lambda: wiring.versori.describe())
    state: State = found.state if chosen or found.state == "ok" else "missing"
    return found.model_copy(update={"state": state, "needed": chosen})


def _setting(name: str, present: bool, advice: str) -> Check:
    if present:
        return Check(name=name, state="ok", detail="set", needed=False)
    return Check(name=name, state="missing", detail=advice, needed=False)
