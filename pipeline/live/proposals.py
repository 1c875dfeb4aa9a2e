"""What changes much is proposed first: it says what it will do, and a click confirms it.

A proposal is answered once, by whoever is first; its own message says what came of it.
"""

from datetime import datetime

from pipeline.errors import ServiceError, UserError
from pipeline.integration import Integration, new_id
from pipeline.live.customers import Customers
from pipeline.live.operations import Operations
from pipeline.live.promoting import approve_promotion, effects_of_promotion
from pipeline.live.removing import effects_of_deletion, remove
from pipeline.live.starting import (
    backfilled,
    effects_of_backfill,
    parse_date,
    since_value,
    start,
    told,
)
from pipeline.live.versions import version_to_return_to
from pipeline.ports import Clock, IntegrationStore, Vault
from pipeline.replies import Proposed

_ANSWERED = {"confirmed": "confirmed", "done": "confirmed", "failed": "confirmed"}


class Proposals:
    """UserError where there is nothing to propose, or an answer does not count."""

    def __init__(
        self,
        store: IntegrationStore,
        customers: Customers,
        vault: Vault,
        operations: Operations,
        clock: Clock,
    ) -> None:
        self._store = store
        self._clock = clock
        self._vault = vault
        self._operations = operations
        self._customers = customers

    # ---- Asking -------------------------------------------------------------------------------

    def backfill(
        self, integration_id: str, environment: str, since: str, workflow: str = ""
    ) -> str:
        begin = parse_date(since)
        place = self._operations.place(integration_id, environment)
        workflows = backfilled(place, workflow)
        effects = effects_of_backfill(place.case, workflows, begin)
        title = f"Backfill {place.environment} from {begin:%Y-%m-%d}?"
        argument = f"{begin.isoformat()} {workflow}".strip()
        return self._ask(integration_id, "backfill", place.environment, argument, title, effects)

    def roll_back(self, integration_id: str, environment: str, number: int | None) -> str:
        place = self._operations.place(integration_id, environment)
        version = version_to_return_to(self._store, place.integration, place.environment, number)
        live = place.integration.live[place.environment].number
        effects = [
            f"Version {version.number} takes the place of version {live} within a second or two.",
            "Events that come meanwhile are kept. Records that were written stay.",
        ]
        title = f"Roll {place.environment} back to version {version.number}?"
        argument = str(version.number)
        return self._ask(integration_id, "roll back", place.environment, argument, title, effects)

    def promote(self, integration_id: str, target: str) -> str:
        integration = self._store.get(integration_id)
        others = [one for one in integration.live if one != target]
        place = self._operations.place(integration_id, others[-1] if others else "")
        if place.environment == target:
            raise UserError(f"It is live on {target} only; there is nowhere to promote it from.")
        title = f"Promote {place.environment} to {target}?"
        effects = effects_of_promotion(place, target)
        return self._ask(integration_id, "promote", place.environment, target, title, effects)

    def delete(self, integration_id: str) -> str:
        first = next(iter(self._store.get(integration_id).live), "")
        place = self._operations.place(integration_id, first)
        effects = effects_of_deletion(place.case, place.platform)
        return self._ask(integration_id, "delete", "", "", "Delete this integration?", effects)

    def remove_customer(self, integration_id: str, environment: str, name: str) -> str:
        customer = self._customers.known(integration_id, environment, name)
        place = self._operations.place(integration_id, environment)
        title = f"Remove {customer.display_name} from {place.environment}?"
        effects = [
            "Deletes their credentials, variables and what was kept for them; their addresses "
            "answer 404.",
            "Records that were written for them stay.",
        ]
        verb, known_as = "remove customer", customer.external_id
        return self._ask(integration_id, verb, place.environment, known_as, title, effects)

    def _ask(
        self,
        integration_id: str,
        verb: str,
        environment: str,
        argument: str,
        title: str,
        effects: list[str],
    ) -> str:
        """Gives the key by which it is answered."""
        proposal = Proposed.model_validate(
            {
                "key": new_id("ask"),
                "verb": verb,
                "environment": environment,
                "argument": argument,
                "title": title,
                "effects": effects,
            }
        )
        with self._store.change(integration_id) as integration:
            integration.say(proposal)
        return proposal.key

    # ---- Answering ----------------------------------------------------------------------------

    def decline(self, integration_id: str, key: str, actor: str) -> None:
        self._answer(integration_id, key, actor, "declined")

    def confirm(self, integration_id: str, key: str, actor: str) -> None:
        """Do it, and say in the proposal's message what came of it."""
        proposal = self._answer(integration_id, key, actor, "confirmed")
        try:
            outcome, state = self._do(integration_id, proposal), "done"
        except (UserError, ServiceError) as error:
            outcome, state = str(error), "failed"
        with self._store.change(integration_id) as integration:
            integration.say(proposal.model_copy(update={"state": state, "outcome": outcome}))

    def _answer(self, integration_id: str, key: str, actor: str, state: str) -> Proposed:
        with self._store.change(integration_id) as integration:
            proposal = self._open(integration, key)
            answered = proposal.model_copy(update={"state": state, "actor": actor})
            integration.say(answered)
        return answered

    def _open(self, integration: Integration, key: str) -> Proposed:
        proposal = self._store.last_reply(integration.id, key)
        if not isinstance(proposal, Proposed):
            raise UserError("That is not part of this integration.")
        if proposal.state != "open":
            answered = _ANSWERED.get(proposal.state, proposal.state)
            raise UserError(f"<@{proposal.actor}> {answered} this already.")
        return proposal

    # ---- Doing --------------------------------------------------------------------------------

    def _do(self, integration_id: str, proposal: Proposed) -> str:
        if proposal.verb == "delete":
            return self._delete(integration_id)
        if proposal.verb == "roll back":
            number = int(proposal.argument)
            self._operations.roll_back(integration_id, proposal.environment, number)
            return f"Version {number} is live on {proposal.environment} again (ran)."
        if proposal.verb == "promote":
            return self._promote(integration_id, proposal)
        if proposal.verb == "remove customer":
            return self._customers.remove(integration_id, proposal.environment, proposal.argument)
        return self._backfill(integration_id, proposal)

    def _promote(self, integration_id: str, proposal: Proposed) -> str:
        place = self._operations.place(integration_id, proposal.environment)
        target = proposal.argument
        effects_of_promotion(place, target)  # it must still hold
        with self._store.change(integration_id) as integration:
            now = self._clock.now()
            approve_promotion(integration, place.case, target, proposal.actor, self._store, now)
        return f"Set-up, connections and deployment on {target} begin now."

    def _backfill(self, integration_id: str, proposal: Proposed) -> str:
        since, _, name = proposal.argument.partition(" ")
        place = self._operations.place(integration_id, proposal.environment)
        lines = []
        for workflow in backfilled(place, name):
            value = since_value(place.case, workflow, datetime.fromisoformat(since))
            fate = start(place, workflow, {"since": value})
            lines.append(told(place, workflow, fate))
        return "\n".join(lines)

    def _delete(self, integration_id: str) -> str:
        first = next(iter(self._store.get(integration_id).live), "")
        place = self._operations.place(integration_id, first)
        remove(place.case, place.platform, self._vault, self._store)
        return "Deleted (ran): it is stopped everywhere, and its credentials are gone."
