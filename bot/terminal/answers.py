"""The answers file of `weft run --answers`: what a person would say in the thread, in YAML."""

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, JsonValue, ValidationError, field_validator

from bot.settings import environment_variable
from pipeline.errors import UsageError
from pipeline.integration import TestCase
from pipeline.model import Value

_KEY = re.compile(r"[\w-]+\.\w+")
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")


class Answers(Value):
    answers: dict[str, str] = Field(default={}, description="question id or text -> answer")
    config: dict[str, JsonValue] = Field(default={}, description="`system.name` -> value")
    credentials: dict[str, str] = Field(default={}, description="`system.field` -> $VARIABLE")
    tests: list[TestCase] = []
    environment: str | None = None

    @field_validator("answers", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """YAML reads `yes` and `3` as no text, but an answer is what a person would type."""
        return {key: str(item) for key, item in value.items()} if isinstance(value, dict) else value

    @field_validator("config", "credentials")
    @classmethod
    def _keys(cls, value: dict[str, Any]) -> dict[str, Any]:
        for key in value:
            if not _KEY.fullmatch(key):
                raise ValueError(f"“{key}” must be written as system.name")
        return value

    @field_validator("credentials")
    @classmethod
    def _no_literals(cls, value: dict[str, str]) -> dict[str, str]:
        for key, item in value.items():
            if not _VARIABLE.fullmatch(item):
                raise ValueError(
                    f"{key} holds a literal; name an environment variable instead, as $NAME"
                )
        return value

    def secrets(self, system: str) -> dict[str, str]:
        """The credentials of one system, from the environment. UsageError for one not set."""
        found = {}
        for key, reference in self.credentials.items():
            owner, field = key.split(".", 1)
            if owner == system:
                found[field] = _variable(reference)
        return found

    def config_of(self, system: str) -> dict[str, JsonValue]:
        prefix = f"{system}."
        return {
            key.removeprefix(prefix): value
            for key, value in self.config.items()
            if key.startswith(prefix)
        }


def _variable(reference: str) -> str:
    match = _VARIABLE.fullmatch(reference)
    assert match is not None  # checked when the file was read
    value = environment_variable(match[1])
    if not value:
        raise UsageError(f"The environment variable {match[1]} is not set; it holds a credential.")
    return value


def read_answers(path: Path | None) -> Answers:
    """The file's answers; UsageError says what is wrong with it, and where."""
    if path is None:
        return Answers()
    try:
        content = yaml.safe_load(path.read_text())
        return Answers.model_validate(content or {})
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is not YAML: {str(error).splitlines()[0]}.") from error
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, item['loc'])) or 'the file'}: "
            f"{item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False)
        ]
        raise UsageError(f"{path} is wrong: {'; '.join(problems)}.") from None
