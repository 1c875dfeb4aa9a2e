"""What a view gives: a Slack message as data, and the files that belong under it."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True)
class File:
    """What is uploaded into the thread once, when its message is first posted."""

    name: str
    content: str | bytes
    snippet_type: str = "text"
    alt_text: str = ""  # what a picture shows


@dataclass(frozen=True)
class Message:
    """`text` is what notifications and screen readers get; it is never empty."""

    text: str
    blocks: tuple[Block, ...] = ()
    files: tuple[File, ...] = ()


@dataclass(frozen=True)
class Modal:
    """A form. `metadata` travels through people's hands, so it holds ids only."""

    title: str
    blocks: tuple[Block, ...]
    callback_id: str = ""
    metadata: str = ""
    submit: str = ""
    close: str = "Cancel"

    def payload(self) -> dict[str, Any]:
        view: dict[str, Any] = {
            "type": "modal",
            "title": {"type": "plain_text", "text": self.title},
            "close": {"type": "plain_text", "text": self.close},
            "blocks": list(self.blocks),
        }
        if self.submit:
            view["submit"] = {"type": "plain_text", "text": self.submit}
        if self.callback_id:
            view["callback_id"] = self.callback_id
        if self.metadata:
            view["private_metadata"] = self.metadata
        return view
