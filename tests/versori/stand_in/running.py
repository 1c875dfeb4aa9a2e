"""What a running command works with: its context, the API, its output, its ways to fail."""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from tests.versori.stand_in.parsing import Values

Body = Any
FIXED_HOST = "https://platform.versori.com/api/sparkboard/v1alpha1"
TIMEOUT = 300.0


class Failure(Exception):
    """Ends the command: what failed, and why."""

    def __init__(self, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.told = f"Message: \n  {_indented(message)}\n"
        if reason:
            self.told += f"Reason:\n  {_indented(reason)}\n"


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ")


class Refused(Exception):
    """Why a request brought nothing, in the words that a reason is given in."""


@dataclass(frozen=True)
class Running:
    values: Values
    positional: list[str]
    context: Mapping[str, str]

    # ---- What it was told ----------------------------------------------------------------------

    def text(self, name: str) -> str:
        return str(self.values.get(name, ""))

    def asked(self, name: str, what: str) -> str:
        """The flag's value, or else a question on the terminal, for ever."""
        return self.text(name) or prompt(f"failed to read {what}")

    @property
    def project(self) -> str:
        if project := self.text("project") or self._pinned().get("project_id", ""):
            return str(project)
        where = "(provide --project or run sync first)"
        raise Failure(f"project id not provided and not found in .versori {where}")

    @staticmethod
    def _pinned() -> dict[str, str]:
        pin = Path(".versori")
        pinned: dict[str, str] = json.loads(pin.read_text()) if pin.is_file() else {}
        return pinned

    @property
    def organisation_id(self) -> str:
        return self.context["organisation_id"]

    # ---- The API -------------------------------------------------------------------------------

    def call(
        self,
        method: str,
        path: str,
        body: Body = None,
        *,
        failing: str,
        host: str = "",
        **query: str,
    ) -> Body:
        try:
            return self.request(method, path, body, host=host, **query)
        except Refused as refused:
            raise Failure(f"failed to {failing}", str(refused)) from None

    def of_organisation(self, method: str, path: str, body: Body = None, **options: str) -> Body:
        return self.call(method, f"o/{self.organisation_id}/{path}", body, **options)

    def request(
        self, method: str, path: str, body: Body = None, *, host: str = "", **query: str
    ) -> Body:
        base = host or self.context["url_overwrite"]
        url = f"{base}/{path}"
        if query:
            url += f"?{urllib.parse.urlencode(query)}"
        headers = {"Authorization": f"JWT {self.context['jwt']}", "Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        content = send(method, url, data, headers, base)
        try:
            return json.loads(content) if content else None
        except ValueError as error:
            raise Refused(f"failed to decode response: {error}") from None

    def project_body(self, failing: str = "get project") -> Body:
        return self.of_organisation("GET", f"projects/{self.project}", failing=failing)

    def environment_id(self) -> str:
        """Of the environment that was named."""
        wanted = self.text("environment")
        for environment in self.project_body()["environments"]:
            if environment["name"] == wanted:
                return str(environment["id"])
        raise Failure(f"environment [{wanted}] not found in project")

    # ---- What it says --------------------------------------------------------------------------

    def show(self, value: Body) -> None:
        if self.text("output") != "json":
            print(f"unsupported output format '{self.text('output')}'", file=sys.stderr)
            sys.exit(1)
        print(json.dumps(value, separators=(",", ":"), ensure_ascii=False), end="")

    def show_list(self, kind: str, items: list[Body]) -> None:
        if items:
            self.show({"type": kind, "items": items})
        else:
            print("(no items)")


def send(
    method: str, url: str, data: bytes | None, headers: dict[str, str], base: str = ""
) -> bytes:
    request = urllib.request.Request(url, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            content: bytes = answer.read()
            return content
    except urllib.error.HTTPError as error:
        raise Refused(_told(error, f"http {method} {base}: status {error.code}")) from None
    except (OSError, ValueError) as error:
        raise Refused(f'{method.capitalize()} "{url}": {error}') from None
    except http.client.HTTPException:  # an answer that broke off
        raise Refused("failed to read response: unexpected EOF") from None


def _told(error: urllib.error.HTTPError, otherwise: str) -> str:
    content = error.read().decode(errors="replace").strip()
    try:
        body = json.loads(content)
        return f"API Message: {body['message']}\nAPI Details: {body.get('details', '')}"
    except (ValueError, KeyError, TypeError):
        return f"{otherwise}: {content}" if content else otherwise


def prompt(failure: str) -> NoReturn:
    """A question goes to the terminal itself, whatever standard input is; nobody answers here."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        reason = "could not open a new TTY: open /dev/tty: no such device or address"
        raise Failure(failure, f"huh: {reason}") from None
    os.write(terminal, b"> ")
    while True:
        time.sleep(60)


def load_context(path: Path, name: str) -> dict[str, str]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    configured = yaml.safe_load(path.read_text()) or {}
    wanted = name or configured.get("active_context")
    if not wanted:
        sys.exit("You have no active context\nTry running\n\tversori context set")
    contexts = configured.get("contexts", {})
    if wanted not in contexts:
        sys.exit(f'Context "{wanted}" does not exist\nTry running\n\tversori context add')
    context: dict[str, str] = contexts[wanted]
    return context
