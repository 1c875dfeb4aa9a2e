"""Addresses that people and sources gave: a model may repeat them, and add none of its own.

An address of the model's own making could carry data away, in a link of an answer as well as in
a base URL or a constant of the plan.
"""

import re

_URL = re.compile(r"https?://[^\s<>\"'“”)\]|\\]+", re.I)


class Addresses:
    """The addresses in some texts, each as a whole."""

    def __init__(self, *texts: str) -> None:
        self._known = {_bare(url) for text in texts for url in _URL.findall(text)}

    def foreign(self, text: str) -> list[str]:
        """The addresses in a text that are not known."""
        return [url for url in _URL.findall(text) if _bare(url) not in self._known]

    def without_foreign(self, text: str) -> str:
        return _URL.sub(lambda found: "[link]" if self.foreign(found[0]) else found[0], text)


def _bare(url: str) -> str:
    return url.rstrip("/.,;:!?").casefold()
