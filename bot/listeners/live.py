"""Buttons of a deployed integration. What they start takes a while, and ends in the thread."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, BoltContext

from bot.listeners.incoming import Click
from bot.permissions import require_may_change
from bot.recent import Recent
from bot.surface import Surface
from pipeline.errors import ServiceError, UserError
from pipeline.integration import Integration

_Do = Callable[[Click, Integration], None]


class LiveListener:
    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._started = Recent()

    def sample(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._start(ack, body, context, self._sample)

    def logs(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._start(ack, body, context, self._logs)

    def investigate(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._start(ack, body, context, self._investigate)

    def pause(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._start(ack, body, context, self._pause)

    def resume(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._start(ack, body, context, self._resume)

    def roll_back(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        self._start(ack, body, context, self._roll_back)

    def _start(self, ack: Ack, body: dict[str, Any], context: BoltContext, do: _Do) -> None:
        ack()
        click = Click.of(body, str(context.team_id))
        if self._started.first(click.key):
            self._surface.later(self._run, click, do)

    def _run(self, click: Click, do: _Do) -> None:
        surface = self._surface
        with surface.answering(click.place, click.user, click.key):
            integration = surface.integration(click.target.integration_id, click.place.team)
            require_may_change(integration, click.user)
            try:
                do(click, integration)
            except ServiceError as error:
                raise UserError(str(error)) from error

    def _sample(self, click: Click, integration: Integration) -> None:
        self._surface.operations.send_sample(integration.id, click.target.subject)

    def _logs(self, click: Click, integration: Integration) -> None:
        lines = self._surface.operations.logs(integration.id, click.target.subject)
        self._surface.gateway.whisper(click.place, click.user, lines)

    def _investigate(self, click: Click, integration: Integration) -> None:
        self._surface.operations.investigate(integration.id, click.target.subject)

    def _pause(self, click: Click, integration: Integration) -> None:
        self._surface.operations.pause(integration.id, click.target.subject)

    def _resume(self, click: Click, integration: Integration) -> None:
        self._surface.operations.resume(integration.id, click.target.subject)

    def _roll_back(self, click: Click, integration: Integration) -> None:
        self._surface.operations.roll_back(integration.id, click.target.subject)
