"""Reads an attachment as an OpenAPI document; whatever it is instead, InvalidSpec says so.

The text is hostile until shown otherwise: size, depth and the number of nodes are bounded before
anything is built from it, nothing outside it is followed, and what comes back is plain JSON.
"""

import json
import re
from typing import Any, NoReturn

import yaml

from pipeline.errors import InvalidSpec

_MEGABYTE = 1_000_000
_MAX_JSON = 20 * _MEGABYTE
_MAX_YAML = 8 * _MEGABYTE
_MAX_DEPTH = 100
_MAX_NODES = 2_000_000
_MAX_TEXT = 20_000
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EVENTS: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_EVENTS):  # type: ignore[misc]
    """YAML as JSON has it: a date stays text."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in _EVENTS.yaml_implicit_resolvers.items()
    }


def read_document(file_name: str, text: str) -> dict[str, Any]:
    """The document with local references only, its OpenAPI version checked."""
    content = _parse(file_name, text)
    if not isinstance(content, dict):
        raise InvalidSpec(f"{file_name} is no OpenAPI document. {_WANTED}")
    document = _Cleaner(file_name).clean(content)
    _check_version(file_name, document)
    return dict(document)


_WANTED = "Attach an OpenAPI 3.0 or 3.1 document, as JSON or YAML."


def _parse(file_name: str, text: str) -> Any:
    size = len(text.encode("utf-8", "replace"))
    if not text.strip():
        raise InvalidSpec(f"{file_name} is empty. {_WANTED}")
    if size > _MAX_JSON:
        raise InvalidSpec(
            f"{file_name} has {size / _MEGABYTE:.0f} MB, and 20 MB is the most that can be read. "
            "Leave out the parts that the integration does not use."
        )
    try:
        if text.lstrip()[0] == "{":
            return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        if size > _MAX_YAML or isinstance(error, RecursionError):
            raise InvalidSpec(f"{file_name} cannot be read as JSON: {_brief(error)}.") from error
    if size > _MAX_YAML:
        raise InvalidSpec(
            f"{file_name} has {size / _MEGABYTE:.0f} MB of YAML, and 8 MB is the most that can be "
            "read. Convert it into JSON, or leave out what the integration does not use."
        )
    return _parse_yaml(file_name, text)


def _parse_yaml(file_name: str, text: str) -> Any:
    try:
        _measure_yaml(file_name, text)
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError) as error:
        # PyYAML's constructors leak plain Python errors for values that a tag does not fit.
        raise InvalidSpec(
            f"{file_name} can be read neither as JSON nor as YAML: {_brief(error)}. {_WANTED}"
        ) from error


def _measure_yaml(file_name: str, text: str) -> None:
    """Refuse depth and alias bombs, from the stream of events, before anything is built."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(text, Loader=_EVENTS):
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((anchor, total))
            total += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            name, before = open_nodes.pop()
            if name:
                sizes[name] = total - before
        elif isinstance(event, yaml.AliasEvent):
            # An alias of a node that is still open would contain itself.
            total += sizes.get(anchor or "", _MAX_NODES)
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            if anchor:
                sizes[anchor] = 1
        if len(open_nodes) > _MAX_DEPTH or total > _MAX_NODES:
            raise InvalidSpec(f"{file_name} is nested too deeply or repeats itself too often.")


class _Cleaner:
    """Copies a value as plain JSON, within bounds."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._nodes_left = _MAX_NODES

    def clean(self, value: Any, depth: int = 0) -> Any:
        self._nodes_left -= 1
        if depth > _MAX_DEPTH or self._nodes_left < 0:
            raise InvalidSpec(f"{self._file_name} is nested too deeply or is too large.")
        if isinstance(value, dict):
            return {
                _text(str(key)): self.clean(each, depth + 1)
                for key, each in value.items()
                if not _is_remote(key, each)
            }
        if isinstance(value, list):
            return [self.clean(each, depth + 1) for each in value]
        if isinstance(value, str):
            return _text(value)
        if value is None or isinstance(value, bool | int | float):
            return value if _is_json_number(value) else None
        raise InvalidSpec(f"{self._file_name} holds a value that JSON cannot hold. {_WANTED}")


def _is_remote(key: Any, value: Any) -> bool:
    return key == "$ref" and isinstance(value, str) and not value.startswith("#")


def _is_json_number(value: object) -> bool:
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    return not isinstance(value, int) or abs(value) < 10**30


def _text(value: str) -> str:
    return _UNSTORABLE.sub(" ", value[:_MAX_TEXT])


def _check_version(file_name: str, document: dict[str, Any]) -> None:
    version = str(document.get("openapi", ""))[:20]
    if "swagger" in document:
        raise InvalidSpec(
            f"{file_name} is Swagger 2.0. Convert it into OpenAPI 3 (editor.swagger.io does, under "
            "Edit) and attach the result."
        )
    if not version:
        raise InvalidSpec(f"{file_name} does not say `openapi: 3.…`. {_WANTED}")
    if not version.startswith("3."):
        raise InvalidSpec(f"{file_name} is OpenAPI {version}. {_WANTED}")
    if not isinstance(document.get("paths"), dict) and not document.get("webhooks"):
        raise InvalidSpec(f"{file_name} has no `paths`, so there is nothing to call. {_WANTED}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _brief(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else "it is nested too deeply"
