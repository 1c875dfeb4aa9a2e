"""SQL requests, `{sql, params}`: statements read backwards by the catalogue's templates.

No database runs here: only statements of the catalogue get through, names quoted and every value a
parameter, and they work on the same records as all else that a mock does.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.catalogue.operation import Operation
from pipeline.simulation.answers import MockResponse, json_response
from pipeline.simulation.bodies import read_json
from pipeline.simulation.calls import Call, HttpRequest, Outcome
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.templates import match_text, placeholders

_NAME = r'"(?:[^"]|"")+"'
_PARAMETER = r"\$[1-9][0-9]{0,4}"
_TOKEN = re.compile(rf"({_NAME})|\$([0-9]+)")
_TABLE = rf"{_NAME}(?:\.{_NAME})*"
_SHOWN = 120


def _listed(part: str) -> str:
    return rf"{part}(?:, {part})*"


_PATTERNS = {
    "columns": _listed(_NAME),
    "keys": _listed(_NAME),
    "values": _listed(_PARAMETER),
    "changes": _listed(f"{_NAME} = {_PARAMETER}"),
    "field": _NAME,
    **dict.fromkeys(("value", "limit", "offset"), _PARAMETER),
}


def read_statement(operations: Iterable[Operation], request: HttpRequest) -> Call:
    """Refusal of any statement that no operation makes, and of parameters that do not fit it."""
    sql, params = _payload(read_json(request))
    known = [operation for operation in operations if operation.sql is not None]
    for operation in known:
        for template in (operation.sql or "", *operation.since_by.values()):
            found = match_text(template, sql, _TABLE, _PATTERNS)
            if found is not None:
                return _call(operation, template, _Statement(found, params))
    names = ", ".join(operation.id for operation in known)
    raise Refusal(
        "invalid", f"The statement “{sql[:_SHOWN]}” is none that is known here. Known: {names}."
    )


def statement_response(call: Call, outcome: Outcome) -> MockResponse:
    """`{rows, count}`: rows where the statement answers any."""
    touched = [outcome.record] if outcome.records is None else outcome.records
    rows = touched if call.operation.response_path else []
    return json_response(200, {"rows": rows, "count": len(touched)})


def write_statement(operation: Operation, key: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The request that `read_statement` reads back; rows are told by their `key`, or 1."""
    sql = operation.sql or ""
    writes = {"values", "changes"} & set(placeholders(sql))
    params = list(record.values()) if writes else []
    texts = {
        "columns": ", ".join(map(quoted, record)),
        "values": ", ".join(f"${number + 1}" for number in range(len(params))),
        "changes": ", ".join(f"{quoted(name)} = ${at + 1}" for at, name in enumerate(record)),
        "keys": quoted(key),
        "field": quoted(key),
    }
    scalars = {"value": record.get(key, 1), "limit": 100, "offset": 0}
    for name in dict.fromkeys(placeholders(sql)):
        if name in scalars:
            params.append(scalars[name])
            texts[name] = f"${len(params)}"
        sql = sql.replace(f"{{{name}}}", texts.get(name, quoted(name)))
    return {"sql": sql, "params": params}


def _payload(body: Any) -> tuple[str, list[Any]]:
    if not isinstance(body, dict) or not isinstance(body.get("sql"), str):
        raise Refusal("invalid", "sql: a required statement is missing.")
    if not isinstance(body.get("params"), list):
        raise Refusal("invalid", "params: a required list of values is missing.")
    unknown = set(body) - {"sql", "params"}
    if unknown:
        raise Refusal("invalid", f"{min(unknown)[:80]}: a field that is not known here.")
    return body["sql"], body["params"]


def quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


class _Statement:
    """The parts of a statement, with its parameters in their places."""

    def __init__(self, parts: Mapping[str, str], params: list[Any]) -> None:
        self._parts = parts
        self._params = params
        used = {place for part in parts for place in self._places(part)}
        if used != set(range(len(params))):
            raise Refusal("invalid", f"params: the statement uses {len(used)} of them.")

    def has(self, part: str) -> bool:
        return part in self._parts

    def names(self, part: str) -> list[str]:
        tokens = _TOKEN.findall(self._parts.get(part, ""))
        return [name[1:-1].replace('""', '"') for name, _ in tokens if name]

    def value(self, part: str) -> Any:
        return self._params[self._places(part)[0]]

    @property
    def record(self) -> dict[str, Any]:
        columns, places = self.names("columns"), self._places("values")
        changed, changes = self.names("changes"), self._places("changes")
        if len(columns) != len(places) or len(set(columns)) != len(columns):
            raise Refusal("invalid", "Each column must be named once and have one value.")
        written = dict(zip(columns or changed, places or changes, strict=True))
        if any(written.get(name) != place for name, place in zip(changed, changes, strict=True)):
            raise Refusal("invalid", "A column must be changed to the value it is inserted with.")
        return {name: self._params[place] for name, place in written.items()}

    def _places(self, part: str) -> list[int]:
        tokens = _TOKEN.findall(self._parts.get(part, ""))
        return [int(place) - 1 for _, place in tokens if place]


def _call(operation: Operation, template: str, statement: _Statement) -> Call:
    compared = {}
    if statement.has("field"):
        compared = dict.fromkeys(statement.names("field"), statement.value("value"))
    is_cursor = template != operation.sql
    named = {"position": "offset", "size": "limit"}
    writes = operation.action in ("create", "update", "upsert")
    return Call(
        operation,
        record=statement.record if writes else None,
        equal={} if is_cursor else compared,
        since={name: str(value) for name, value in compared.items()} if is_cursor else {},
        page={key: statement.value(part) for key, part in named.items() if statement.has(part)},
        matched_on=tuple(statement.names("keys")),
    )
