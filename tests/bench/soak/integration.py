"""The integration that is soaked, as Weft generates it: a new customer goes on to Stripe."""

from collections.abc import Callable

from pipeline.analysts.offline import OfflineAnalyst
from pipeline.artifacts import SourceFile
from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import RateLimit
from pipeline.codegen.generate import generate
from pipeline.plan.model import Plan
from pipeline.platforms.local.client import LocalPlatform
from pipeline.ports import ConnectionSpec, ProjectSpec, Request, SystemSpec, VersionSpec

REQUEST = "Whenever a customer is created in Shopify, create a customer in Stripe"
ENVIRONMENT = "test"
CREDENTIALS = {
    "shopify": {"api_key": "soak-key", "webhook_secret": "soak-webhooks"},
    "stripe": {"secret_key": "soak-secret", "webhook_secret": "soak-webhooks"},
}


def unhurried() -> Catalogue:
    """The catalogue with a Stripe that limits nobody: generated code keeps to vendors' limits,
    and would make this a measurement of theirs."""
    stripe = Catalogue.load().system("stripe")
    generous = RateLimit(requests=100_000, per_seconds=1)
    return Catalogue(added=(stripe.model_copy(update={"limits": [generous]}),))


def generated() -> tuple[Plan, list[SourceFile]]:
    catalogue = unhurried()
    plan = OfflineAnalyst(catalogue).research(
        Request(text=REQUEST, today="2026-11-22"), lambda _: None
    )
    return plan, generate(plan, catalogue)


def deploy(
    platform: LocalPlatform, put_secret: Callable[[str, dict[str, str]], str], target_url: str
) -> str:
    """Set it up with real connections to the mock's address; gives the webhook's URL."""
    plan, files = generated()
    project_id = platform.create_project(ProjectSpec(name="Soak", integration_id="soak"))
    for system in plan.systems:
        known = Catalogue.load().system(system.name)
        spec = SystemSpec(
            name=system.name,
            display_name=system.display_name,
            base_url=target_url,
            auth=system.auth,
            signature=known.signature,
        )
        system_id = platform.create_system(project_id, spec)
        link_id = platform.link_system(project_id, ENVIRONMENT, system_id, dynamic=False)
        connection = ConnectionSpec(
            system=system.name,
            name=system.name,
            auth=system.auth,
            vault_reference=put_secret(system.name, CREDENTIALS[system.name]),
        )
        platform.create_connection(project_id, ENVIRONMENT, link_id, connection)
    version = VersionSpec(name="v1", description="", files=files, digest="soak")
    live = platform.deploy(project_id, platform.create_version(project_id, version), ENVIRONMENT)
    (address,) = live.webhooks.values()
    return address
