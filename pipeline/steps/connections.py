"""Step 4: connect every system, and prove each connection with one harmless read."""

from collections.abc import Sequence
from functools import partial

from pydantic import JsonValue

from pipeline.artifacts import Connected, Connections, Evidence
from pipeline.case import Case
from pipeline.discovering import Discovered, Readable, discover
from pipeline.errors import ConnectionRefused, PlatformError
from pipeline.gates import Gate
from pipeline.model import digest
from pipeline.plan.model import System
from pipeline.ports import ConnectionSpec, Platform
from pipeline.replies import ConnectionShown, Reply
from pipeline.services import Services
from pipeline.steps.step import NeedsPerson, Step, Wanted, Work


class ConnectionsStep(Step[Connections]):
    name = "connections"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {
            "setup": case.setup.model_dump(mode="json", exclude={"evidence"}),
            "connections": [
                connection_spec(case, system).model_dump(mode="json")
                for system in _static_systems(case)
            ],
        }

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        return [[_wanted(case, system, services)] for system in _static_systems(case)]

    def may_go_on(self, case: Case, services: Services) -> bool:
        try:
            return all(
                _consent_url(case, system, services) is None for system in _static_systems(case)
            )
        except PlatformError:  # it can't be asked now; whoever asks here asks again soon
            return False

    def run(self, case: Case, work: Work) -> Connections:
        connected, questions, learned = [], [], []
        made = {}
        # All are made before any is waited for, so that one consent holds no other system up.
        for system in _static_systems(case):
            work.report(f"connecting {system.display_name}")
            made[system.name] = _connect(case, system, work)
        _wait_for_consents(case, work)
        for system in _static_systems(case):
            connection = _proven(case, system, made[system.name], work)
            found = _discovered(case, system, work)
            evidence = [*connection.evidence, *found.evidence]
            connected.append(connection.model_copy(update={"evidence": evidence}))
            questions += found.questions
            learned += found.learned
        return Connections(connections=connected, questions=questions, learned=learned)

    def fact(self, artifact: Connections) -> str:
        return (
            ", ".join(
                f"{item.display_name or item.system} ({_word(item)})"
                for item in artifact.connections
            )
            or "each end user connects their own account"
        )

    def announce(self, case: Case, artifact: Connections, services: Services) -> list[Reply]:
        replies: list[Reply] = []
        for item in artifact.connections:
            system = case.plan.system(item.system)
            wanted = _wanted(case, system, services)
            gate = next(
                gate
                for gate in reversed(case.integration.gates)
                if gate.kind == "connection" and gate.subject == item.system
            )
            reply = wanted.show([gate])
            replies.append(reply.model_copy(update={"evidence": item.evidence}))
        return replies


def _word(item: Connected) -> str:
    """How it is known that the connection works."""
    if item.evidence:
        return item.evidence[0].word
    return "mocked" if item.mock else "ran"


def connection_spec(case: Case, system: System) -> ConnectionSpec:
    grant = case.integration.credentials.get(system.name)
    values = {item.name: item.default for item in system.config}
    for item in system.config:
        values[item.name] = case.integration.config.get(
            f"{system.name}.{item.name}", values[item.name]
        )
    return ConnectionSpec(
        system=system.name,
        # Connection names are unique in a whole organisation.
        name=f"{system.name}-{case.environment}-{case.integration.id}",
        auth=system.auth,
        vault_reference=grant.vault_reference if grant else None,
        config={name: value for name, value in values.items() if value is not None},
        base_url=system.base_url,
        mock=grant.mock if grant else False,
    )


def _static_systems(case: Case) -> list[System]:
    """Systems with one connection for everybody; dynamic ones get one per end user."""
    return [system for system in case.plan.systems if not system.dynamic]


def _wanted(case: Case, system: System, services: Services) -> Wanted:
    approved = digest(
        {
            "system": system.name,
            "auth": system.auth.model_dump(mode="json"),
            "host": system.base_url,
        }
    )
    message = f"connection:{system.name}:{approved[:12]}"

    def show(gates: Sequence[Gate]) -> Reply:
        return ConnectionShown(
            key=message,
            system=system.name,
            display_name=system.display_name,
            host=_host(case, system),
            auth=system.auth,
            config=system.config,
            redirect_url=services.redirect_url if system.auth.type == "oauth2" else None,
            gate=gates[0],
        )

    return Wanted(
        kind="connection", subject=system.name, digest=approved, message=message, show=show
    )


def _host(case: Case, system: System) -> str:
    """The system's address, with what people gave of it in its place."""
    host = system.base_url
    for name, value in connection_spec(case, system).config.items():
        host = host.replace(f"{{{name}}}", str(value))
    return host


def _connect(case: Case, system: System, work: Work) -> str:
    platform, setup = work.services.platform, case.setup
    spec = connection_spec(case, system)
    link = next(item.link_id for item in setup.systems if item.name == system.name)
    connection_id = work.effects(case.integration.id).perform(
        f"connection:{setup.environment}:{system.name}:{digest(spec)[:16]}",
        "repeatable",
        partial(platform.create_connection, setup.project_id, setup.environment, link, spec),
    )
    return str(connection_id)


def _proven(case: Case, system: System, connection_id: str, work: Work) -> Connected:
    return Connected(
        system=system.name,
        display_name=system.display_name,
        connection_id=connection_id,
        mock=connection_spec(case, system).mock,
        **_proof(work.services.platform, case, system),
    )


def _discovered(case: Case, system: System, work: Work) -> Discovered:
    """What the account has that the catalogue can't know; a platform may be unable to look."""
    platform, setup = work.services.platform, case.setup
    if not isinstance(platform, Readable):
        return Discovered()
    try:
        config = connection_spec(case, system).config
        return discover(
            case.plan,
            case.catalogue,
            system.name,
            platform,
            setup.project_id,
            setup.environment,
            config,
        )
    except PlatformError as error:
        claim = f"the fields of this account: {error}"
        return Discovered(evidence=[Evidence(claim=claim, word="not reached")])


def _wait_for_consents(case: Case, work: Work) -> None:
    """An OAuth connection works once a person has consented, in a browser, at the system."""
    waiting = {
        system.display_name: _with_link(case, system, url, work.services)
        for system in _static_systems(case)
        if (url := _consent_url(case, system, work.services)) is not None
    }
    if waiting:
        raise NeedsPerson(f"Waiting for consent at {', '.join(waiting)}.", *waiting.values())


def _with_link(case: Case, system: System, url: str, services: Services) -> Reply:
    gate = next(
        gate
        for gate in reversed(case.integration.gates)
        if gate.kind == "connection" and gate.subject == system.name
    )
    shown = _wanted(case, system, services).show([gate])
    return shown.model_copy(update={"authorize_url": url})


def _consent_url(case: Case, system: System, services: Services) -> str | None:
    """Where a person must consent; None once they have, or where nothing is to consent to."""
    setup = case.setup
    return services.platform.authorization_url(setup.project_id, setup.environment, system.name)


def _proof(platform: Platform, case: Case, system: System) -> dict[str, object]:
    probe = platform.probe(case.setup.project_id, case.setup.environment, system.name)
    if not probe.ok:
        raise ConnectionRefused(
            system.name,
            f"{system.display_name} did not accept the connection: {probe.detail or probe.status}. "
            "Enter its credentials again.",
        )
    claim = f"one read answered {probe.status}" + (
        f", account “{probe.account}”" if probe.account else ""
    )
    if probe.status is None:
        claim = probe.detail or "no read that proves it is known"
        return {"evidence": [Evidence(claim=claim, word="not reached")]}
    word = "mocked" if probe.mock else "ran"
    return {"account": probe.account, "evidence": [Evidence(claim=claim, word=word)]}


STEP = ConnectionsStep()
