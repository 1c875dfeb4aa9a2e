"""What goes wrong with a live integration, and that it works again."""

from datetime import datetime
from typing import Any

from bot.views.actions import INVESTIGATE, LOGS, REPLAY, Target, button, buttons
from bot.views.deployment import pause_button, roll_back_button
from bot.views.message import Block, Message
from bot.views.pieces import bullets, code, escape, note, section
from pipeline.integration import Integration
from pipeline.live.state import FailureGroup
from pipeline.replies import FailuresShown, IssueRaised, Recovered

_REASON_SHOWN = 600  # characters


def failures(reply: FailuresShown, integration: Integration) -> Message:
    group = reply.group
    title = f"{_events(group.count)} failed on {group.environment}{_of(group)}"
    head = f"*{escape(title)}*"
    if group.headline:
        head += f"\n{escape(group.headline)}"
    blocks: list[Block] = [
        section(f"{head}\n{escape(group.reason[:_REASON_SHOWN])}"),
        section(bullets(_facts(reply))),
    ]
    if group.kept and group.environment in integration.live:
        blocks.append(buttons(*_choices(reply, integration)))
    if group.recovered_at is not None:
        blocks.append(note(f"Works again since {_time(group.recovered_at)}."))
    return Message(f"{title}: {group.reason[:_REASON_SHOWN]}", tuple(blocks))


def _facts(reply: FailuresShown) -> list[str]:
    group = reply.group
    first, last = _time(group.first_at), _time(group.last_at)
    at_once = f"{group.first_at:%H:%M %d}" == f"{group.last_at:%H:%M %d}"
    facts = [f"At {first}" if at_once else f"First at {first}, last at {last}"]
    if group.record:
        facts.append(f"Such as record {code(group.record)}")
    if group.replayed or group.failed_again:
        again = f", {group.failed_again} failed again" if group.failed_again else ""
        facts.append(f"{group.replayed} replayed (ran){again}")
    if group.went_through:
        facts.append(f"Since then, {_runs(group.went_through)} of it went through (ran)")
    if reply.can_replay and group.kept:
        facts.append(f"{_events(group.kept)} kept; nothing is lost")
    return facts


def _choices(reply: FailuresShown, integration: Integration) -> list[dict[str, Any]]:
    group = reply.group
    one = Target(integration.id, group.environment, group.id)
    place = Target(integration.id, group.environment)
    elements = []
    if reply.can_replay:
        elements.append(button("Investigate", INVESTIGATE, one, "primary"))
        elements.append(button("Replay", REPLAY, one))
    elements.append(button("Logs", LOGS, one))
    elements.append(pause_button(place, paused=integration.live[group.environment].paused))
    if reply.earlier:
        elements.append(roll_back_button(place, reply.earlier))
    return elements


def recovered(reply: Recovered) -> Message:
    group = reply.group
    what = group.workflow or "It"
    since = group.recovered_at or group.last_at
    facts = []
    if group.went_through:
        facts.append(f"{_runs(group.went_through)} went through (ran).")
    if group.replayed:
        facts.append(f"{group.replayed} of {_events(group.count)} replayed (ran).")
    if group.kept:
        facts.append(f"{_events(group.kept)} kept: replay them above, or leave them.")
    title = f"{what} works again on {group.environment}"
    text = f"{title}, since {since:%H:%M} UTC. {' '.join(facts)}"
    shown = f"*{escape(title)}* since {_time(since)}. {escape(' '.join(facts))}"
    return Message(text, (section(shown),))


def issue(reply: IssueRaised) -> Message:
    raised = reply.issue
    title = f"{raised.title} ({reply.environment})"
    times = f"Raised {raised.count} times; last" if raised.count > 1 else "Raised"
    severity = f"{raised.severity} severity" if raised.severity else ""
    return Message(
        f"{title}: {raised.message}",
        (
            section(f"*{escape(title)}*\n{escape(raised.message[:_REASON_SHOWN])}"),
            note(
                f"{times} by the integration at {_time(raised.last_at)}. {escape(severity)}".strip()
            ),
        ),
    )


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"


def _runs(count: int) -> str:
    return "1 later run" if count == 1 else f"{count:,} later runs"


def _of(group: FailureGroup) -> str:
    return f" in {group.workflow}" if group.workflow else ""


def _time(at: datetime) -> str:
    """A day and a time in the reader's own zone."""
    fallback = f"{at:%d %b, %H:%M} UTC"
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}, {{time}}|{fallback}>"
