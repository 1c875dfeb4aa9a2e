"""Buttons that open a form: acknowledged at once, as a form must open within three seconds."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, BoltContext

from bot.listeners.incoming import Click
from bot.permissions import require_may_change
from bot.surface import Surface
from bot.views.actions import Target
from bot.views.connection import credentials_form
from bot.views.customers import form_of
from bot.views.explanations import explanations
from bot.views.forms import backfill_form, case_form, change_form
from bot.views.mapping import mapping_form
from bot.views.message import Modal
from bot.views.questions import answers_form, open_questions
from pipeline.case import Case, load_case
from pipeline.errors import UserError
from pipeline.gatekeeping import require_answerable
from pipeline.integration import Integration
from pipeline.plan.model import Plan
from pipeline.replies import ConnectionShown

_Build = Callable[[Click, Integration], Modal]


class FormListener:
    def __init__(self, surface: Surface) -> None:
        self._surface = surface

    def credentials(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._open(ack, body, context, self._credentials)

    def questions(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._open(ack, body, context, self._questions)

    def mapping(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._open(ack, body, context, self._mapping)

    def change(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._open(ack, body, context, self._change)

    def test_case(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._open(ack, body, context, self._test_case)

    def explain(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._open(ack, body, context, self._explain)

    def backfill(self, click: Click) -> None:
        """The menu of what is live leads here; its click is acknowledged already."""
        self._surface.later(self._show, click, self._backfill)

    def add_customer(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._open(ack, body, context, self._new_customer)

    def customer(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._open(ack, body, context, self._customer)

    def _open(self, ack: Ack, body: dict[str, Any], context: BoltContext, build: _Build) -> None:
        ack()
        click = Click.of(body, str(context.team_id))
        self._surface.later(self._show, click, build)

    def _show(self, click: Click, build: _Build) -> None:
        surface = self._surface
        with surface.answering(click.place, click.user, click.key):
            integration = surface.integration(click.target.integration_id, click.place.team)
            modal = build(click, integration)
            surface.gateway.open_form(click.place.team, click.trigger_id, modal)

    def _case(self, integration: Integration) -> Case:
        return load_case(self._surface.store, integration.id, self._surface.catalogue)

    def _plan(self, integration: Integration) -> Plan:
        case = self._case(integration)
        if not case.has_plan:
            raise UserError("There is no plan yet.")
        return case.plan

    def _credentials(self, click: Click, integration: Integration) -> Modal:
        gate = require_answerable(integration, click.target.subject, click.user)
        shown = self._surface.store.last_reply(integration.id, gate.message)
        if not isinstance(shown, ConnectionShown):
            raise UserError("That is not a connection of this integration.")
        by_webhook = any(
            workflow.trigger.kind == "webhook" and workflow.source.system == gate.subject
            for workflow in self._plan(integration).workflows
        )
        return credentials_form(shown, integration.id, by_webhook)

    def _questions(self, click: Click, integration: Integration) -> Modal:
        require_may_change(integration, click.user)
        plan = self._plan(integration)
        if not open_questions(plan):
            raise UserError("Every question is answered.")
        return answers_form(plan, integration.id)

    def _mapping(self, click: Click, integration: Integration) -> Modal:
        return mapping_form(self._plan(integration))

    def _change(self, click: Click, integration: Integration) -> Modal:
        require_may_change(integration, click.user)
        return change_form(integration.id)

    def _backfill(self, click: Click, integration: Integration) -> Modal:
        require_may_change(integration, click.user)
        place = self._surface.operations.place(integration.id, click.target.subject)
        return backfill_form(integration.id, place.environment)

    def _new_customer(self, click: Click, integration: Integration) -> Modal:
        require_may_change(integration, click.user)
        environment = click.target.subject
        place = self._surface.customers.place(integration.id, environment)
        return form_of(place.case, Target(integration.id, place.environment))

    def _customer(self, click: Click, integration: Integration) -> Modal:
        require_may_change(integration, click.user)
        shown = self._surface.customers.shown(integration.id, click.target.subject)
        place = self._surface.customers.place(integration.id, shown.environment)
        return form_of(place.case, Target(integration.id, place.environment), shown)

    def _test_case(self, click: Click, integration: Integration) -> Modal:
        require_may_change(integration, click.user)
        names = [workflow.name for workflow in self._plan(integration).workflows]
        return case_form(integration.id, names)

    def _explain(self, click: Click, integration: Integration) -> Modal:
        case = self._case(integration)
        if not case.has_code:
            raise UserError("There is no code yet.")
        return explanations(case.plan, case.files)
