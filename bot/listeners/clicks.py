"""Buttons that decide or change something at once."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, BoltContext

from bot.listeners.incoming import Click
from bot.surface import Surface
from bot.views.questions import open_questions
from pipeline.case import load_case
from pipeline.errors import UserError
from pipeline.gates import Decision
from pipeline.integration import Integration

_Do = Callable[[Click, Integration], None]


class ClickListener:
    """Each handler acknowledges once what the click means is saved."""

    def __init__(self, surface: Surface) -> None:
        self._surface = surface

    def approve(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._change(ack, body, context, self._approve)

    def reject(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._change(ack, body, context, self._reject)

    def mock(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._change(ack, body, context, self._mock)

    def signed_in(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._change(ack, body, context, self._signed_in)

    def answer(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._change(ack, body, context, self._answer)

    def stop(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._change(ack, body, context, self._stop)

    def retry(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._change(ack, body, context, self._retry)

    def link(self, ack: Ack) -> None:
        """A button that only opens an address still wants its acknowledgement."""
        ack()

    def _change(self, ack: Ack, body: dict[str, Any], context: BoltContext, do: _Do) -> None:
        surface = self._surface
        click = Click.of(body, str(context.team_id))
        with surface.answering(click.place, click.user, click.key):
            integration = surface.integration(click.target.integration_id, click.place.team)
            do(click, integration)
            surface.changed(integration.id)
        ack()

    def _approve(self, click: Click, integration: Integration) -> None:
        self._decide(click, integration, click.target.subject, "approved")

    def _reject(self, click: Click, integration: Integration) -> None:
        """“Not yet” answers every environment that the message offers."""
        asked = integration.gate(click.target.subject)
        together = [
            gate.id
            for gate in integration.open_gates()
            if asked is not None and gate.message == asked.message
        ]
        for gate_id in together or [click.target.subject]:
            self._decide(click, integration, gate_id, "rejected")

    def _decide(
        self, click: Click, integration: Integration, gate_id: str, decision: Decision
    ) -> None:
        gate = integration.gate(gate_id)
        if gate is not None and gate.kind == "connection" and decision == "approved":
            raise UserError("A connection is approved with its credentials, or with the mock.")
        self._surface.conversation.decide(
            integration.id, gate_id, click.user, decision, f"{click.key}:{gate_id}"
        )

    def _mock(self, click: Click, integration: Integration) -> None:
        gate = integration.gate(click.target.subject)
        if gate is None or gate.kind != "connection":
            raise UserError("That is not a connection of this integration.")
        self._surface.conversation.use_mock(integration.id, gate.id, click.user, click.key)

    def _signed_in(self, click: Click, integration: Integration) -> None:
        gate = integration.gate(click.target.subject)
        if gate is None or gate.kind != "connection":
            raise UserError("That is not a connection of this integration.")
        self._surface.conversation.consented(integration.id, gate.subject, click.key)

    def _answer(self, click: Click, integration: Integration) -> None:
        plan = load_case(self._surface.store, integration.id, self._surface.catalogue).plan
        question = next(
            (item for item in open_questions(plan) if item.id == click.target.subject), None
        )
        number = int(click.target.choice) if click.target.choice.isdecimal() else -1
        if question is None or not 0 <= number < len(question.options):
            raise UserError("That question is answered already, or not part of the plan any more.")
        answers = {question.id: question.options[number]}
        self._surface.conversation.answer(integration.id, click.user, answers, click.key)

    def _stop(self, click: Click, integration: Integration) -> None:
        if integration.status != "active":
            raise UserError("This integration is not being worked on.")
        self._surface.conversation.stop(integration.id, click.user, click.key)

    def _retry(self, click: Click, integration: Integration) -> None:
        self._surface.conversation.retry(integration.id, click.user, click.key)
