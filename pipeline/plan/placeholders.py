"""What people type for the `{name}` of a base URL: often they paste a whole address."""

import re
from urllib.parse import urlsplit

_HOLE = re.compile(r"\{(\w+)\}")


def filled_in(base_url: str, name: str, typed: str) -> str:
    """What stands for the name: `acme` of `https://acme.myshopify.com/admin`, where it fits.

    ValueError says in words why a value can't stand there.
    """
    hole = f"{{{name}}}"
    if hole not in base_url or not urlsplit(base_url).scheme.startswith("http"):
        return typed
    host = base_url.split("://", 1)[1].split("/", 1)[0]
    is_of_host = hole in host
    pasted = re.fullmatch(rf"(?:https?://)?{_pattern(host, name)}(?:[/?#].*)?", typed, re.I)
    value = pasted[1] if is_of_host and pasted else typed
    wrong = r"[^\w.:-]" if is_of_host else r"[\s/?#]"
    if re.search(wrong, value):
        raise ValueError(f"Only what stands for {hole} in {base_url}, not an address.")
    return value


def _pattern(host: str, name: str) -> str:
    """The host with the name's part as the group."""
    parts = _HOLE.split(host)  # texts and names by turns
    holes = [r"([^/\s?#]+?)" if part == name else r"[^/\s?#]+?" for part in parts[1::2]]
    texts = [re.escape(part) for part in parts[::2]]
    return "".join(text + hole for text, hole in zip(texts, [*holes, ""], strict=True))
