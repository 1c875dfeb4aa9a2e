"""Customers of an integration that many share: each connects accounts of their own, in the thread.

What was given is saved, credentials in the vault before all else, and done after that: it may take
a while, can be done again, and ends in the customer's own message. Every method raises UserError,
PlatformError, StoreError.
"""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from pipeline.case import Case
from pipeline.errors import ConnectionRefused, ServiceError, UserError
from pipeline.integration import new_id
from pipeline.live.capabilities import Activatable, ActivationInfo
from pipeline.live.connecting import connected
from pipeline.live.operations import Operations
from pipeline.live.place import LivePlace
from pipeline.model import Value
from pipeline.plan.model import CredentialField, System
from pipeline.ports import IntegrationStore, Vault
from pipeline.replies import CustomerAccount, CustomerShown

_LONGEST_NAME = 80


class Given(Value):
    """What a person gives for a customer's account at one system; without secrets, its mock."""

    secrets: dict[str, str] = {}
    config: dict[str, JsonValue] = {}


class Customers:
    def __init__(self, store: IntegrationStore, vault: Vault, operations: Operations) -> None:
        self._store = store
        self._vault = vault
        self._operations = operations

    # ---- Adding -------------------------------------------------------------------------------

    def ask(self, integration_id: str, environment: str, name: str) -> str:
        """Ask in the thread for a customer's accounts; gives the key of that message."""
        place = self.place(integration_id, environment)
        fresh = _fresh(place, name)
        standing = self._standing(integration_id, fresh.key)
        with self._store.change(integration_id) as integration:
            integration.say(standing or fresh)
        return fresh.key

    def give(
        self,
        integration_id: str,
        environment: str,
        name: str,
        given: Mapping[str, Given],
        variables: Mapping[str, JsonValue],
        event_key: str | None = None,
    ) -> str:
        """Keep what connects a customer, new or known: system -> accounts; `connect` does it."""
        place = self.place(integration_id, environment)
        fresh = _fresh(place, name)
        kept = [self._kept(place, account, given) for account in fresh.accounts]
        standing = self._standing(integration_id, fresh.key)
        update = {
            "state": "connecting",
            "attempt": new_id("try"),
            "accounts": kept,
            "variables": dict(variables),
            "replaced": _references(standing) if standing else [],
        }
        try:
            with self._store.change(integration_id, event_key) as integration:
                integration.say(fresh.model_copy(update=update))
        except BaseException:
            for account in kept:  # nothing refers to what was just put there
                self._delete(account.vault_reference)
            raise
        return fresh.key

    def _kept(
        self, place: LivePlace, account: CustomerAccount, given: Mapping[str, Given]
    ) -> CustomerAccount:
        found = given.get(account.system, Given())
        if not found.secrets and credentials_asked(place.case, account.system):
            return account.model_copy(update={"mock": True})
        integration = place.integration
        reference = self._vault.put(integration.team, integration.id, account.system, found.secrets)
        return account.model_copy(update={"vault_reference": reference, "config": found.config})

    def connect(self, integration_id: str, key: str) -> None:
        """Connect and prove what was given, or look again whether the customer has consented."""
        shown = self.shown(integration_id, key)
        if shown.state in ("asked", "removed"):
            raise UserError(f"Nothing was given for {shown.name} yet: add their credentials.")
        place = self.place(integration_id, shown.environment)
        try:
            ended = connected(place, activatable(place), shown)
        except (ServiceError, ConnectionRefused) as error:
            ended = shown.model_copy(update={"state": "failed", "trouble": str(error)})
        with self._store.change(integration_id) as integration:
            newest = self._standing(integration_id, key)
            if newest is None or newest.attempt != shown.attempt:
                return  # somebody gave something else meanwhile
            integration.say(ended)
        if ended.state != "failed":
            for reference in shown.replaced:
                self._delete(reference)

    # ---- Looking and removing -----------------------------------------------------------------

    def listed(self, integration_id: str, environment: str) -> str:
        place = self.place(integration_id, environment)
        found = activatable(place).activations(place.project, place.environment)
        if not found:
            return f"Nobody uses it on {place.environment} yet: say “add customer NAME”."
        lines = [_line(place.case, customer) for customer in found]
        return "\n".join([f"Customers on {place.environment}:", *lines])

    def known(self, integration_id: str, environment: str, name: str) -> ActivationInfo:
        """The customer of that name or id."""
        place = self.place(integration_id, environment)
        found = activatable(place).activations(place.project, place.environment)
        wanted = external_id(name)
        for customer in found:
            if wanted in (customer.external_id, external_id(customer.display_name or name)):
                return customer
        names = ", ".join(_name(customer) for customer in found) or "none"
        raise UserError(f"There is no customer “{name}” on {place.environment}; there is {names}.")

    def remove(self, integration_id: str, environment: str, name: str) -> str:
        """Forget a customer; gives what to tell. Their records stay."""
        place = self.place(integration_id, environment)
        customer = self.known(integration_id, environment, name)
        activatable(place).deactivate(place.project, place.environment, customer.id)
        shown = self._standing(integration_id, _key(place.environment, customer.external_id))
        if shown is not None:
            for reference in _references(shown):
                self._delete(reference)
            with self._store.change(integration_id) as integration:
                update = {"state": "removed", "attempt": new_id("try"), "webhooks": {}}
                integration.say(shown.model_copy(update={**update, "replaced": []}))
        return f"{_name(customer)} was removed from {place.environment} (ran)."

    # ---- Parts --------------------------------------------------------------------------------

    def place(self, integration_id: str, environment: str) -> LivePlace:
        """Where something for many customers is live. UserError for anything else."""
        place = self._operations.place(integration_id, environment)
        if not dynamic_systems(place.case):
            raise UserError("This integration uses one account for all, so it has no customers.")
        activatable(place)
        return place

    def shown(self, integration_id: str, key: str) -> CustomerShown:
        shown = self._standing(integration_id, key)
        if shown is None:
            raise UserError("That is not a customer of this integration.")
        return shown

    def _standing(self, integration_id: str, key: str) -> CustomerShown | None:
        """What was last said of that customer, unless they were removed since."""
        shown = self._store.last_reply(integration_id, key)
        is_there = isinstance(shown, CustomerShown) and shown.state != "removed"
        return shown if isinstance(shown, CustomerShown) and is_there else None

    def _delete(self, reference: str | None) -> None:
        if reference is not None:
            self._vault.delete(reference)


def activatable(place: LivePlace) -> Activatable:
    """UserError for a platform whose end users are added elsewhere."""
    if not isinstance(place.platform, Activatable):
        raise UserError(
            f"On the platform {place.platform.name}, customers connect their accounts on its own "
            "pages or through its API; Weft can't add them."
        )
    return place.platform


def dynamic_systems(case: Case) -> list[System]:
    return [system for system in case.plan.systems if system.dynamic]


def credentials_asked(case: Case, system: str) -> list[CredentialField]:
    """What to type for a customer's account; what only webhooks need, where they start it."""
    by_webhook = any(
        workflow.trigger.kind == "webhook" and workflow.source.system == system
        for workflow in case.plan.workflows
    )
    fields = case.plan.system(system).auth.fields
    return [field for field in fields if by_webhook or field.only_for != "webhook"]


def external_id(name: str) -> str:
    """How the platform knows a customer: the name's letters and digits, such as `acme-ltd`."""
    return "-".join(re.findall(r"\w+", name.casefold()))[:_LONGEST_NAME]


def _fresh(place: LivePlace, name: str) -> CustomerShown:
    name, known_as = " ".join(name.split())[:_LONGEST_NAME], external_id(name)
    if not known_as:
        raise UserError("A customer needs a name, such as “add customer Acme”.")
    return CustomerShown(
        key=_key(place.environment, known_as),
        environment=place.environment,
        external_id=known_as,
        name=name,
        accounts=[
            CustomerAccount(system=system.name, display_name=system.display_name)
            for system in dynamic_systems(place.case)
        ],
    )


def _key(environment: str, known_as: str) -> str:
    return f"customer:{environment}:{known_as}"


def _references(shown: CustomerShown) -> list[str]:
    """All that the vault holds for the customer."""
    own = [account.vault_reference for account in shown.accounts]
    return [*shown.replaced, *(reference for reference in own if reference is not None)]


def _name(customer: ActivationInfo) -> str:
    return customer.display_name or customer.external_id


def _line(case: Case, customer: ActivationInfo) -> str:
    missing = [
        system.display_name for system in dynamic_systems(case) if system.name in customer.missing
    ]
    state = f"not connected to {' and '.join(missing)}" if missing else "connected"
    addresses = "".join(f", {address}" for address in customer.webhooks.values())
    return f"• {_name(customer)}: {state}{addresses}"
