"""Step 3: the project and its systems on the platform, as an approved plan says."""

from collections.abc import Sequence
from functools import partial

from pydantic import JsonValue

from pipeline.artifacts import Evidence, SetUpSystem, SystemSetup
from pipeline.case import Case
from pipeline.catalogue.model import SystemEntry
from pipeline.effects import Effects
from pipeline.gates import Gate
from pipeline.model import digest
from pipeline.naming_project import named_project
from pipeline.plan.model import System
from pipeline.ports import Platform, ProjectSpec, SystemSpec
from pipeline.replies import Command, Reply, SetUpShown
from pipeline.services import Services
from pipeline.steps.plan_gate import plan_wanted
from pipeline.steps.step import Step, Wanted, Work


class SystemsStep(Step[SystemSetup]):
    name = "systems"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        existing = project_spec(case).existing
        return {
            "platform": services.platform.name,
            "environment": case.environment,
            "systems": [spec.model_dump(mode="json") for spec in system_specs(case)],
            "variables": [variable.model_dump(mode="json") for variable in case.plan.variables],
            **({"project": existing} if existing else {}),
        }

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        approved = _approved(case)
        message = _message(approved)

        def show(gates: Sequence[Gate]) -> Reply:
            platform = services.platform
            return SetUpShown(
                key=message,
                platform=platform.name,
                environment=case.environment,
                commands=_commands(case, platform),
                gate=gates[0],
            )

        set_up = Wanted(kind="set-up", digest=approved, message=message, show=show)
        return [[plan_wanted(case)], [set_up]]

    def run(self, case: Case, work: Work) -> SystemSetup:
        platform, spec = work.services.platform, project_spec(case)
        effects = work.effects(case.integration.id)
        project = effects.find_or_create(
            f"project:{spec.existing}" if spec.existing else "project",
            find=partial(platform.find_project, spec),
            create=partial(platform.create_project, spec),
        )
        set_up = []
        for system in system_specs(case):
            work.report(f"setting up {system.display_name}")
            set_up.append(_set_up(effects, platform, project, case.environment, system))
        if case.plan.variables:
            platform.declare_variables(project, case.plan.variables)
        return SystemSetup(
            platform=platform.name,
            project_id=project,
            environment=case.environment,
            systems=set_up,
            evidence=[Evidence(claim=f"{_names(case)} set up", word="ran")],
        )

    def fact(self, artifact: SystemSetup) -> str:
        systems = "; ".join(evidence.claim for evidence in artifact.evidence)
        return f"{systems} on {artifact.platform} / {artifact.environment} (ran)"

    def announce(self, case: Case, artifact: SystemSetup, services: Services) -> list[Reply]:
        """The approved commands again, with what came of each."""
        approved = _approved(case)
        gates = [gate for gate in case.integration.gates if gate.kind == "set-up"]
        gate = next((one for one in reversed(gates) if one.digest == approved), None)
        if gate is None:
            return []
        outcomes = _outcomes(case, artifact)
        commands = [
            command.model_copy(update={"outcome": outcomes.get(command.about, "")})
            for command in _commands(case, services.platform)
        ]
        return [
            SetUpShown(
                key=_message(approved),
                platform=artifact.platform,
                environment=artifact.environment,
                commands=commands,
                gate=gate,
            )
        ]


def _names(case: Case) -> str:
    """Such as `Shopify and QuickBooks Online`."""
    names = [system.display_name for system in case.plan.systems]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def project_spec(case: Case) -> ProjectSpec:
    integration = case.integration
    said = [integration.request.text, *(message.text for message in integration.messages)]
    return ProjectSpec(
        name=case.plan.title,
        integration_id=integration.id,
        team=integration.team,
        existing=named_project(said),
        variables=case.plan.variables,
    )


def _approved(case: Case) -> str:
    """Digest of what a person approves: the environment is not in it, for it has its own gate."""
    specs: list[JsonValue] = [spec.model_dump(mode="json") for spec in system_specs(case)]
    existing = project_spec(case).existing
    return digest([*specs, existing] if existing else specs)


def _message(approved: str) -> str:
    return f"set-up:{approved[:12]}"


def _commands(case: Case, platform: Platform) -> list[Command]:
    return platform.commands(project_spec(case), case.environment, system_specs(case))


def _outcomes(case: Case, artifact: SystemSetup) -> dict[str, str]:
    """By what a command is about."""
    outcomes = {"project": "there", "environment": "there"}
    for system in artifact.systems:
        outcomes[f"system:{system.name}"] = "there"
        outcomes[f"link:{system.name}"] = "linked"
    declared = {f"variable:{variable.name}": "declared" for variable in case.plan.variables}
    return outcomes | declared


def system_specs(case: Case) -> list[SystemSpec]:
    return [_spec(case, system) for system in case.plan.systems]


def _spec(case: Case, system: System) -> SystemSpec:
    try:
        signature = case.catalogue.system(system.name).signature
    except KeyError:  # a system that only the plan describes
        signature = None
    return SystemSpec(
        name=system.name,
        display_name=system.display_name,
        base_url=system.base_url,
        auth=system.auth,
        signature=signature,
        dynamic=system.dynamic,
        entry=_described(case, system.name),
    )


def _described(case: Case, name: str) -> SystemEntry | None:
    """What a person's own document says of a system; None where every platform knows it."""
    try:
        entry = case.catalogue.system(name)
    except KeyError:
        return None
    return entry if entry.tier == "user" else None


def _set_up(
    effects: Effects, platform: Platform, project: str, environment: str, spec: SystemSpec
) -> SetUpSystem:
    system_id = effects.find_or_create(
        f"system:{spec.name}:{digest(spec)[:16]}",
        find=partial(platform.find_system, project, spec),
        create=partial(platform.create_system, project, spec),
    )
    link_id = effects.find_or_create(
        f"link:{environment}:{system_id}",
        find=partial(platform.find_link, project, environment, system_id),
        create=partial(platform.link_system, project, environment, system_id, dynamic=spec.dynamic),
    )
    return SetUpSystem(name=spec.name, system_id=system_id, link_id=link_id, base_url=spec.base_url)


STEP = SystemsStep()
