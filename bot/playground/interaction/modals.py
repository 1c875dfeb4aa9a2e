"""Open modals, in a stack of up to three for each person, and their App Home."""

from dataclasses import dataclass, field
from typing import Any

from bot.playground.errors import PlaygroundError, SlackError
from bot.playground.people import APP_ID, BOT_ID, TEAM_ID
from bot.playground.stream import Stream
from bot.playground.workspace import Workspace

HIGHEST_STACK = 3


@dataclass
class OpenView:
    id: str
    user: str
    view: dict[str, Any]
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """A view object as the Web API and interactions carry it."""
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **self.view,
            "state": {"values": self.values},
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }


class Modals:
    def __init__(self, workspace: Workspace, stream: Stream) -> None:
        self._workspace = workspace
        self._stream = stream
        self._stacks: dict[str, list[OpenView]] = {}
        self._homes: dict[str, OpenView] = {}

    def stack(self, user: str) -> list[OpenView]:
        """The person's open modals, the visible one last."""
        return list(self._stacks.get(user, []))

    def home(self, user: str) -> OpenView | None:
        return self._homes.get(user)

    def opened(self, view_id: str, user: str) -> OpenView:
        """PlaygroundError when that person doesn't have it open."""
        for view in [*self.stack(user), *filter(None, [self._homes.get(user)])]:
            if view.id == view_id:
                return view
        raise PlaygroundError("This window is not open any more.")

    def open(self, user: str, view: dict[str, Any]) -> OpenView:
        """A first modal; it takes the place of whatever was open."""
        self._need_own_external_id(view)
        opened = self._new(user, view)
        self._stacks[user] = [opened]
        return self._announce("modal_opened", opened)

    def push(self, user: str, view: dict[str, Any]) -> OpenView:
        """SlackError push_limit_reached, or not_found when no modal is open."""
        stack = self._stacks.get(user, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= HIGHEST_STACK:
            raise SlackError("push_limit_reached")
        self._need_own_external_id(view)
        opened = self._new(user, view, stack[0].id, stack[-1].id)
        stack.append(opened)
        return self._announce("modal_opened", opened)

    def find(self, view_id: str | None, external_id: str | None) -> OpenView:
        """SlackError not_found."""
        for view in self._everything():
            if view.id == view_id or (external_id and view.view.get("external_id") == external_id):
                return view
        raise SlackError("not_found")

    def update(
        self, opened: OpenView, view: dict[str, Any], expected_hash: str | None = None
    ) -> OpenView:
        """SlackError hash_conflict when it has changed since."""
        if expected_hash is not None and expected_hash != opened.hash:
            raise SlackError("hash_conflict")
        self._need_own_external_id(view, opened)
        opened.view, opened.hash = view, self._new_hash()
        opened.values = _kept(opened.values, view)
        return self._announce("modal_updated", opened)

    def publish_home(self, user: str, view: dict[str, Any], expected_hash: str | None) -> OpenView:
        known = self._homes.get(user)
        if known is not None:
            return self.update(known, view, expected_hash)
        self._homes[user] = home = self._new(user, view)
        return self._announce("modal_updated", home)

    def close(self, opened: OpenView) -> None:
        """Only this one: the one under it is visible again."""
        self._stacks[opened.user] = [
            view for view in self._stacks.get(opened.user, []) if view is not opened
        ]
        self._stream.publish("modal_closed", opened.user, user=opened.user, view_id=opened.id)

    def clear(self, user: str) -> list[OpenView]:
        """All of them; gives what was open."""
        closed = self.stack(user)
        for opened in reversed(closed):
            self.close(opened)
        return closed

    def _everything(self) -> list[OpenView]:
        return [view for stack in self._stacks.values() for view in stack] + list(
            self._homes.values()
        )

    def _new(
        self, user: str, view: dict[str, Any], root: str | None = None, previous: str | None = None
    ) -> OpenView:
        view_id = self._workspace.new_id("V")
        return OpenView(view_id, user, view, self._new_hash(), root or view_id, previous)

    def _new_hash(self) -> str:
        return f"{self._workspace.new_ts()}.{self._workspace.new_id('')[:8]}"

    def _announce(self, kind: str, opened: OpenView) -> OpenView:
        self._stream.publish(kind, opened.user, user=opened.user, view=opened.as_json())
        return opened

    def _need_own_external_id(self, view: dict[str, Any], owner: OpenView | None = None) -> None:
        name = view.get("external_id")
        if name and any(
            other.view.get("external_id") == name
            for other in self._everything()
            if other is not owner
        ):
            raise SlackError("duplicate_external_id")


def _kept(values: dict[str, dict[str, Any]], view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What was typed stays in blocks that keep their block_id."""
    blocks = {block["block_id"] for block in view["blocks"]}
    return {block: value for block, value in values.items() if block in blocks}
