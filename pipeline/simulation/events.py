"""Webhooks as a system sends them: payload, signature, delivery id."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from pipeline.catalogue.model import Event, SystemEntry
from pipeline.catalogue.schema import fields
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.samples import sample
from pipeline.simulation.signatures import signature_headers

_TIMEOUT_SECONDS = 30
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Subscription:
    event: str
    url: str
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Delivery:
    """How a delivery went; `status` is None where nobody answered."""

    url: str
    status: int | None
    detail: str = ""


def sample_event(
    entry: SystemEntry,
    event: Event,
    record: Mapping[str, Any] | None = None,
    *,
    secret: str = "",
    delivery_id: str | None = None,
    now: datetime | None = None,
    url: str = "",
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a delivery about a record (a sample, where none is given).

    `url` is where it goes, which some signatures cover.
    """
    now = now or datetime.now(UTC)
    delivery_id = delivery_id or str(uuid4())
    is_form = entry.signature is not None and "{form}" in entry.signature.signed
    headers = {"content-type": _FORM if is_form else "application/json"}
    if event.id_header:
        headers[event.id_header] = delivery_id
    if event.name_header:
        headers[event.name_header] = event.name_value or event.name
    payload = put_at(None, event.record_path, _content(entry, event, record))
    if event.id_path:
        payload = put_at(payload, event.id_path, delivery_id)
    if event.name_path:
        payload = put_at(payload, event.name_path, event.name_value or event.name)
    for path, value in event.when.items():
        payload = put_at(payload, path, value)
    body = _encoded_form(payload) if is_form else _encoded_json(payload)
    if entry.signature and secret:
        headers |= signature_headers(entry.signature, secret, body, now, url)
    return headers, body


def deliver(url: str, headers: Mapping[str, str], body: bytes) -> Delivery:
    """POST an event; whoever does not answer is told of in the result, not raised."""
    try:
        response = httpx.post(url, content=body, headers=dict(headers), timeout=_TIMEOUT_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Delivery(url, None, f"{type(error).__name__}: nobody answered at {url}.")
    return Delivery(url, response.status_code, response.text[:500])


def _encoded_json(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")


def _encoded_form(payload: Mapping[str, Any]) -> bytes:
    return urlencode({name: value for name, value in payload.items() if value is not None}).encode()


def _content(entry: SystemEntry, event: Event, record: Mapping[str, Any] | None) -> Any:
    """The record, or where the event has a form of its own, one that points at the record."""
    if event.record_schema is not None:
        return _notification(entry, event, event.record_schema, record)
    schema = entry.entity(event.entity).record_schema
    return sample(schema) if record is None else dict(record)


def _notification(
    entry: SystemEntry, event: Event, schema: Mapping[str, Any], record: Mapping[str, Any] | None
) -> Any:
    """Same-named fields come from the record, and so does its id, whatever it is called."""
    content = sample(schema)
    if record is None:
        return content
    for info in fields(schema):
        given = None if info.is_array else read_at(record, info.path)
        if given is None and (info.key == "id" or info.path == event.read_id):
            given = _id(entry, event, record)
        if given is not None:
            content = put_at(content, info.path, given)
    return content


def _id(entry: SystemEntry, event: Event, record: Mapping[str, Any]) -> Any:
    schema = entry.entity(event.entity).record_schema
    marked = [info.path for info in fields(schema) if info.key == "id" and not info.is_array]
    return read_at(record, marked[0]) if marked else None
