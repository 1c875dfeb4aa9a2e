"""Draws replies for Slack: pure functions from a reply to a message."""

from collections.abc import Callable
from typing import Any

from bot.views.code_version import code_version
from bot.views.connection import connection
from bot.views.customers import customer
from bot.views.deployment import deploy, deployed
from bot.views.failures import failures, issue, recovered
from bot.views.message import File, Message, Modal
from bot.views.plan import plan
from bot.views.progress import progress
from bot.views.proposal import proposed
from bot.views.said import failed, findings, out_of_scope, restated, said
from bot.views.set_up import set_up
from bot.views.tried import tried
from pipeline.integration import Integration
from pipeline.replies import Reply

_OF_REPLY_ALONE: dict[str, Callable[[Any], Message]] = {
    "restated": restated,
    "progress": progress,
    "out-of-scope": out_of_scope,
    "said": said,
    "tried": tried,
    "recovered": recovered,
    "issue": issue,
}
_OF_INTEGRATION: dict[str, Callable[[Any, Integration], Message]] = {
    "plan": plan,
    "set-up": set_up,
    "connection": connection,
    "code": code_version,
    "findings": findings,
    "deploy": deploy,
    "deployed": deployed,
    "failed": failed,
    "failures": failures,
    "proposed": proposed,
    "customer": customer,
}


def draw(reply: Reply, integration: Integration) -> Message:
    """The message for a reply, as it stands now."""
    if reply.kind in _OF_REPLY_ALONE:
        return _OF_REPLY_ALONE[reply.kind](reply)
    return _OF_INTEGRATION[reply.kind](reply, integration)


__all__ = ["File", "Message", "Modal", "draw"]
