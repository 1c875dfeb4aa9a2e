"""What people order of a live integration, by a button or in words: one table of verbs."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.permissions import require_may_change
from bot.surface import Surface
from pipeline.conversation import Thread
from pipeline.errors import ServiceError, UserError
from pipeline.live.customers import Customers
from pipeline.live.operations import Operations
from pipeline.live.proposals import Proposals
from pipeline.live.state import Frequency

_FREQUENCIES: dict[str, Frequency | None] = {"daily": "daily", "weekly": "weekly", "no": None}


@dataclass(frozen=True)
class Order:
    """`subject` is an environment, or the key of a proposal; `argument` depends on the verb."""

    verb: str
    integration_id: str
    subject: str
    argument: str
    user: str
    place: Thread  # where a sentence to that person goes
    key: str


class Orders:
    def __init__(self, surface: Surface) -> None:
        self._surface = surface
        self._verbs: dict[str, Callable[[Order], object]] = {
            "sample": lambda of: self._operations.send_sample(of.integration_id, of.subject),
            "run": lambda of: self._operations.run_now(of.integration_id, of.subject, of.argument),
            "replay": lambda of: self._operations.replay(*_of_group(of)),
            "investigate": lambda of: self._operations.investigate(*_of_group(of)),
            "pause": lambda of: self._operations.pause(of.integration_id, of.subject),
            "resume": lambda of: self._operations.resume(of.integration_id, of.subject),
            "logs": lambda of: self._tell(of, self._operations.logs(*_of_group(of))),
            "events": self._events,
            "summary": self._summary,
            "roll back": self._roll_back,
            "roll back confirmed": lambda of: self._operations.roll_back(
                of.integration_id, of.subject
            ),
            "backfill": lambda of: self._proposals.backfill(
                of.integration_id, of.subject, of.argument
            ),
            "promote": lambda of: self._proposals.promote(
                of.integration_id, of.argument or of.subject
            ),
            "customers": lambda of: self._tell(
                of, self._customers.listed(of.integration_id, of.subject)
            ),
            "add customer": lambda of: self._customers.ask(
                of.integration_id, of.subject, of.argument
            ),
            "mock customer": self._mock_customer,
            "connect customer": lambda of: self._customers.connect(of.integration_id, of.subject),
            "remove customer": lambda of: self._proposals.remove_customer(
                of.integration_id, of.subject, of.argument
            ),
            "delete": lambda of: self._proposals.delete(of.integration_id),
            "confirm": lambda of: self._proposals.confirm(of.integration_id, of.subject, of.user),
            "decline": lambda of: self._proposals.decline(of.integration_id, of.subject, of.user),
        }

    @property
    def _operations(self) -> Operations:
        return self._surface.operations

    @property
    def _customers(self) -> Customers:
        return self._surface.customers

    @property
    def _proposals(self) -> Proposals:
        return self._surface.proposals

    def obey(self, order: Order) -> None:
        """Do it; a person who may not, or where it can't be done, is told so alone."""
        surface = self._surface
        with surface.answering(order.place, order.user, order.key):
            integration = surface.integration(order.integration_id, order.place.team)
            require_may_change(integration, order.user)
            if order.verb not in self._verbs:
                raise UserError("That button is not one of Weft's.")
            try:
                self._verbs[order.verb](order)
            except ServiceError as error:
                raise UserError(str(error)) from error
            surface.changed(integration.id)

    def _events(self, order: Order) -> None:
        place = self._operations.place(order.integration_id, order.subject)
        link = self._surface.links.make(order.integration_id, place.environment, order.user)
        self._tell(
            order,
            f"Events and logs on {place.environment}: {link}\n"
            "The link is yours and good for an hour; do not pass it on.",
        )

    def _summary(self, order: Order) -> None:
        if order.argument not in _FREQUENCIES:
            raise UserError("A summary is daily or weekly; “no summary” ends it.")
        self._operations.summary(order.integration_id, _FREQUENCIES[order.argument])

    def _roll_back(self, order: Order) -> None:
        number = int(order.argument) if order.argument else None
        self._proposals.roll_back(order.integration_id, order.subject, number)

    def _mock_customer(self, order: Order) -> None:
        customers, integration_id = self._customers, order.integration_id
        shown = customers.shown(integration_id, order.subject)
        customers.give(integration_id, shown.environment, shown.name, {}, {}, order.key)
        customers.connect(integration_id, order.subject)

    def _tell(self, order: Order, text: str) -> None:
        self._surface.gateway.whisper(order.place, order.user, text)


def _of_group(order: Order) -> tuple[str, str, str]:
    return order.integration_id, order.subject, order.argument
