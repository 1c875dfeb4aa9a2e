"""SQL of a database's operations: a statement and its parameters, never text put together."""

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.codegen.clients.method import placeholders, settings_of
from pipeline.codegen.literals import template
from pipeline.codegen.names import member
from pipeline.codegen.types import Interface
from pipeline.errors import OffGround
from pipeline.plan.model import KeyPair


def statement(
    entry: SystemEntry, found: Operation, name: str, record: Interface, match_on: list[KeyPair]
) -> str:
    """The body with which a record is written: its columns are those that mappings fill."""
    columns = [path for path in record.paths if "." not in path]
    nested = [path for path in record.paths if path not in columns]
    if nested:
        raise OffGround(f"A column of a table holds one value: {nested[0]} is no column's name.")
    keys = [pair.target for pair in match_on] or columns[:1]
    if found.action == "update":
        return _change(entry, found, name, columns, match_on)
    texts = {
        "columns": ", ".join(map(quoted, columns)),
        "values": ", ".join(f"${number + 1}" for number in range(len(columns))),
        "changes": _changes(columns),
        "keys": ", ".join(map(quoted, keys)),
    }
    return _body(_sql(entry, found.sql, texts), _values(name, columns))


def search_statement(entry: SystemEntry, found: Operation, field: str, value: str) -> str:
    """The body with which records are searched for, by whatever column."""
    return _body(_sql(entry, found.sql, {"field": quoted(field), "value": "$1"}), [value])


def list_statement(entry: SystemEntry, found: Operation, since_field: str | None) -> str:
    """The body with which a page is read; with a field, of the rows at or after a time."""
    named = {"limit": "size", "offset": "position"}
    if "table" in settings_of(entry):  # a list that speaks of the table, not of its rows
        named = {"value": settings_of(entry)["table"], **named}
    values = {name: value for name, value in named.items() if name in placeholders(found.sql or "")}
    places = {name: f"${number + 1}" for number, name in enumerate(values)}
    whole = _body(_sql(entry, found.sql, places), list(values.values()))
    if since_field is None:
        return whole
    places = {"field": quoted(since_field), "value": "$1", "limit": "$2", "offset": "$3"}
    later = _sql(entry, next(iter(found.since_by.values())), places)
    return f"since === undefined ? {whole} : {_body(later, ['since', 'size', 'position'])}"


def _change(
    entry: SystemEntry, found: Operation, name: str, columns: list[str], match_on: list[KeyPair]
) -> str:
    """The body with which the row that was found is changed."""
    if len(match_on) != 1:
        raise OffGround(
            f"Rows of {entry.display_name} are changed by one column that tells them apart; say "
            "which one."
        )
    key = match_on[0].target
    texts = {
        "changes": _changes(columns), "field": quoted(key), "value": f"${len(columns) + 1}",
    }  # fmt: skip
    values = [*_values(name, columns), member("current", key, False)]
    return _body(_sql(entry, found.sql, texts), values)


def _changes(columns: list[str]) -> str:
    return ", ".join(f"{quoted(one)} = ${place + 1}" for place, one in enumerate(columns))


def _values(name: str, columns: list[str]) -> list[str]:
    return [f"{member(name, one, False)} ?? null" for one in columns]


def _body(sql: str, values: list[str]) -> str:
    return f"{{ sql: {sql}, params: [{', '.join(values)}] }}"


def quoted(name: str) -> str:
    """A name of a column as SQL takes it, whatever it holds."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _sql(entry: SystemEntry, statement: str | None, texts: dict[str, str]) -> str:
    text = statement or ""
    for name, value in texts.items():
        text = text.replace(f"{{{name}}}", value)
    names = {name: f"quotedName({value})" for name, value in settings_of(entry).items()}
    return template(text, names)
