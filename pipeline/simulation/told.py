"""Records as an API tells them where it does not tell them as they are: ids, emails, names."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.catalogue.operation import EmailParts, Operation
from pipeline.simulation.calls import Outcome
from pipeline.simulation.engine import unix_time
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.records import Record, Records

_HEADERS = {
    "from": "From", "to": "To", "cc": "Cc", "bcc": "Bcc", "reply_to": "Reply-To",
    "subject": "Subject",
}  # fmt: skip
_BODIES = {"text": "text/plain", "html": "text/html"}


def told(operation: Operation, outcome: Outcome, records: Records) -> Outcome:
    """The outcome with its records in the shape of the operation's answer."""
    if outcome.records is not None:
        return replace(outcome, records=[_told(operation, one, records) for one in outcome.records])
    return replace(outcome, record=_told(operation, outcome.record, records))


def _told(operation: Operation, record: Any, records: Records) -> Any:
    if not isinstance(record, dict):
        return record
    if operation.ids_only:
        path = records.kind(operation.entity).id_field.path
        return put_at({}, path, read_at(record, path))
    for member, named in operation.names.items():
        wanted = record.get(member) or []
        rest = {name: value for name, value in record.items() if name != member}
        record = {**rest, named.ids: list(_ids(wanted, named.entity, records))}
    return _with_parts(record, operation.email) if operation.email else record


def _ids(names: list[Any], entity: str, records: Records) -> Iterator[str]:
    """The ids of the records with these names; a name that nothing has is told as it is."""
    key = records.kind(entity).unique[0]
    for name in names:
        found = records.find(entity, {key: name})
        yield records.id_of(entity, found[0]) if found else str(name)


def _with_parts(record: Record, email: EmailParts) -> Record:
    own = {*_HEADERS, *_BODIES, "received_at"}
    rest = {name: value for name, value in record.items() if name not in own}
    parts = [
        {"mimeType": kind, "headers": [], "body": {"data": _encoded(str(record[name]))}}
        for name, kind in _BODIES.items()
        if record.get(name)
    ]
    headers = [
        {"name": header, "value": record[name]}
        for name, header in _HEADERS.items()
        if record.get(name)
    ]
    whole = {"mimeType": "multipart/alternative", "headers": headers, "parts": parts}
    received = str(int(unix_time(str(record.get("received_at"))) * 1000))
    answered: Record = put_at(put_at(rest, email.path, whole), email.received, received)
    return answered


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode("utf-8", "replace")).decode().rstrip("=")
