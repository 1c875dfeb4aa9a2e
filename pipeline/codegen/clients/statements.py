"""SQL of a database's operations: a statement and its parameters, never text put together."""

from pipeline.catalogue.model import Operation, SystemEntry
from pipeline.codegen.clients.method import settings_of
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
    texts = {
        "columns": ", ".join(map(quoted, columns)),
        "values": ", ".join(f"${number + 1}" for number in range(len(columns))),
        "changes": ", ".join(f"{quoted(one)} = ${columns.index(one) + 1}" for one in columns),
        "keys": ", ".join(map(quoted, keys)),
    }
    values = ", ".join(f"{member(name, one, False)} ?? null" for one in columns)
    return f"{{ sql: {_sql(entry, found, texts)}, params: [{values}] }}"


def search_statement(entry: SystemEntry, found: Operation, field: str, value: str) -> str:
    """The body with which records are searched for."""
    texts = {"field": quoted(field), "value": "$1", "limit": "$2", "offset": "$3"}
    return f"{{ sql: {_sql(entry, found, texts)}, params: [{value}] }}"


def quoted(name: str) -> str:
    """A name of a column as SQL takes it, whatever it holds."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _sql(entry: SystemEntry, found: Operation, texts: dict[str, str]) -> str:
    assert found.sql is not None
    text = found.sql
    for name, value in texts.items():
        text = text.replace(f"{{{name}}}", value)
    names = {name: f"quotedName({value})" for name, value in settings_of(entry).items()}
    return template(text, names)
