"""Type-checks what was sent to Slack against Slack's own TypeScript types, with `deno check`.

Every accepted Web API call becomes a literal on a line of its own, so that the compiler's line
says which payload is wrong. Blocks are typed as KnownBlock[]: Slack's types let others through.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deno import find_deno_bin  # type: ignore[import-untyped]

from bot.playground.recording import Call
from bot.playground.web_api.dispatch import METHODS

SLACK_TYPES = "npm:@slack/types@3.2"
SLACK_WEB_API = "npm:@slack/web-api@8.2"

_ARGUMENTS = {
    "assistant.threads.setStatus": "AssistantThreadsSetStatusArguments",
    "bots.info": "BotsInfoArguments",
    "chat.delete": "ChatDeleteArguments",
    "chat.getPermalink": "ChatGetPermalinkArguments",
    "chat.postEphemeral": "ChatPostEphemeralArguments",
    "chat.postMessage": "ChatPostMessageArguments",
    "chat.update": "ChatUpdateArguments",
    "conversations.history": "ConversationsHistoryArguments",
    "conversations.info": "ConversationsInfoArguments",
    "conversations.list": "ConversationsListArguments",
    "conversations.members": "ConversationsMembersArguments",
    "conversations.open": "ConversationsOpenArguments",
    "conversations.replies": "ConversationsRepliesArguments",
    "files.completeUploadExternal": "FilesCompleteUploadExternalArguments",
    "files.getUploadURLExternal": "FilesGetUploadURLExternalArguments",
    "files.info": "FilesInfoArguments",
    "reactions.add": "ReactionsAddArguments",
    "reactions.remove": "ReactionsRemoveArguments",
    "team.info": "TeamInfoArguments",
    "users.info": "UsersInfoArguments",
    "users.list": "UsersListArguments",
    "views.open": "ViewsOpenArguments",
    "views.publish": "ViewsPublishArguments",
    "views.push": "ViewsPushArguments",
    "views.update": "ViewsUpdateArguments",
}
_NO_ARGUMENTS = {"auth.test", "apps.connections.open"}
_ANSWERS = {
    "command_reply": "ResponseMessage",
    "response_action": "ResponseAction",
    "response_url": "ResponseMessage",
}


class TypesUnavailable(Exception):
    """Slack's npm packages are neither cached nor to be had; the sentence says so."""


@dataclass(frozen=True)
class Checked:
    """`problems` are the compiler's words after the method whose payload they are about."""

    payloads: int
    problems: list[str]

    def __str__(self) -> str:
        return f"{self.payloads} shapes type-checked against {SLACK_TYPES} and {SLACK_WEB_API}"


def check(calls: Iterable[Call], directory: Path) -> Checked:
    """Every accepted call; the source goes into `directory`. TypesUnavailable without network."""
    sent = [(call.method, given) for call in calls if (given := arguments(call)) is not None]
    lines = [_line(number, method, given) for number, (method, given) in enumerate(sent)]
    if not lines:
        return Checked(0, [])
    source = directory / "payloads.ts"
    source.write_text("\n".join([_imports(), *(text for _, text in lines)]) + "\n")
    result = subprocess.run(
        [find_deno_bin(), "check", str(source)],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1"},
    )
    problems = _problems(result.stderr, [method for method, _ in lines])
    if result.returncode != 0 and not problems:
        reason = next(line for line in result.stderr.splitlines() if line.startswith("error"))
        raise TypesUnavailable(f"No type was checked, for Slack's packages are missing: {reason}")
    return Checked(len(lines), problems)


def arguments(call: Call) -> dict[str, Any] | None:
    """What was sent, read as Slack reads it; None for what was refused or says nothing."""
    if call.error is not None or call.method in _NO_ARGUMENTS:
        return None
    if call.method in _ANSWERS:
        return call.arguments
    read = METHODS[call.method].arguments.model_validate(call.arguments)
    given = read.model_dump(exclude_unset=True, exclude={"team_id"})
    if given.get("metadata") == {}:
        del given["metadata"]  # to remove it, say Slack's docs; their types know no such value
    if "alt_txt" in given:
        given["alt_text"] = given.pop("alt_txt")  # the API's name, and the one of the types
    return given


def _line(number: int, method: str, given: dict[str, Any]) -> tuple[str, str]:
    """The method, and declarations whose types are those of its arguments."""
    if method in _ANSWERS:
        return method, _declaration(f"p{number}", _ANSWERS[method], given)
    declarations = [_declaration(f"p{number}", _ARGUMENTS[method], given)]
    for name, kind in (("blocks", "KnownBlock[]"), ("view", "KnownView")):
        if name in given:
            declarations.append(_declaration(f"{name}{number}", kind, given[name]))
    return method, " ".join(declarations)


def _declaration(name: str, kind: str, value: Any) -> str:
    return f"export const {name}: {kind} = {json.dumps(value)};"


def _imports() -> str:
    """One line, so that line numbers are payload numbers."""
    names = ", ".join(sorted(_ARGUMENTS.values()))
    return " ".join(
        [
            f'import type {{ HomeView, KnownBlock, ModalView }} from "{SLACK_TYPES}";',
            f'import type {{ {names} }} from "{SLACK_WEB_API}";',
            "type Known<View> = Omit<View, 'blocks'> & { blocks: KnownBlock[] };",
            "type KnownView = Known<ModalView> | Known<HomeView>;",
            'type ResponseAction = { response_action: "errors"; errors: Record<string, string> }',
            '| { response_action: "update" | "push"; view: Known<ModalView> }',
            '| { response_action: "clear" };',
            "type ResponseMessage = { text?: string; blocks?: KnownBlock[]; thread_ts?: string;",
            'response_type?: "ephemeral" | "in_channel"; replace_original?: boolean;',
            "delete_original?: boolean };",
        ]
    )


def _problems(report: str, methods: list[str]) -> list[str]:
    """The compiler's errors, each with the method of the line that it is about."""
    problems = []
    for error in re.split(r"(?=^TS\d+ \[ERROR\])", report, flags=re.MULTILINE)[1:]:
        place = re.search(r"payloads\.ts:(\d+):\d+", error)
        method = methods[int(place[1]) - 2] if place and place[1] != "1" else "types"
        problems.append(f"{method}: {error.strip()}")
    return problems
