"""Names of things in APIs, whichever way they are written."""

import re

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def words_of(name: str) -> list[str]:
    """`ShippingAddress.zip_code` -> shipping, address, zip, code."""
    return [word.lower() for word in _WORD.findall(name)]


def kebab(name: str, most: int = 60) -> str:
    """`ShippingAddress` and `shipping_address` -> shipping-address."""
    return "-".join(words_of(name))[:most].strip("-")


def singular(word: str) -> str:
    """Enough of a stemmer for names: lines -> line, addresses -> address, status stays."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "statuses")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word
