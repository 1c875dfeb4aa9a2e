"""Submitted forms. What is typed as a credential goes to the vault, and nowhere else."""

import json
import logging
from collections.abc import Callable
from typing import Any

from pydantic import JsonValue
from slack_bolt import Ack, BoltContext

from bot.listeners.customers import read_customer
from bot.listeners.incoming import Submission
from bot.listeners.typed_values import InvalidInput, read_config
from bot.permissions import require_may_change
from bot.surface import Surface
from bot.thread_poster.gateway import checked_view
from bot.views.connection import SECRET
from bot.views.forms import notice
from bot.views.questions import open_questions
from pipeline.case import load_case
from pipeline.errors import AlreadyHandled, ServiceError, UserError
from pipeline.integration import Integration, TestCase
from pipeline.plan.model import System

_logger = logging.getLogger(__name__)

_Do = Callable[[Submission, Integration], None]


class SubmissionListener:
    def __init__(self, surface: Surface) -> None:
        self._surface = surface

    def credentials(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._take(ack, body, context, self._credentials)

    def answers(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._take(ack, body, context, self._answers)

    def change(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._take(ack, body, context, self._change)

    def backfill(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._take(ack, body, context, self._backfill)

    def customer(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._take(ack, body, context, self._customer)

    def test_case(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._take(ack, body, context, self._test_case)

    def _take(self, ack: Ack, body: dict[str, Any], context: BoltContext, do: _Do) -> None:
        """The form closes once what it holds is saved; else it says what is wrong."""
        surface = self._surface
        try:
            submission = Submission.of(body)
            integration = surface.integration(
                submission.target.integration_id, str(context.team_id)
            )
            do(submission, integration)
            surface.changed(integration.id)
        except AlreadyHandled:
            _logger.info("submitted again")
        except InvalidInput as invalid:
            ack(response_action="errors", errors=invalid.errors)
            return
        except (UserError, ServiceError) as error:
            ack(response_action="update", view=checked_view(notice("Not saved", str(error))))
            return
        ack()

    def _credentials(self, submission: Submission, integration: Integration) -> None:
        gate_id, values = submission.target.subject, submission.values
        secrets = {
            block.removeprefix(SECRET): value
            for block, value in values.items()
            if block.startswith(SECRET) and value
        }
        gate = integration.gate(gate_id)
        system = self._system(integration, gate.subject) if gate is not None else None
        config = read_config(system, values) if system is not None else {}
        self._surface.conversation.supply(
            integration.id, gate_id, submission.user, secrets, config, submission.key
        )

    def _system(self, integration: Integration, name: str) -> System | None:
        plan = load_case(self._surface.store, integration.id, self._surface.catalogue).plan
        return next((system for system in plan.systems if system.name == name), None)

    def _answers(self, submission: Submission, integration: Integration) -> None:
        plan = load_case(self._surface.store, integration.id, self._surface.catalogue).plan
        answers = {}
        for question in open_questions(plan):
            given = submission.values.get(question.id, "")
            if given and question.options and given.isdecimal():
                given = question.options[min(int(given), len(question.options) - 1)]
            if given:
                answers[question.id] = given
        if answers:
            self._surface.conversation.answer(
                integration.id, submission.user, answers, submission.key
            )

    def _change(self, submission: Submission, integration: Integration) -> None:
        self._surface.conversation.say(
            integration.id,
            submission.user,
            submission.values.get("change", ""),
            event_key=submission.key,
        )

    def _backfill(self, submission: Submission, integration: Integration) -> None:
        require_may_change(integration, submission.user)
        self._surface.proposals.backfill(
            integration.id, submission.target.subject, submission.values.get("since", "")
        )

    def _customer(self, submission: Submission, integration: Integration) -> None:
        require_may_change(integration, submission.user)
        surface, environment = self._surface, submission.target.subject
        case = load_case(surface.store, integration.id, surface.catalogue)
        name, given, variables = read_customer(case, submission.values)
        key = surface.customers.give(
            integration.id, environment, name, given, variables, submission.key
        )
        surface.later(self._connect, integration.id, key)

    def _connect(self, integration_id: str, key: str) -> None:
        self._surface.customers.connect(integration_id, key)
        self._surface.changed(integration_id)

    def _test_case(self, submission: Submission, integration: Integration) -> None:
        values = submission.values
        read = {name: _read_json(values.get(name, "")) for name in ("input", "expected")}
        errors = {
            name: 'This is not JSON. Write an object such as {"id": 1}.'
            for name, value in read.items()
            if value is None
        }
        if errors:
            raise InvalidInput(errors)
        case = TestCase(
            name=values.get("name") or "unnamed",
            workflow=values.get("workflow") or None,
            input=read["input"],
            expected=read["expected"],
        )
        self._surface.conversation.add_test_case(
            integration.id, submission.user, case, submission.key
        )


def _read_json(text: str) -> JsonValue:
    """None where it is no JSON, or `null`."""
    try:
        read: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read
