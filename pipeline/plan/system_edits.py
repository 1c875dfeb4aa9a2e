"""Edits of where a system is and how one signs in there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import InvalidEdit
from pipeline.plan import edits as e
from pipeline.plan.choosing import chosen_system, put_system
from pipeline.plan.model import Auth, Plan
from pipeline.plan.schemas import entry_of
from pipeline.plan.words import show_auth

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def set_auth(plan: Plan, edit: e.SetAuth, catalogue: Catalogue) -> Plan:
    system = chosen_system(plan, edit.system)
    entry = entry_of(catalogue, edit.system)
    schemes = entry.auth if entry else []
    for scheme in schemes:
        if scheme.type == edit.type and edit.grant in (None, scheme.grant):
            return put_system(plan, system.model_copy(update={"auth": scheme}))
    if schemes:
        known = ", ".join(dict.fromkeys(show_auth(scheme) for scheme in schemes))
        raise InvalidEdit(f"{system.display_name} does not offer that; it offers {known}.")
    return put_system(
        plan, system.model_copy(update={"auth": Auth(type=edit.type, grant=edit.grant)})
    )


def set_base_url(plan: Plan, edit: e.SetBaseUrl, catalogue: Catalogue) -> Plan:
    system = chosen_system(plan, edit.system)
    if not edit.base_url.startswith(("https://", "http://localhost", "http://127.0.0.1")):
        raise InvalidEdit(f"“{edit.base_url[:80]}” is no address; it begins with https://.")
    url = edit.base_url.rstrip("/")
    return put_system(plan, system.model_copy(update={"base_url": url}))
