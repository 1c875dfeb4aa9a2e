"""Connections of a project's environment: made, given new credentials, or waited for."""

import re
from collections.abc import Mapping
from typing import Any

from pipeline.errors import ConnectionRefused, PlatformError
from pipeline.plan.roots import root, stripped
from pipeline.platforms.versori import calls
from pipeline.platforms.versori.addresses import filled, is_open, path
from pipeline.platforms.versori.auth import (
    Credentials,
    credential,
    credentials,
    is_by_hand,
    is_scheme_by_hand,
    scheme_with_app,
    variables,
)
from pipeline.platforms.versori.project import Project
from pipeline.platforms.versori.session import Item, Session
from pipeline.platforms.versori.setting_up import environments, link_named, links, of_environment
from pipeline.ports import ConnectionSpec, Probe

_MADE = re.compile(r"Connection created successfully with ID: (\S+)")
_UNPROVEN = "Versori offers no read over a connection: the first execution shows whether it works"
_BYPASSED = "connected without credentials, so its calls will be refused until you give them"
_NEW = "0" * 26  # the id of what Versori is to name


def find_connection(session: Session, project: Project, environment: str, name: str) -> str | None:
    there = connected(session, project, environment)
    return next((one["id"] for one in there if one["name"] == name), None)


def connected(session: Session, project: Project, environment: str) -> list[Item]:
    """The static connections of an environment; empty where there is no such environment."""
    return of_environment(session, project, environment, "list-connections")


def create_connection(
    session: Session,
    project: Project,
    environment: str,
    spec: ConnectionSpec,
    secrets: Mapping[str, str],
) -> str:
    """The connection's id; its link's where a person has to connect it on Versori's page."""
    link = link_named(session, project, environment, spec.system)
    there = find_connection(session, project, environment, spec.name)
    if spec.mock or spec.auth.type == "none":
        return there or _create(session, project, environment, link, spec, {})
    if is_open(path(spec.base_url)):
        _name_account(session, project, environment, link, spec)
    if is_by_hand(spec.auth):
        _prepare_consent(session, link, spec, secrets, there)
        return str(link["connectionTemplateId"])
    given = credentials(spec.system, spec.auth, secrets)
    if there is None:
        return _create(session, project, environment, link, spec, given)
    _update(session, there, link, spec, given)
    return there


def _create(
    session: Session,
    project: Project,
    environment: str,
    link: Item,
    spec: ConnectionSpec,
    given: Credentials,
) -> str:
    """Without credentials it bypasses authentication: an option that silently drops all others."""
    flags, named = variables(spec.system, given) if given else (["--bypass"], {})
    if given and is_open(spec.base_url):
        flags.append(f"--base-url={_address(spec)}")
    if "client-id" in given and spec.auth.token_url:
        flags.append(f"--token-url={filled(spec.system, spec.auth.token_url, spec.config)}")
    template = str(link["connectionTemplateId"])
    call = calls.create_connection(project.id, environment, template, spec.name, flags, named)
    printed = session.run(call)
    made = _MADE.search(printed)
    if made is None:
        raise PlatformError(f"`{call}` named no connection: say “retry” to look for it.")
    return made[1]


def _update(
    session: Session, connection_id: str, link: Item, spec: ConnectionSpec, given: Credentials
) -> None:
    """New credentials in the old one's place; the command line can't do that."""
    was = session.request("GET", f"connections/{connection_id}")
    first: dict[str, Any] = dict((was.get("credentials") or [{"id": _NEW}])[0])
    first["authSchemeConfig"] = _scheme(link)
    owner = {"id": _NEW, "organisationId": session.context.organisation_id}
    first["credential"] = owner | (first.get("credential") or {}) | credential(spec.auth, given)
    body = {"name": spec.name, "baseUrl": _address(spec), "credentials": [first]}
    session.request("PUT", f"connections/{connection_id}", body, hidden=list(given.values()))


def _prepare_consent(
    session: Session,
    link: Item,
    spec: ConnectionSpec,
    secrets: Mapping[str, str],
    bypass: str | None,
) -> None:
    """Give the system its OAuth app, and take away what would pass for a consent."""
    if spec.auth.type == "oauth2":
        app = credentials(spec.system, spec.auth, secrets)
        addresses = {
            name: filled(spec.system, getattr(spec.auth, name) or "", spec.config)
            for name in ("authorize_url", "token_url")
        }
        scheme = _scheme(link)
        body = scheme_with_app(scheme, app, spec.auth.model_copy(update=addresses))
        at = f"systems/{link['id']}/auth-scheme-configs/{scheme['oauth2']['id']}"
        session.request("PUT", at, body, hidden=[app["client-secret"]])
    if bypass is not None:
        session.request("DELETE", f"connections/{bypass}")


def _name_account(
    session: Session, project: Project, environment: str, link: Item, spec: ConnectionSpec
) -> None:
    """Put the account into the path of the system's address, which no connection can do."""
    address, current = _address(spec), str(link["templateBaseUrl"])
    if current == address:
        return
    if not is_open(current):
        for other in environments(session, project):
            if other["name"] != environment and _uses(session, project, other["name"], link["id"]):
                raise ConnectionRefused(
                    spec.system,
                    f"{spec.system} is at {current} for all environments of a project on Versori, "
                    f"and {other['name']} uses it: enter the same account, or start a project of "
                    "its own for the other one.",
                )
    session.request("PUT", f"systems/{link['id']}", {"templateBaseUrl": address})


def _uses(session: Session, project: Project, environment: str, system_id: str) -> bool:
    templates = {
        one["connectionTemplateId"]
        for one in links(session, project, environment)
        if one["id"] == system_id
    }
    there = connected(session, project, environment)
    return any(one["connectionTemplateId"] in templates for one in there)


def _address(spec: ConnectionSpec) -> str:
    address = filled(spec.system, stripped(spec.base_url), spec.config)
    if root(address):
        raise ConnectionRefused(
            spec.system,
            f"Versori takes “/api” off the end of {address}. Say “the base URL of {spec.system} is "
            f"{address}” instead, so that it becomes part of each path.",
        )
    return address


def _scheme(link: Item) -> dict[str, Any]:
    schemes = link.get("authSchemeConfigs") or []
    if not schemes:
        raise PlatformError(
            f"“{link['name']}” has no auth scheme on Versori: approve the set-up again."
        )
    return dict(schemes[0])


def unconnected(session: Session, project: Project, environment: str) -> list[str]:
    """Names of static systems that nobody has connected, sorted."""
    templates = {one["connectionTemplateId"] for one in connected(session, project, environment)}
    return sorted(
        one["name"]
        for one in links(session, project, environment)
        if not one["dynamic"] and one["connectionTemplateId"] not in templates
    )


def consent_url(session: Session, project: Project, environment: str, system: str) -> str | None:
    """The project's page, until a connection that only a person can make is in the listing."""
    link = link_named(session, project, environment, system)
    if link["dynamic"] or not is_scheme_by_hand(_scheme(link)):
        return None
    waiting = system in unconnected(session, project, environment)
    return project.page(session.context.organisation_id) if waiting else None


def probe(session: Session, project: Project, environment: str, system: str) -> Probe:
    """What Versori knows of the credential: it makes no call for others."""
    link = link_named(session, project, environment, system)
    there = connected(session, project, environment)
    template = link["connectionTemplateId"]
    made = next((one["id"] for one in there if one["connectionTemplateId"] == template), None)
    if made is None:
        return Probe(ok=False, detail=f"there is no connection on {environment}")
    first = (session.request("GET", f"connections/{made}").get("credentials") or [{}])[0]
    credential_there = first.get("credential") or {}
    if credential_there.get("errors"):
        said = "; ".join(str(error) for error in credential_there["errors"])
        return Probe(ok=False, detail=f"Versori says: {said}")
    bypassed = credential_there.get("type", "none") == "none" and _scheme(link)["type"] != "none"
    return Probe(ok=True, detail=_BYPASSED if bypassed else _UNPROVEN)
