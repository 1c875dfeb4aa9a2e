"""The key-value stores of a running project, in memory: one for each scope and execution."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

Key = tuple[str, ...]


class Values:
    """What `kv.*` calls ask of a platform (`protocol.ts` of the Run SDK has their shapes)."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._stores: dict[str, dict[Key, tuple[Any, datetime | None]]] = {}

    def answer(self, execution: str, method: str, params: dict[str, Any]) -> Any:
        """The result of one call; KeyError where there is no such method."""
        scope = str(params.get("scope"))
        store = self._stores.setdefault(
            f"{scope}{execution}" if scope == ":execution:" else scope, {}
        )
        self._forget_expired(store)
        key: Key = tuple(params.get("key") or params.get("prefix") or ())
        match method:
            case "kv.get":
                return {"found": True, "value": store[key][0]} if key in store else {"found": False}
            case "kv.set":
                store[key] = (params.get("value"), self._until(params.get("expire_in_ms")))
                return None
            case "kv.delete":
                store.pop(key, None)
                return None
            case "kv.destroy":
                store.clear()
                return None
            case "kv.count":
                return {"count": len(_under(store, key))}
            case "kv.list":
                return _page(store, _under(store, key), params)
        raise KeyError(method)

    def _until(self, milliseconds: float | None) -> datetime | None:
        return None if milliseconds is None else self._now() + timedelta(milliseconds=milliseconds)

    def _forget_expired(self, store: dict[Key, tuple[Any, datetime | None]]) -> None:
        for key in [key for key, (_, until) in store.items() if until and until <= self._now()]:
            del store[key]


def _under(store: dict[Key, Any], prefix: Key) -> list[Key]:
    return sorted(key for key in store if key[: len(prefix)] == prefix)


def _page(store: dict[Key, Any], keys: list[Key], params: dict[str, Any]) -> Any:
    if params.get("reverse"):
        keys = keys[::-1]
    first = int(params.get("after") or 0)
    end = first + int(params.get("limit") or 100)
    entries = [{"key": list(key), "value": store[key][0]} for key in keys[first:end]]
    return {"entries": entries, "next_cursor": str(end) if end < len(keys) else ""}
