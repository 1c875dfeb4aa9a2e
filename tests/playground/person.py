"""A person at the playground's page: says, clicks and submits what the page would send."""

from typing import Any

import httpx

from bot.playground.server import Playground

MAYA = "U0OPS00001"
JONAS = "U0ENG00001"
PRIYA = "U0GUEST001"
INTEGRATIONS = "C0INTEGR01"
GENERAL = "C0GENERAL1"

Json = dict[str, Any]


class Refused(Exception):
    """The page would show this sentence."""


class Person:
    def __init__(self, playground: Playground, user: str = MAYA) -> None:
        self.user = user
        self._http = httpx.Client(base_url=playground.page_url, timeout=30, verify=False)

    def close(self) -> None:
        self._http.close()

    def say(self, text: str, channel: str = INTEGRATIONS, **more: Any) -> Json:
        """The message as the workspace has it; `thread_ts` and `files` as the page sends them."""
        message: Json = self.do("messages", channel=channel, text=text, **more)["message"]
        return message

    def click(self, label: str, channel: str = INTEGRATIONS, **more: Any) -> Json:
        """The newest button of that label which this person can see."""
        for message in reversed(self.messages(channel)):
            for block in message.get("blocks", []):
                for element in _elements(block):
                    if element.get("text", {}).get("text") == label:
                        place = {"channel": channel, "message_ts": message["ts"]}
                        return self.use(block, element, **place, **more)
        raise AssertionError(f"no button {label!r} in {channel}")

    def choose(self, label: str, channel: str = INTEGRATIONS) -> Json:
        """The newest option of that label in a menu behind three dots."""
        for message in reversed(self.messages(channel)):
            for block in message.get("blocks", []):
                for element in _elements(block):
                    for option in element.get("options", []):
                        if option["text"]["text"] == label:
                            place = {"channel": channel, "message_ts": message["ts"]}
                            return self.use(block, element, value=option["value"], **place)
        raise AssertionError(f"no option {label!r} in {channel}")

    def use(self, block: Json, element: Json, **more: Any) -> Json:
        names = {"block_id": block["block_id"], "action_id": element["action_id"]}
        return self.do("actions", **names, **more)

    def modal(self) -> Json:
        """The modal on top."""
        view: Json = self.views()[-1]
        return view

    def views(self) -> list[Json]:
        views: list[Json] = self.get("views", user=self.user)["views"]
        return views

    def submit(self, values: Json | None = None, view_id: str | None = None) -> Json:
        return self.do("views/submit", view_id=view_id or self.modal()["id"], values=values or {})

    def close_modal(self) -> Json:
        return self.do("views/close", view_id=self.modal()["id"])

    def command(self, name: str, text: str = "", channel: str = INTEGRATIONS) -> Json:
        return self.do("commands", channel=channel, command=name, text=text)

    def messages(self, channel: str = INTEGRATIONS) -> list[Json]:
        """What this person sees: without what is shown to others alone."""
        everything: list[Json] = self.get(f"channels/{channel}/messages")["messages"]
        return [one for one in everything if one.get("ephemeral_to") in (None, self.user)]

    def do(self, path: str, **fields: Any) -> Json:
        """Refused with the sentence, unless the answer is a form's complaints."""
        answer: Json = self._http.post(path, json={"user": self.user, **fields}).json()
        if not answer["ok"] and "errors" not in answer:
            raise Refused(answer["error"])
        return answer

    def get(self, path: str, **query: str) -> Json:
        answer: Json = self._http.get(path, params=query).json()
        return answer

    def set_faults(self, **faults: Any) -> None:
        assert self._http.post("faults", json=faults).json() == {"ok": True}


def _elements(block: Json) -> list[Json]:
    if block["type"] in ("actions", "context_actions"):
        elements: list[Json] = block["elements"]
        return elements
    return [block["accessory"]] if "accessory" in block else []
