"""Bytes of a request read as JSON; whatever comes, the answer is a value or a refusal."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from pipeline.catalogue.operation import Operation
from pipeline.simulation import forms
from pipeline.simulation.calls import HttpRequest
from pipeline.simulation.emails import read_email
from pipeline.simulation.json_paths import read_at, steps
from pipeline.simulation.refusals import Refusal

_MAX_BYTES = 5_000_000
_MAX_DEPTH = 64


def read_json(request: HttpRequest) -> Any:
    """The body; Refusal where it is no JSON of reasonable size and depth."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refusal("unsupported", f"The body must be application/json, not {kind[:80]}.")
    if len(request.body) > _MAX_BYTES:
        raise Refusal("invalid", f"The body has more than {_MAX_BYTES:,} bytes.")
    try:
        value = json.loads(request.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal("invalid", "The body is not valid JSON.") from error
    if _deeper_than(value, _MAX_DEPTH):
        raise Refusal("invalid", f"The body is nested more than {_MAX_DEPTH} levels deep.")
    return value


def read_body(operation: Operation, request: HttpRequest, schema: Mapping[str, Any]) -> Any:
    """The body in the form that the operation takes: JSON, or a form typed by the schema."""
    wanted = {name.casefold(): value for name, value in operation.headers.items()}
    if not wanted.get("content-type", "").startswith(forms.MEDIA_TYPE):
        return read_json(request)
    kind = request.headers.get("content-type", "")
    if not kind.startswith(forms.MEDIA_TYPE):
        raise Refusal("unsupported", f"The body must be {forms.MEDIA_TYPE}, not {kind[:80]}.")
    return forms.read_form(request.body, schema)


def record_of(operation: Operation, body: Any) -> Any:
    """The record in a body, without the operation's constants; Refusal where either lacks."""
    _refuse_siblings(operation.request_path, body)
    record = read_at(body, operation.request_path)
    if operation.record_as == "mime":
        return read_email(record)
    if operation.record_as == "values" and isinstance(record, list):
        return record
    if operation.record_as == "values" or not isinstance(record, dict):
        place = operation.request_path or "the body"
        raise Refusal("invalid", f"{place}: a required record is missing.")
    for name, constant in operation.body.items():
        if record.get(name) != constant:
            raise Refusal("invalid", f"{name}: required here is {json.dumps(constant)}.")
    return {name: value for name, value in record.items() if name not in operation.body}


def _refuse_siblings(path: str, body: Any) -> None:
    """What stands beside the way to the record is a mistake that an API would drop silently."""
    for step in steps(path):
        others = set(body) - {step} if isinstance(body, dict) else set()
        if others:
            raise Refusal("invalid", f"{min(others)[:80]}: a field that is not known here.")
        body = read_at(body, step if isinstance(step, str) else f"[{step}]")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [inner for outer in level for inner in _members(outer)]
        if not level:
            return False
    return True


def _members(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
