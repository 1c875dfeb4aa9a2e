"""The harmless read by which a connection is proved: the mock names itself as the account."""

from typing import Any
from urllib.parse import parse_qsl

from pipeline.catalogue.model import SystemEntry
from pipeline.simulation.bodies import read_json
from pipeline.simulation.calls import HttpRequest
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.templates import match_text


def account_name(entry: SystemEntry) -> str:
    return f"Mock {entry.display_name}"


def probe_answer(entry: SystemEntry, request: HttpRequest) -> Any:
    """The answer's body; None where the request is not the probe."""
    probe = entry.probe
    if probe is None or probe.method != request.method:
        return None
    path, _, query = probe.path.partition("?")
    if probe.label_path is None and _is_operation(entry, probe.method, path):
        return None  # such as a list, which answers with what is there
    if match_text(path.strip("/"), request.path.strip("/"), r"[^/]+?") is None:
        return None
    if not dict(parse_qsl(query)).items() <= request.query.items():
        return None
    if probe.body is not None and not _same_body(probe.body, request):
        return None
    return put_at({}, probe.label_path or "name", account_name(entry))


def _is_operation(entry: SystemEntry, method: str, path: str) -> bool:
    return any((one.method, one.path.strip("/")) == (method, path.strip("/"))
               for one in entry.operations)  # fmt: skip


def _same_body(expected: Any, request: HttpRequest) -> bool:
    try:
        body = read_json(request)
    except Refusal:
        return False
    return all(_plain(read_at(body, name)) == _plain(expected[name]) for name in expected)


def _plain(value: Any) -> str:
    return " ".join(str(value).split())
