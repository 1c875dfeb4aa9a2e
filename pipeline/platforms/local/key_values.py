"""Key-value storage, as running workflows ask for it: each scope has its owner."""

from datetime import timedelta
from typing import Any, Literal

from pydantic import JsonValue

from pipeline.platforms.local.caller import Caller, Handler, Params
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC

Scope = Literal[":execution:", ":project:", ":workspace:", ":organization:", ":user:"]

_LARGEST_PAGE = 1000
_EXECUTION_VALUES_LAST = timedelta(days=1)


class _Scoped(Params):
    scope: Scope


class _Key(_Scoped):
    key: list[str]


class _Set(_Key):
    value: JsonValue
    expire_in_ms: float | None = None


class _Prefix(_Scoped):
    prefix: list[str] = []
    limit: int = 100
    after: str = ""
    reverse: bool = False


class KeyValueCalls:
    def __init__(self, ledger: Ledger) -> None:
        self._secured = ledger.secured
        self._values = ledger.values
        self._activations = ledger.activations

    @property
    def handlers(self) -> dict[str, Handler]:
        return {
            "kv.get": self._get,
            "kv.set": self._set,
            "kv.delete": self._delete,
            "kv.list": self._list,
            "kv.count": self._count,
            "kv.destroy": self._destroy,
        }

    async def _get(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Key.model_validate(params)
        entry = self._values.get(self._owner(call.scope, caller), call.key)
        return {"found": False} if entry is None else {"found": True, "value": entry.value}

    async def _set(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Set.model_validate(params)
        expires_in = _EXECUTION_VALUES_LAST if call.scope == ":execution:" else None
        if call.expire_in_ms is not None:
            expires_in = timedelta(milliseconds=call.expire_in_ms)
        async with self._secured():
            self._values.set(self._owner(call.scope, caller), call.key, call.value, expires_in)
        return None

    async def _delete(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Key.model_validate(params)
        self._values.delete(self._owner(call.scope, caller), call.key)
        return None

    async def _list(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Prefix.model_validate(params)
        entries, cursor = self._values.list(
            self._owner(call.scope, caller),
            call.prefix,
            limit=max(1, min(call.limit, _LARGEST_PAGE)),
            after=call.after,
            reverse=call.reverse,
        )
        listed: list[JsonValue] = [{"key": [*entry.key], "value": entry.value} for entry in entries]
        return {"entries": listed, "next_cursor": cursor}

    async def _count(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Prefix.model_validate(params)
        return {"count": self._values.count(self._owner(call.scope, caller), call.prefix)}

    async def _destroy(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Scoped.model_validate(params)
        self._values.forget(self._owner(call.scope, caller))
        return None

    def _owner(self, scope: Scope, caller: Caller) -> str:
        """Who a scope's values belong to; environments never share any."""
        place = caller.place
        match scope:
            case ":execution:":
                return f"execution/{caller.execution}"
            case ":project:":
                return activation_owner(caller)
            case ":workspace:":
                return f"project/{place}"
            case ":organization:":
                return f"organization/{place.environment}"
            case ":user:":
                return f"user/{place.environment}/{self._user(caller)}"

    def _user(self, caller: Caller) -> str:
        if caller.activation == STATIC:
            return STATIC
        # Apart from the static user, whatever the customer calls theirs.
        return f"of/{self._activations.get(*caller.place, caller.activation).external_id}"


def activation_owner(caller: Caller) -> str:
    return f"activation/{caller.place}/{caller.activation}"
