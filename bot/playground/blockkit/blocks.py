"""Blocks, and which of them a message and a view may hold."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bot.playground.blockkit.elements import (
    AnyAccessory,
    AnyAction,
    AnyContextAction,
    AnyInput,
    Image,
)
from bot.playground.blockkit.objects import (
    Address,
    Identifier,
    Mrkdwn,
    Part,
    PlainText,
    Text,
    limit,
)
from bot.playground.blockkit.rich_text import RichTextElement


class Block(Part):
    block_id: Identifier | None = None


class SectionBlock(Block):
    type: Literal["section"]
    text: Text | None = None
    fields: (
        Annotated[list[Annotated[Text, limit(2000)]], Field(min_length=1, max_length=10)] | None
    ) = None
    accessory: AnyAccessory | None = None
    expand: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and self.fields is None:
            raise PydanticCustomError("text_or_fields", "must define either `text` or `fields`")
        return self


class HeaderBlock(Block):
    type: Literal["header"]
    text: Annotated[PlainText, limit(150)]


class DividerBlock(Block):
    type: Literal["divider"]


class ContextBlock(Block):
    type: Literal["context"]
    elements: Annotated[
        list[Annotated[PlainText | Mrkdwn | Image, Field(discriminator="type")]],
        Field(min_length=1, max_length=10),
    ]


class ActionsBlock(Block):
    type: Literal["actions"]
    elements: Annotated[list[AnyAction], Field(min_length=1, max_length=25)]


class ContextActionsBlock(Block):
    type: Literal["context_actions"]
    elements: Annotated[list[AnyContextAction], Field(min_length=1, max_length=5)]


class InputBlock(Block):
    type: Literal["input"]
    label: Annotated[PlainText, limit(2000)]
    element: AnyInput
    hint: Annotated[PlainText, limit(2000)] | None = None
    optional: bool | None = None
    dispatch_action: bool | None = None


class ImageBlock(Image, Block):
    title: Annotated[PlainText, limit(2000)] | None = None


class FileBlock(Block):
    type: Literal["file"]
    external_id: str
    source: Literal["remote"]


class RichTextBlock(Block):
    type: Literal["rich_text"]
    elements: Annotated[list[RichTextElement], Field(min_length=1)]


class MarkdownBlock(Block):
    type: Literal["markdown"]
    text: Annotated[str, Field(min_length=1, max_length=12000)]


class RawText(Part):
    type: Literal["raw_text"]
    text: Annotated[str, Field(min_length=1)]


class RawNumber(Part):
    type: Literal["raw_number"]
    value: float
    text: Annotated[str, Field(min_length=1)]


class ColumnSetting(Part):
    align: Literal["left", "center", "right"] | None = None
    is_wrapped: bool | None = None


Cell = Annotated[RawText | RawNumber | RichTextBlock, Field(discriminator="type")]


class TableBlock(Block):
    type: Literal["table"]
    rows: Annotated[
        list[Annotated[list[Cell], Field(min_length=1, max_length=20)]],
        Field(min_length=1, max_length=100),
    ]
    column_settings: Annotated[list[ColumnSetting | None], Field(max_length=20)] | None = None


class Source(Part):
    type: Literal["url"]
    url: Address
    text: Annotated[str, Field(min_length=1)]


class TaskCardBlock(Block):
    type: Literal["task_card"]
    task_id: Identifier
    title: Annotated[str, Field(min_length=1)]
    status: Literal["pending", "in_progress", "complete", "error"]
    details: RichTextBlock | None = None
    output: RichTextBlock | None = None
    sources: list[Source] | None = None


class PlanBlock(Block):
    type: Literal["plan"]
    title: Annotated[str, Field(min_length=1)]
    tasks: Annotated[list[TaskCardBlock], Field(max_length=50)] | None = None


Shared = (
    SectionBlock
    | HeaderBlock
    | DividerBlock
    | ContextBlock
    | ActionsBlock
    | InputBlock
    | ImageBlock
    | RichTextBlock
)
MessageBlock = Annotated[
    Shared
    | FileBlock
    | MarkdownBlock
    | TableBlock
    | TaskCardBlock
    | PlanBlock
    | ContextActionsBlock,
    Field(discriminator="type"),
]
ViewBlock = Annotated[Shared, Field(discriminator="type")]
