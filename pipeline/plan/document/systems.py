"""System & Authentication: what each system is, where it is, and how one signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.plan.document.citing import facts_on, known
from pipeline.plan.markdown import bullet, code, escape
from pipeline.plan.model import Plan, System
from pipeline.plan.schemas import entry_of
from pipeline.plan.words import show_auth

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue

_ROLES = {"source": "source", "target": "target", "both": "source and target"}


def system_section(plan: Plan, system: System, catalogue: Catalogue) -> str:
    entry = entry_of(catalogue, system.name)
    source, auth = known(entry), system.auth
    lines = [f"{escape(system.display_name)} is the {_ROLES[system.role]}."]
    if system.base_url:
        lines.append(f"Base URL: {code(system.base_url)} {source}")
    for item in system.config:
        lines.append(f"To be asked for: {escape(item.label)} ({code(item.name)})")
    lines.append(f"Authentication: {show_auth(auth)} {source}")
    if auth.parameter:
        where = f"{auth.location} {code(auth.parameter)}"
        lines.append(f"The key goes in the {where} {source}")
    if auth.authorize_url and auth.token_url:
        lines.append(
            f"Authorize: {code(auth.authorize_url)}, token: {code(auth.token_url)} {source}"
        )
    if auth.scopes:
        lines.append(f"Scopes: {', '.join(map(code, auth.scopes))} {source}")
    if system.dynamic:
        lines.append("Each end user connects their own account [the request; user-supplied]")
    lines += facts_on(plan, [system.name, f"{system.name}.auth", f"{system.name}.config"])
    return f"### {escape(system.display_name)}\n\n" + "\n".join(map(bullet, lines))
