"""What people do on the page: each request with its fields, and what it sets going."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.playground.faults import CallFault, DeliveryFaults
from bot.playground.interaction import clicks, commands, submissions, writing
from bot.playground.slack import Slack


class PageRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ByUser(PageRequest):
    user: str


class Say(ByUser):
    channel: str
    text: str = ""
    thread_ts: str | None = None
    files: list[dict[str, Any]] = []


class OfMessage(ByUser):
    channel: str
    ts: str


class Edit(OfMessage):
    text: str


class React(OfMessage):
    name: str


class Command(ByUser):
    channel: str
    command: str
    text: str = ""


class Click(ByUser):
    model_config = ConfigDict(extra="allow")

    block_id: str
    action_id: str


class OfView(ByUser):
    view_id: str


class Submit(OfView):
    values: dict[str, Any] = {}


class FaultsWanted(PageRequest):
    calls: list[CallFault] = []
    delivery: DeliveryFaults | None = None
    clear: bool = False


async def _say(slack: Slack, wanted: Say) -> dict[str, Any]:
    message = writing.say(
        slack, wanted.user, wanted.channel, wanted.text, wanted.thread_ts, wanted.files
    )
    return {"ts": message.ts, "message": slack.workspace.as_json(message)}


async def _edit(slack: Slack, wanted: Edit) -> None:
    writing.edit(slack, wanted.user, wanted.channel, wanted.ts, wanted.text)


async def _delete(slack: Slack, wanted: OfMessage) -> None:
    writing.delete(slack, wanted.user, wanted.channel, wanted.ts)


async def _react(slack: Slack, wanted: React) -> None:
    writing.toggle_reaction(slack, wanted.user, wanted.channel, wanted.ts, wanted.name)


async def _command(slack: Slack, wanted: Command) -> None:
    await commands.command(slack, wanted.user, wanted.channel, wanted.command, wanted.text)


async def _click(slack: Slack, wanted: Click) -> None:
    await clicks.click(slack, wanted.user, wanted.model_dump())


async def _submit(slack: Slack, wanted: Submit) -> dict[str, Any] | None:
    errors = await submissions.submit(slack, wanted.user, wanted.view_id, wanted.values)
    return {"ok": False, "response_action": "errors", "errors": errors} if errors else None


async def _close(slack: Slack, wanted: OfView) -> None:
    await submissions.close(slack, wanted.user, wanted.view_id)


async def _open_home(slack: Slack, wanted: ByUser) -> None:
    slack.workspace.user(wanted.user)
    slack.happenings.home_opened(wanted.user)


async def _set_faults(slack: Slack, wanted: FaultsWanted) -> None:
    if wanted.clear:
        slack.faults.clear()
    slack.faults.calls.extend(wanted.calls)
    slack.faults.delivery = wanted.delivery or slack.faults.delivery


@dataclass(frozen=True)
class Deed:
    """`do` gives what the page is told beside ok."""

    fields: type[PageRequest]
    do: Callable[[Slack, Any], Awaitable[dict[str, Any] | None]]


DEEDS = {
    "messages": Deed(Say, _say),
    "messages/edit": Deed(Edit, _edit),
    "messages/delete": Deed(OfMessage, _delete),
    "reactions": Deed(React, _react),
    "commands": Deed(Command, _command),
    "actions": Deed(Click, _click),
    "views/submit": Deed(Submit, _submit),
    "views/close": Deed(OfView, _close),
    "home": Deed(ByUser, _open_home),
    "faults": Deed(FaultsWanted, _set_faults),
}
