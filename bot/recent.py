"""Remembers the last few events that were refused, so that a second delivery says nothing more."""

import threading
from collections import OrderedDict

_MOST = 2000


class Recent:
    """Thread-safe. What changed something is remembered in the database, not here."""

    def __init__(self) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, key: str) -> bool:
        """Whether this key comes for the first time."""
        with self._lock:
            if key in self._keys:
                return False
            self._keys[key] = None
            if len(self._keys) > _MOST:
                self._keys.popitem(last=False)
            return True
