"""Reading what people said: their words become edits of the plan, test cases or an answer."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from pipeline.analysts.assignment import assigned, current_assignment
from pipeline.case import Case
from pipeline.errors import InternalError, InvalidEdit, OffGround, WeftError
from pipeline.integration import Integration, Message
from pipeline.plan.apply import apply_edit
from pipeline.plan.diff import plan_diff
from pipeline.plan.edits import PlanEdit
from pipeline.plan.model import Plan
from pipeline.ports import Interpretation, Turn
from pipeline.progress import progress
from pipeline.replies import Said
from pipeline.services import Services

_READ_AT_ONCE = 6_000  # characters
_TURNS = 6  # of what was said before


def read_messages(case: Case, services: Services) -> None:
    """Let the analyst read what came in since it last did, and do what it asks for.

    A message that is edited meanwhile is read again: nothing is done in its old words.
    """
    first = case.integration.messages_read
    messages = _together(case.integration.messages[first:])
    plan = case.plan
    with watched(case, services) as reported:
        meaning = _interpret(case, messages, services)
    after, accepted, refused = accept(case, plan, meaning.edits)
    text = _reply_text(meaning, plan_diff(plan, after), refused)
    with services.store.change(case.integration.id) as integration:
        if reported:
            integration.say(progress(integration))
        if integration.messages[first : first + len(messages)] != messages:
            return
        integration.messages_read += len(messages)
        if accepted:
            integration.edits = [*integration.edits, *accepted]
            integration.repairs = 0
        if meaning.test_cases:
            integration.test_cases = [*integration.test_cases, *meaning.test_cases]
        if text:
            integration.say(Said(key=f"said:{messages[-1].id}", text=text))


def _together(unread: Sequence[Message]) -> list[Message]:
    """The oldest messages, as many as are read at once; one with a sample in it stays alone."""
    taken, room = [unread[0]], _READ_AT_ONCE - len(unread[0].text)
    for message in unread[1:]:
        room -= len(message.text)
        if room < 0 or any("{" in one.text for one in (taken[-1], message)):
            break
        taken.append(message)
    return taken


@contextmanager
def watched(case: Case, services: Services) -> Iterator[list[str]]:
    """What the analyst says that it does stands over the steps meanwhile; gives what it said."""
    said: list[str] = []
    assignment = current_assignment()

    def report(doing: str) -> None:
        assignment.cancellation.check()
        said.append(doing)
        with services.store.change(case.integration.id) as integration:
            integration.say(progress(integration).model_copy(update={"title": doing}))

    with assigned(replace(assignment, report=report)):
        yield said


def _interpret(case: Case, messages: Sequence[Message], services: Services) -> Interpretation:
    text = "\n\n".join(message.text for message in messages)
    try:
        earlier = _earlier(case.integration, services)
        return services.analyst.interpret(text, case.draft, earlier)
    except OffGround as error:
        return Interpretation(answer=str(error))
    except WeftError:
        raise
    except Exception as error:  # a mistake of Weft's own must not hold up all that is said later
        return Interpretation(answer=str(InternalError.of(error)))


def _earlier(integration: Integration, services: Services) -> list[Turn]:
    """The latest of what was said and answered before; a message may refer to it."""
    read = integration.messages[: integration.messages_read]
    return [
        Turn(said=message.text, answered=_answered(integration, message, services))
        for message in read[-_TURNS:]
    ]


def _answered(integration: Integration, message: Message, services: Services) -> str:
    reply = services.store.last_reply(integration.id, f"said:{message.id}")
    return reply.text if isinstance(reply, Said) else ""


def accept(
    case: Case, plan: Plan, edits: Sequence[PlanEdit]
) -> tuple[Plan, list[PlanEdit], list[str]]:
    """The plan with the edits that can be made, those edits, and why others can't."""
    accepted: list[PlanEdit] = []
    refused: list[str] = []
    for edit in edits:
        try:
            plan = apply_edit(plan, edit, case.catalogue)
        except InvalidEdit as error:
            refused.append(str(error))
        else:
            accepted.append(edit)
    return plan, accepted, refused


def _reply_text(meaning: Interpretation, changes: Sequence[str], refused: Sequence[str]) -> str:
    parts = [meaning.restated] if meaning.restated else []
    parts += [f"Changed: {'; '.join(changes)}."] if changes else []
    parts += [f"Not changed: {reason}" for reason in refused]
    if meaning.test_cases:
        names = ", ".join(f"“{item.name}”" for item in meaning.test_cases)
        parts.append(f"Added the test case {names}; it runs with the next version's tests.")
    if meaning.answer:
        parts.append(meaning.answer)
    return "\n".join(parts)
