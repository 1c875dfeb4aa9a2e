"""The command line's own configuration: which organisation a Slack workspace works in."""

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, SecretStr, ValidationError

from pipeline.errors import PlatformError
from pipeline.model import Value

PLATFORM_URL = "https://platform.versori.com/api/v2/"
_SLACK_TEAM = re.compile(r"[TE][A-Z0-9]{8,}")


class Context(Value):
    """One organisation and the token for it, under the name that the command line knows."""

    name: str
    organisation_id: str = Field(min_length=1)
    jwt: SecretStr = Field(min_length=1)
    url_overwrite: str = ""

    @property
    def url(self) -> str:
        """Where the API is, with a slash at the end."""
        return (self.url_overwrite or PLATFORM_URL).rstrip("/") + "/"


class Contexts:
    """The file is read at every use: people renew tokens while Weft runs."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def of_team(self, team: str) -> Context:
        """The context named like the Slack workspace, else the active one.

        An active context that belongs to another workspace is nobody else's.
        """
        content = self._read()
        active = str(content.get("active_context") or "")
        if team in self._all(content):
            return self.named(team)
        if active and not _SLACK_TEAM.fullmatch(active):
            return self.named(active)
        raise PlatformError(
            f"{self.path} has no Versori context for the workspace {team}: add one with "
            f"`versori context add --name {team} --organisation ID --jwt TOKEN`, then say “retry”."
        )

    def named(self, name: str) -> Context:
        found = self._all(self._read()).get(name)
        if not isinstance(found, dict):
            raise PlatformError(
                f"{self.path} has no Versori context “{name}”: add it with "
                f"`versori context add --name {name} --organisation ID --jwt TOKEN`, then say "
                "“retry”."
            )
        known = {key: found[key] for key in Context.model_fields if found.get(key)}
        try:
            return Context.model_validate(known | {"name": name})
        except ValidationError as error:
            wrong = ", ".join(str(item["loc"][0]) for item in error.errors(include_input=False))
            raise PlatformError(
                f"The Versori context “{name}” in {self.path} lacks {wrong}: add the context anew."
            ) from None

    def _all(self, content: dict[str, Any]) -> dict[str, Any]:
        contexts = content.get("contexts") or {}
        if not isinstance(contexts, dict):
            raise self._unreadable()
        return contexts

    def _read(self) -> dict[str, Any]:
        try:
            content = yaml.safe_load(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            content = None
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            raise self._unreadable() from None
        if content is None:
            raise PlatformError(
                f"The Versori command line has no configuration at {self.path}: run `versori "
                "context add`, or name another file in VERSORI_CONFIG."
            )
        if not isinstance(content, dict):
            raise self._unreadable()
        return content

    def _unreadable(self) -> PlatformError:
        return PlatformError(
            f"{self.path} is no configuration of the Versori command line: mend it, or make it "
            "anew with `versori context add`."
        )
