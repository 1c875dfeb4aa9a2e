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
from pipeline.plan.model import System
from pipeline.ports import Platform, ProjectSpec, SystemSpec
from pipeline.replies import Reply, SetUpShown
from pipeline.services import Services
from pipeline.steps.plan_gate import plan_wanted
from pipeline.steps.step import Step, Wanted, Work


class SystemsStep(Step[SystemSetup]):
    name = "systems"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {
            "platform": services.platform.name,
            "environment": case.environment,
            "systems": [spec.model_dump(mode="json") for spec in system_specs(case)],
            "variables": [variable.model_dump(mode="json") for variable in case.plan.variables],
        }

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        specs = system_specs(case)
        # The environment stays out of what is approved here: deploying to one has its own gate.
        approved = digest([spec.model_dump(mode="json") for spec in specs])
        message = f"set-up:{approved[:12]}"

        def show(gates: Sequence[Gate]) -> Reply:
            platform = services.platform
            return SetUpShown(
                key=message,
                platform=platform.name,
                environment=case.environment,
                commands=platform.commands(project_spec(case), case.environment, specs),
                gate=gates[0],
            )

        set_up = Wanted(kind="set-up", digest=approved, message=message, show=show)
        return [[plan_wanted(case)], [set_up]]

    def run(self, case: Case, work: Work) -> SystemSetup:
        platform, spec = work.services.platform, project_spec(case)
        effects = work.effects(case.integration.id)
        project = effects.find_or_create(
            "project",
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
            evidence=[Evidence(claim=f"{len(set_up)} systems created and linked", word="ran")],
        )

    def fact(self, artifact: SystemSetup) -> str:
        names = ", ".join(system.name for system in artifact.systems)
        return f"{names} on {artifact.platform} / {artifact.environment} (ran)"


def project_spec(case: Case) -> ProjectSpec:
    integration = case.integration
    return ProjectSpec(name=case.plan.title, integration_id=integration.id, team=integration.team)


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
