"""The app's manifest: what it asks of a workspace."""

import json
from pathlib import Path
from typing import Any

# Beside the packages in a checkout; an installed Weft has a copy in the package.
_PLACES = (Path(__file__).parent.parent / "manifest.json", Path(__file__).parent / "manifest.json")


def manifest() -> dict[str, Any]:
    path = next(place for place in _PLACES if place.exists())
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def bot_scopes() -> list[str]:
    scopes: list[str] = manifest()["oauth_config"]["scopes"]["bot"]
    return scopes
