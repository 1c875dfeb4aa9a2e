"""Connecting one customer: the activation, its connections, consent, a harmless read of each."""

from pipeline.artifacts import Evidence
from pipeline.errors import PlatformError
from pipeline.live.capabilities import Activatable, ActivationInfo
from pipeline.live.cards import register_hints
from pipeline.live.place import LivePlace
from pipeline.ports import ConnectionSpec, Probe
from pipeline.replies import CustomerAccount, CustomerShown


def connected(place: LivePlace, platform: Activatable, shown: CustomerShown) -> CustomerShown:
    """How the customer stands after it. Safe to repeat: what was made is not made again."""
    customer = platform.activate(
        place.project, place.environment, shown.external_id, shown.name, shown.variables
    )
    accounts = [_made(place, platform, shown, account, customer) for account in shown.accounts]
    accounts = [_proved(place, platform, account, customer) for account in accounts]
    is_waiting = any(account.authorize_url for account in accounts)
    trouble = " ".join(f"{one.display_name}: {one.trouble}" for one in accounts if one.trouble)
    state = "failed" if trouble else "waiting" if is_waiting else "connected"
    is_registered_by_hand = bool(customer.webhooks) and state == "connected"
    return shown.model_copy(
        update={
            "state": state,
            "trouble": trouble,
            "accounts": accounts,
            "replaced": shown.replaced if trouble else [],
            "webhooks": customer.webhooks,
            "register_hints": register_hints(place.case) if is_registered_by_hand else [],
        }
    )


def _made(
    place: LivePlace,
    platform: Activatable,
    shown: CustomerShown,
    account: CustomerAccount,
    customer: ActivationInfo,
) -> CustomerAccount:
    if account.made:
        return account
    spec = _spec(place, shown, account)
    link = _link(place, account.system)
    platform.connect_user(place.project, place.environment, link, spec, customer.id)
    return account.model_copy(update={"made": True})


def _spec(place: LivePlace, shown: CustomerShown, account: CustomerAccount) -> ConnectionSpec:
    system = place.case.plan.system(account.system)
    usual = {item.name: item.default for item in system.config if item.default is not None}
    return ConnectionSpec(
        system=system.name,
        name=f"{system.name}-{shown.environment}-{shown.external_id}-{place.integration.id}",
        auth=system.auth,
        vault_reference=account.vault_reference,
        config=usual | account.config,
        base_url=system.base_url,
        mock=account.mock,
    )


def _link(place: LivePlace, system: str) -> str:
    """The system's link to the environment, which may not be the one set up last."""
    set_up = next(one for one in place.case.setup.systems if one.name == system)
    link = place.platform.find_link(place.project, place.environment, set_up.system_id)
    if link is None:
        raise PlatformError(f"{system} is not set up on {place.environment}: deploy it there anew.")
    return link


def _proved(
    place: LivePlace, platform: Activatable, account: CustomerAccount, customer: ActivationInfo
) -> CustomerAccount:
    where = (place.project, place.environment, account.system, customer.id)
    url = platform.user_authorization_url(*where)
    update: dict[str, object] = {"authorize_url": url, "evidence": [], "trouble": ""}
    if url is None:
        probe = platform.probe_user(*where)
        if probe.ok:
            update["evidence"] = [_evidence(probe)]
        else:
            update["trouble"] = probe.detail or f"It answered {probe.status} to one read."
    return account.model_copy(update=update)


def _evidence(probe: Probe) -> Evidence:
    if probe.status is None:
        claim = probe.detail or "no read that proves it is known"
        return Evidence(claim=claim, word="not reached")
    whose = f", account “{probe.account}”" if probe.account else ""
    word = "mocked" if probe.mock else "ran"
    return Evidence(claim=f"one read answered {probe.status}{whose}", word=word)
