"""Composition objects: texts, options, confirmations. Unknown fields are refused everywhere."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PlainText(Part):
    type: Literal["plain_text"]
    text: Annotated[str, Field(min_length=1, max_length=3000)]
    emoji: bool | None = None


class Mrkdwn(Part):
    type: Literal["mrkdwn"]
    text: Annotated[str, Field(min_length=1, max_length=3000)]
    verbatim: bool | None = None


Text = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]


def limit(characters: int) -> AfterValidator:
    """A shorter limit for a text object that stands in a certain place."""

    def check(text: PlainText | Mrkdwn) -> PlainText | Mrkdwn:
        if len(text.text) > characters:
            raise PydanticCustomError(
                "text_object_too_long",
                "must be less than {bound} characters",
                {"bound": characters + 1},
            )
        return text

    return AfterValidator(check)


Label = Annotated[PlainText, limit(75)]
Identifier = Annotated[str, Field(min_length=1, max_length=255)]
Address = Annotated[str, Field(pattern=r"^(https?|slack|mailto):", max_length=3000)]


class Confirm(Part):
    title: Annotated[PlainText, limit(100)]
    text: Annotated[Text, limit(300)]
    confirm: Annotated[PlainText, limit(30)]
    deny: Annotated[PlainText, limit(30)]
    style: Literal["primary", "danger"] | None = None


class Option(Part):
    text: Label
    value: Annotated[str, Field(min_length=1, max_length=150)]
    description: Label | None = None
    url: Address | None = None


class RichOption(Option):
    """Radio buttons and checkboxes may format their options."""

    text: Annotated[Text, limit(75)]  # type: ignore[assignment]
    description: Annotated[Text, limit(75)] | None = None  # type: ignore[assignment]


class OptionGroup(Part):
    label: Label
    options: Annotated[list[Option], Field(min_length=1, max_length=100)]


class SlackFile(Part):
    id: str | None = None
    url: str | None = None


class DispatchActionConfig(Part):
    trigger_actions_on: Annotated[
        list[Literal["on_enter_pressed", "on_character_entered"]], Field(min_length=1)
    ]
