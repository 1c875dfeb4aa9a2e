"""What a running workflow may ask of the runner: one handler a method."""

import base64
import binascii
from typing import Any, Literal

from pydantic import JsonValue, ValidationError

from pipeline.errors import PlatformError
from pipeline.integration import new_id
from pipeline.platforms.local.broker import Broker, Outgoing
from pipeline.platforms.local.caller import Caller, Handler, Params
from pipeline.platforms.local.durable import DurableCalls
from pipeline.platforms.local.key_values import KeyValueCalls
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import CallRefused


class _Fetch(Params):
    system: str
    method: str = "GET"
    path: str
    headers: dict[str, str] = {}
    body: str | None = None
    body_base64: bool = False
    timeout_ms: float = 30_000


class _Issue(Params):
    severity: Literal["low", "medium", "high"]
    title: str
    message: str
    annotations: dict[str, JsonValue] = {}
    deduplicate: bool = False


class _Variable(Params):
    name: str
    value: JsonValue


class Calls:
    def __init__(self, ledger: Ledger, broker: Broker) -> None:
        self._ledger = ledger
        self._broker = broker
        self._handlers: dict[str, Handler] = {
            "fetch": self._fetch,
            "issue": self._issue,
            "variable.set": self._set_variable,
            "credentials": self._credentials,
            **KeyValueCalls(ledger).handlers,
            **DurableCalls(ledger).handlers,
        }

    async def answer(
        self, place: Place, execution_id: str, method: str, params: dict[str, Any]
    ) -> JsonValue:
        """The result of a call; CallRefused says to the calling code why there is none."""
        handler = self._handlers.get(method)
        if handler is None:
            raise CallRefused("NotSupported", f"The local platform has no “{method}”.")
        try:
            activation = self._ledger.events.activation(execution_id)
            return await handler(Caller(place, execution_id, activation), params)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise CallRefused("InvalidCall", f"{method}: {where}: {first['msg']}.") from error
        except PlatformError as error:
            raise CallRefused("PlatformError", str(error)) from error

    async def _fetch(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
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
        answer = await self._broker.fetch(
            caller.place, call.system, outgoing, caller.execution, caller.activation
        )
        text, is_base64 = _as_text(answer.body)
        headers: dict[str, JsonValue] = dict(answer.headers)
        return {
            "status": answer.status,
            "headers": headers,
            "body": text,
            "body_base64": is_base64,
        }

    async def _issue(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Issue.model_validate(params)
        key = f"{call.severity}: {call.title}" if call.deduplicate else new_id("iss")
        is_new = self._ledger.journal.raise_issue(
            caller.place,
            severity=call.severity,
            title=call.title,
            message=call.message,
            annotations=call.annotations,
            key=key,
        )
        return {"id": key} if is_new else None

    async def _set_variable(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Variable.model_validate(params)
        self._ledger.variables.set(*caller.place, call.name, call.value, caller.activation)
        return None

    async def _credentials(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        raise CallRefused(
            "CredentialsRefused",
            "The local platform gives no credentials to code: use the fetch of an http task.",
        )


def _as_text(body: bytes) -> tuple[str, bool]:
    """The body as text, and whether that is base64."""
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True
