"""Rich text: sections, lists, quotes and preformatted text, and what stands in them."""

from typing import Annotated, Literal

from pydantic import Field

from bot.playground.blockkit.objects import Address, Part


class Style(Part):
    bold: bool | None = None
    italic: bool | None = None
    strike: bool | None = None
    code: bool | None = None
    underline: bool | None = None


class Styled(Part):
    style: Style | None = None


class TextPiece(Styled):
    type: Literal["text"]
    text: Annotated[str, Field(min_length=1)]


class LinkPiece(Styled):
    type: Literal["link"]
    url: Address
    text: str | None = None
    unsafe: bool | None = None


class UserPiece(Styled):
    type: Literal["user"]
    user_id: str


class UserGroupPiece(Styled):
    type: Literal["usergroup"]
    usergroup_id: str


class ChannelPiece(Styled):
    type: Literal["channel"]
    channel_id: str


class BroadcastPiece(Styled):
    type: Literal["broadcast"]
    range: Literal["here", "channel", "everyone"]


class EmojiPiece(Styled):
    type: Literal["emoji"]
    name: str
    unicode: str | None = None


class DatePiece(Styled):
    type: Literal["date"]
    timestamp: int
    format: str
    url: Address | None = None
    fallback: str | None = None


class ColorPiece(Styled):
    type: Literal["color"]
    value: str


Piece = Annotated[
    TextPiece
    | LinkPiece
    | UserPiece
    | UserGroupPiece
    | ChannelPiece
    | BroadcastPiece
    | EmojiPiece
    | DatePiece
    | ColorPiece,
    Field(discriminator="type"),
]


class Section(Part):
    type: Literal["rich_text_section"]
    elements: list[Piece]


class List(Part):
    type: Literal["rich_text_list"]
    style: Literal["bullet", "ordered"]
    elements: list[Section]
    indent: Annotated[int, Field(ge=0, le=8)] | None = None
    offset: Annotated[int, Field(ge=0)] | None = None
    border: Literal[0, 1] | None = None


class Quote(Part):
    type: Literal["rich_text_quote"]
    elements: list[Piece]
    border: Literal[0, 1] | None = None


class Preformatted(Part):
    type: Literal["rich_text_preformatted"]
    elements: list[Annotated[TextPiece | LinkPiece, Field(discriminator="type")]]
    border: Literal[0, 1] | None = None


RichTextElement = Annotated[
    Section | List | Quote | Preformatted,
    Field(discriminator="type"),
]
