"""Taking what is live in one environment to another: the same code, through the same steps."""

from datetime import datetime

from pipeline.case import Case
from pipeline.deciding import decide
from pipeline.errors import UserError
from pipeline.gates import Gate
from pipeline.integration import Integration, new_id
from pipeline.live.place import LivePlace
from pipeline.model import digest
from pipeline.ports import IntegrationStore


def effects_of_promotion(place: LivePlace, target: str) -> list[str]:
    """What promoting will do, for a person to confirm. UserError where it can't be done."""
    case, live = place.case, place.integration.live
    if target not in place.integration.environments:
        known = " and ".join(place.integration.environments)
        raise UserError(f"There is no environment “{target}”; there is {known}.")
    source = live[place.environment]
    if target in live and live[target].project_digest == source.project_digest:
        raise UserError(f"Version {source.number} is live on {target} already.")
    if case.project_digest != source.project_digest:
        raise UserError(
            f"{place.environment} does not run the version that was built last. Deploy that one to "
            f"{target}, or roll back first and say what should change."
        )
    connections = ", ".join(
        f"{case.plan.system(item.system).display_name}" + (" (the mock)" if item.mock else "")
        for item in case.connections.connections
    )
    return [
        f"Version {source.number} goes live on {target}, unchanged: what was approved and tested.",
        f"Connections are matched by system, with what was entered here: {connections}. Each is "
        "checked with one read.",
        f"{place.environment} stays as it is. {target} gets addresses of its own.",
    ]


def approve_promotion(
    integration: Integration,
    case: Case,
    target: str,
    actor: str,
    store: IntegrationStore,
    now: datetime,
) -> None:
    """The confirmation counts as the answer to the target's deploy gate."""
    wanted = digest([case.project_digest, target])
    gates = [
        gate
        for gate in integration.gates
        if (gate.kind, gate.subject, gate.digest) == ("deploy", target, wanted)
    ]
    gate = next((gate for gate in gates if gate.state == "open"), None)
    if gate is None:
        gate = Gate(
            id=new_id("gate"),
            kind="deploy",
            subject=target,
            digest=wanted,
            message=f"promote:{target}:{wanted[:12]}",
            may_answer=integration.people,
            opened_at=now,
        )
        integration.gates = [*integration.gates, gate]
    decide(integration, gate.id, actor, "approved", store, now)
