"""Where the paths of generated code begin.

Versori's runtime takes a trailing `/api` off a system's base URL, so code asks for `/api/…`. Weft's
own runtime does the same (`fetch.ts`), and so one project runs on both.
"""

import re

_STRIPPED = re.compile(r"/api/?$")


def root(base_url: str) -> str:
    """What code puts before a path: `/api` where the base URL ends so, else nothing."""
    return "/api" if _STRIPPED.search(base_url) else ""


def stripped(base_url: str) -> str:
    """The base URL that is left, as the runtime uses it."""
    return _STRIPPED.sub("", base_url)
