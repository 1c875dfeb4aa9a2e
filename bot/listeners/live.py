"""Buttons and words about what is live. What they start takes a while, and ends in the thread."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, BoltContext

from bot.listeners.forms import FormListener
from bot.listeners.incoming import Click, Incoming
from bot.orders import Order, Orders
from bot.recent import Recent
from bot.surface import Surface
from pipeline.commands import LiveCommand
from pipeline.integration import Integration

Handler = Callable[[Ack, dict[str, Any], BoltContext], None]


class LiveListener:
    def __init__(self, surface: Surface, forms: FormListener) -> None:
        self._surface = surface
        self._forms = forms
        self._orders = Orders(surface)
        self._started = Recent()

    def button(self, verb: str) -> Handler:
        """The handler of a verb's button; the same click delivered twice is obeyed once."""

        def pressed(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
            ack()
            self._start(_ordered(Click.of(body, str(context.team_id)), verb))

        return pressed

    def more(self, ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        """A choice of the menu says itself what it is: `promote:production`, say."""
        ack()
        click = Click.of(body, str(context.team_id))
        verb, _, argument = click.target.choice.partition(":")
        if verb == "backfill":
            self._forms.backfill(click)
            return
        self._start(_ordered(click, verb, argument))

    def typed(self, integration: Integration, incoming: Incoming, asked: LiveCommand) -> None:
        self._start(
            Order(
                verb=asked.verb,
                integration_id=integration.id,
                subject=asked.environment,
                argument=asked.argument,
                user=incoming.user,
                place=incoming.thread,
                key=f"{incoming.key}:live",
            )
        )

    def _start(self, order: Order) -> None:
        if self._started.first(order.key):
            self._surface.later(self._orders.obey, order)


def _ordered(click: Click, verb: str, argument: str | None = None) -> Order:
    target = click.target
    return Order(
        verb=verb,
        integration_id=target.integration_id,
        subject=target.subject,
        argument=target.choice if argument is None else argument,
        user=click.user,
        place=click.place,
        key=click.key,
    )
