"""Buttons, and the names that they share with the listeners."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.views.message import Block
from bot.views.pieces import plain
from pipeline.errors import UserError

APPROVE = "gate-approve"
REJECT = "gate-reject"
CONNECT = "connection-credentials"
MOCK = "connection-mock"
SIGN_IN = "connection-sign-in"
SIGNED_IN = "connection-signed-in"
ANSWER = "question-answer"
QUESTIONS = "question-form"
MAPPING = "plan-mapping"
CHANGE = "change-form"
TEST_CASE = "test-case-form"
EXPLAIN = "code-explain"
STOP = "stop"
RETRY = "retry"
SAMPLE = "live-sample"
LOGS = "live-logs"
INVESTIGATE = "live-investigate"
PAUSE = "live-pause"
RESUME = "live-resume"
ROLL_BACK = "live-roll-back"
REPLAY = "live-replay"
RUN = "live-run"
EVENTS = "live-events"
MORE = "live-more"
ADD_CUSTOMER = "customer-add"
CUSTOMER_FORM = "customer-form"
CUSTOMER_MOCK = "customer-mock"
CUSTOMER_CONNECT = "customer-connect"
REMOVE_CUSTOMER = "customer-remove"
CONFIRM = "proposal-confirm"
DECLINE = "proposal-decline"

Style = Literal["primary", "danger"]


@dataclass(frozen=True)
class Target:
    """What a button or a form is about. It comes back from outside, so it proves nothing."""

    integration_id: str
    subject: str = ""  # a gate's id, a question's, or an environment
    choice: str = ""

    def __str__(self) -> str:
        return "|".join((self.integration_id, self.subject, self.choice)).rstrip("|")

    @classmethod
    def parse(cls, text: str) -> "Target":
        parts = text.split("|", 2)
        if not parts[0]:
            raise UserError("That button is not one of Weft's.")
        return cls(*parts)


def button(
    text: str,
    action: str,
    target: Target,
    style: Style | None = None,
    confirm: dict[str, Any] | None = None,
) -> dict[str, Any]:
    # Slack wants the ids of one block's elements to differ: several options share an action.
    made: dict[str, Any] = {
        "type": "button",
        "text": plain(text),
        "action_id": f"{action}:{target.choice}" if target.choice else action,
        "value": str(target),
    }
    if style is not None:
        made["style"] = style
    if confirm is not None:
        made["confirm"] = confirm
    return made


def overflow(action: str, options: Sequence[tuple[str, Target]]) -> dict[str, Any]:
    """A menu behind three dots: what is seldom wanted. At most five options."""
    return {
        "type": "overflow",
        "action_id": action,
        "options": [{"text": plain(text), "value": str(target)} for text, target in options],
    }


def link_button(text: str, action: str, url: str) -> dict[str, Any]:
    return {
        "type": "button",
        "text": plain(text),
        "action_id": action,
        "url": url,
        "style": "primary",
    }


def confirmation(title: str, text: str, yes: str, no: str = "Not now") -> dict[str, Any]:
    return {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}


def buttons(*elements: dict[str, Any]) -> Block:
    return {"type": "actions", "elements": list(elements)}


def stop_button(integration_id: str) -> dict[str, Any]:
    confirm = confirmation(
        "Stop this integration?",
        "What is finished and what is live stays. “resume” goes on from there.",
        "Stop",
    )
    return button("Stop", STOP, Target(integration_id), "danger", confirm)
