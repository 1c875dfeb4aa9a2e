"""What a running workflow may ask of the runner: one handler a method."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from pipeline.errors import PlatformError
from pipeline.integration import new_id
from pipeline.platforms.local.broker import Broker, Outgoing
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import CallRefused

Scope = Literal[":execution:", ":project:", ":workspace:", ":organization:", ":user:"]

_LARGEST_PAGE = 1000
_EXECUTION_VALUES_LAST = timedelta(days=1)


class _Params(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Fetch(_Params):
    system: str
    method: str = "GET"
    path: str
    headers: dict[str, str] = {}
    body: str | None = None
    body_base64: bool = False
    timeout_ms: float = 30_000


class _Key(_Params):
    scope: Scope
    key: list[str]


class _Set(_Key):
    value: JsonValue
    expire_in_ms: float | None = None


class _Prefix(_Params):
    scope: Scope
    prefix: list[str] = []
    limit: int = 100
    after: str = ""
    reverse: bool = False


class _Scoped(_Params):
    scope: Scope


class _Issue(_Params):
    severity: Literal["low", "medium", "high"]
    title: str
    message: str
    annotations: dict[str, JsonValue] = {}
    deduplicate: bool = False


class _Variable(_Params):
    name: str
    value: JsonValue


Handler = Callable[[Place, str, dict[str, Any]], Awaitable[JsonValue]]


class Calls:
    def __init__(self, ledger: Ledger, broker: Broker) -> None:
        self._ledger = ledger
        self._broker = broker
        self._handlers: dict[str, Handler] = {
            "fetch": self._fetch,
            "kv.get": self._get,
            "kv.set": self._set,
            "kv.delete": self._delete,
            "kv.list": self._list,
            "kv.count": self._count,
            "kv.destroy": self._destroy,
            "issue": self._issue,
            "variable.set": self._set_variable,
            "credentials": self._credentials,
        }

    async def answer(
        self, place: Place, execution_id: str, method: str, params: dict[str, Any]
    ) -> JsonValue:
        """The result of a call; CallRefused says to the calling code why there is none."""
        handler = self._handlers.get(method)
        if handler is None:
            raise CallRefused("NotSupported", f"The local platform has no “{method}”.")
        try:
            return await handler(place, execution_id, params)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise CallRefused("InvalidCall", f"{method}: {where}: {first['msg']}.") from error
        except PlatformError as error:
            raise CallRefused("PlatformError", str(error)) from error

    async def _fetch(self, place: Place, execution_id: str, params: dict[str, Any]) -> JsonValue:
        call = _Fetch.model_validate(params)
        body = (call.body or "").encode()
        if call.body_base64:
            try:
                body = base64.b64decode(body, validate=True)
            except binascii.Error as error:
                raise CallRefused("InvalidCall", "fetch: the body is no base64.") from error
        outgoing = Outgoing(
            call.method, call.path, call.headers, body, max(call.timeout_ms, 1) / 1000
        )
        answer = await self._broker.fetch(place, call.system, outgoing, execution_id)
        text, is_base64 = _as_text(answer.body)
        headers: dict[str, JsonValue] = dict(answer.headers)
        return {
            "status": answer.status,
            "headers": headers,
            "body": text,
            "body_base64": is_base64,
        }

    async def _get(self, place: Place, execution_id: str, params: dict[str, Any]) -> JsonValue:
        call = _Key.model_validate(params)
        entry = self._ledger.values.get(_owner(call.scope, place, execution_id), call.key)
        return {"found": False} if entry is None else {"found": True, "value": entry.value}

    async def _set(self, place: Place, execution_id: str, params: dict[str, Any]) -> JsonValue:
        call = _Set.model_validate(params)
        expires_in = _EXECUTION_VALUES_LAST if call.scope == ":execution:" else None
        if call.expire_in_ms is not None:
            expires_in = timedelta(milliseconds=call.expire_in_ms)
        owner = _owner(call.scope, place, execution_id)
        self._ledger.values.set(owner, call.key, call.value, expires_in)
        return None

    async def _delete(self, place: Place, execution_id: str, params: dict[str, Any]) -> JsonValue:
        call = _Key.model_validate(params)
        self._ledger.values.delete(_owner(call.scope, place, execution_id), call.key)
        return None

    async def _list(self, place: Place, execution_id: str, params: dict[str, Any]) -> JsonValue:
        call = _Prefix.model_validate(params)
        entries, cursor = self._ledger.values.list(
            _owner(call.scope, place, execution_id),
            call.prefix,
            limit=max(1, min(call.limit, _LARGEST_PAGE)),
            after=call.after,
            reverse=call.reverse,
        )
        listed: list[JsonValue] = [{"key": [*entry.key], "value": entry.value} for entry in entries]
        return {"entries": listed, "next_cursor": cursor}

    async def _count(self, place: Place, execution_id: str, params: dict[str, Any]) -> JsonValue:
        call = _Prefix.model_validate(params)
        owner = _owner(call.scope, place, execution_id)
        return {"count": self._ledger.values.count(owner, call.prefix)}

    async def _destroy(self, place: Place, execution_id: str, params: dict[str, Any]) -> JsonValue:
        call = _Scoped.model_validate(params)
        self._ledger.values.forget(_owner(call.scope, place, execution_id))
        return None

    async def _issue(self, place: Place, execution_id: str, params: dict[str, Any]) -> JsonValue:
        call = _Issue.model_validate(params)
        key = call.title if call.deduplicate else new_id("iss")
        self._ledger.journal.raise_issue(
            place,
            severity=call.severity,
            title=call.title,
            message=call.message,
            annotations=call.annotations,
            key=key,
        )
        return {"id": key}

    async def _set_variable(
        self, place: Place, execution_id: str, params: dict[str, Any]
    ) -> JsonValue:
        call = _Variable.model_validate(params)
        self._ledger.variables.set(*place, call.name, call.value)
        return None

    async def _credentials(
        self, place: Place, execution_id: str, params: dict[str, Any]
    ) -> JsonValue:
        raise CallRefused(
            "CredentialsRefused",
            "The local platform gives no credentials to code: use the fetch of an http task.",
        )


def _owner(scope: Scope, place: Place, execution_id: str) -> str:
    """Who a scope's values belong to; environments never share any."""
    return {
        ":execution:": f"execution/{execution_id}",
        ":project:": f"activation/{place}/static",
        ":workspace:": f"project/{place}",
        ":organization:": f"organization/{place.environment}",
        ":user:": f"user/{place.environment}/static",
    }[scope]


def _as_text(body: bytes) -> tuple[str, bool]:
    """The body as text, and whether that is base64."""
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True
