"""Modals and App Home, as views.open, views.publish and a response action carry them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bot.playground.blockkit.blocks import ViewBlock
from bot.playground.blockkit.objects import Part, PlainText, limit

Title = Annotated[PlainText, limit(24)]


class View(Part):
    blocks: Annotated[list[ViewBlock], Field(max_length=100)]
    private_metadata: Annotated[str, Field(max_length=3000)] | None = None
    callback_id: Annotated[str, Field(max_length=255)] | None = None
    external_id: Annotated[str, Field(max_length=255)] | None = None


class HomeView(View):
    type: Literal["home"]


class ModalView(View):
    type: Literal["modal"]
    title: Title
    submit: Title | None = None
    close: Title | None = None
    clear_on_close: bool | None = None
    notify_on_close: bool | None = None
    submit_disabled: bool | None = None

    @model_validator(mode="after")
    def _inputs_can_be_submitted(self) -> Self:
        if self.submit is None and any(block.type == "input" for block in self.blocks):
            raise PydanticCustomError(
                "submit_needed", "missing required field: submit, for the view has an input block"
            )
        return self


AnyView = Annotated[HomeView | ModalView, Field(discriminator="type")]
