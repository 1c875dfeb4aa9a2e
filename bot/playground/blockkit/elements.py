"""Interactive elements and images: what people click, choose and type into."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bot.playground.blockkit.objects import (
    Address,
    Confirm,
    DispatchActionConfig,
    Identifier,
    Label,
    Option,
    OptionGroup,
    Part,
    PlainText,
    RichOption,
    SlackFile,
    limit,
)
from bot.playground.blockkit.rich_text import RichTextElement

Style = Literal["primary", "danger"]
ShortLabel = Annotated[str, Field(max_length=75)]
ButtonValue = Annotated[str, Field(max_length=2000)]
Placeholder = Annotated[PlainText, limit(150)]


class Element(Part):
    action_id: Identifier | None = None


class Confirmable(Element):
    confirm: Confirm | None = None


class Input(Element):
    focus_on_load: bool | None = None


class TypedInput(Input):
    placeholder: Placeholder | None = None
    dispatch_action_config: DispatchActionConfig | None = None


class Menu(Input, Confirmable):
    placeholder: Placeholder | None = None


class MultiMenu(Menu):
    max_selected_items: Annotated[int, Field(ge=1)] | None = None


class Button(Confirmable):
    type: Literal["button"]
    text: Label
    value: ButtonValue | None = None
    url: Address | None = None
    style: Style | None = None
    accessibility_label: ShortLabel | None = None


class IconButton(Confirmable):
    type: Literal["icon_button"]
    icon: str
    text: PlainText
    value: ButtonValue | None = None
    accessibility_label: ShortLabel | None = None
    visible_to_user_ids: list[str] | None = None


class Feedback(Part):
    text: Label
    value: ButtonValue
    accessibility_label: ShortLabel | None = None


class FeedbackButtons(Element):
    type: Literal["feedback_buttons"]
    positive_button: Feedback
    negative_button: Feedback


class Static(Part):
    """A menu whose choices stand in the block: options, or groups of them."""

    options: Annotated[list[Option], Field(min_length=1, max_length=100)] | None = None
    option_groups: Annotated[list[OptionGroup], Field(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.options is None) == (self.option_groups is None):
            raise PydanticCustomError(
                "options_or_groups", "must define either `options` or `option_groups`"
            )
        return self


class StaticSelect(Static, Menu):
    type: Literal["static_select"]
    initial_option: Option | None = None


class MultiStaticSelect(Static, MultiMenu):
    type: Literal["multi_static_select"]
    initial_options: Annotated[list[Option], Field(min_length=1)] | None = None


class UsersSelect(Menu):
    type: Literal["users_select"]
    initial_user: str | None = None


class MultiUsersSelect(MultiMenu):
    type: Literal["multi_users_select"]
    initial_users: list[str] | None = None


class ChannelsSelect(Menu):
    type: Literal["channels_select"]
    initial_channel: str | None = None
    response_url_enabled: bool | None = None


class RadioButtons(Input, Confirmable):
    type: Literal["radio_buttons"]
    options: Annotated[list[RichOption], Field(min_length=1, max_length=10)]
    initial_option: RichOption | None = None


class Checkboxes(Input, Confirmable):
    type: Literal["checkboxes"]
    options: Annotated[list[RichOption], Field(min_length=1, max_length=10)]
    initial_options: Annotated[list[RichOption], Field(min_length=1)] | None = None


class Overflow(Confirmable):
    type: Literal["overflow"]
    options: Annotated[list[Option], Field(min_length=1, max_length=5)]


class DatePicker(Menu):
    type: Literal["datepicker"]
    initial_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None = None


class TimePicker(Menu):
    type: Literal["timepicker"]
    initial_time: Annotated[str, Field(pattern=r"^\d\d:\d\d$")] | None = None
    timezone: str | None = None


class DateTimePicker(Input, Confirmable):
    type: Literal["datetimepicker"]
    initial_date_time: Annotated[int, Field(ge=10**9, lt=10**10)] | None = None


class PlainTextInput(TypedInput):
    type: Literal["plain_text_input"]
    initial_value: str | None = None
    multiline: bool | None = None
    min_length: Annotated[int, Field(ge=0, le=3000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=3000)] | None = None


class EmailInput(TypedInput):
    type: Literal["email_text_input"]
    initial_value: str | None = None


class AddressInput(TypedInput):
    type: Literal["url_text_input"]
    initial_value: str | None = None


class NumberInput(TypedInput):
    type: Literal["number_input"]
    is_decimal_allowed: bool
    initial_value: str | None = None
    min_value: str | None = None
    max_value: str | None = None


class FileInput(Element):
    type: Literal["file_input"]
    filetypes: list[str] | None = None
    max_files: Annotated[int, Field(ge=1, le=10)] | None = None


class RichTextValue(Part):
    type: Literal["rich_text"]
    elements: list[RichTextElement]


class RichTextInput(TypedInput):
    type: Literal["rich_text_input"]
    initial_value: RichTextValue | None = None


class Image(Part):
    type: Literal["image"]
    alt_text: Annotated[str, Field(min_length=1, max_length=2000)]
    image_url: Annotated[Address, Field(max_length=3000)] | None = None
    slack_file: SlackFile | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.image_url is None) == (self.slack_file is None):
            raise PydanticCustomError(
                "image_source", "must define either `image_url` or `slack_file`"
            )
        return self


Select = StaticSelect | MultiStaticSelect | UsersSelect | MultiUsersSelect | ChannelsSelect
Choice = RadioButtons | Checkboxes | DatePicker | TimePicker
AnyAccessory = Annotated[Button | Select | Choice | Overflow | Image, Field(discriminator="type")]
AnyAction = Annotated[
    Button | Select | Choice | DateTimePicker | Overflow | RichTextInput,
    Field(discriminator="type"),
]
AnyInput = Annotated[
    Select
    | Choice
    | DateTimePicker
    | PlainTextInput
    | EmailInput
    | AddressInput
    | NumberInput
    | FileInput
    | RichTextInput,
    Field(discriminator="type"),
]
AnyContextAction = Annotated[FeedbackButtons | IconButton, Field(discriminator="type")]
