"""Requests with what a correct plan of each contains, as a YAML file lists them.

Regexes are case-insensitive and match anywhere. `map` holds pairs of a source path's and a target
path's regex. `attachment` is a file beside the list.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, TypeAdapter, ValidationError

from pipeline.errors import UsageError
from pipeline.plan.model import Role, TriggerKind

AuthName = Literal[
    "none", "api-key", "basic-auth", "hmac", "certificate",
    "oauth2-authorization-code", "oauth2-client-credentials", "oauth2-password",
]  # fmt: skip


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"“{pattern}” is no regular expression: {error}") from error
    return pattern


Regex = Annotated[str, AfterValidator(_compiles)]


class _Listed(BaseModel):
    """What a list may say beyond these fields is not scored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ExpectedTrigger(_Listed):
    kind: TriggerKind | None = None
    event: Regex | None = None
    cron: str | None = None
    timezone: str | None = None


class Expected(_Listed):
    """One request; what it leaves out is not scored."""

    id: str
    text: str
    attachment: str | None = None
    in_scope: bool
    vague: bool = False
    systems: dict[str, Role] = {}
    trigger: ExpectedTrigger | None = None
    auth: dict[str, AuthName] = {}
    source_entity: Regex | None = None
    target_entity: Regex | None = None
    upsert_key: Regex | None = None
    filter: Regex | None = None
    map: list[tuple[Regex, Regex]] = []
    multi_tenant: bool | None = None
    bidirectional: bool | None = None


def read_requests(path: Path) -> list[Expected]:
    """The requests of a file; UsageError where it is none, with what is wrong."""
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        requests = TypeAdapter(list[Expected]).validate_python(content)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not a text file.") from error
    except yaml.YAMLError as error:
        raise UsageError(f"{path} is not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise UsageError(f"{path} is no list of requests: {_first(error)}.") from error
    doubled = {one.id for one in requests if sum(each.id == one.id for each in requests) > 1}
    if doubled:
        raise UsageError(f"{path} has ids that stand twice: {', '.join(sorted(doubled))}.")
    return requests


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "the file"
    return f"{place}: {first['msg']}"
