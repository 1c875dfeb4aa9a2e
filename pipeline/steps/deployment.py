"""Step 8: deploy exactly what was approved and tested, and look whether it is live."""

from collections.abc import Sequence
from functools import partial

from pydantic import JsonValue

from pipeline.artifacts import DeploymentRecord, Evidence, SourceFile
from pipeline.case import Case
from pipeline.codegen.difference import unified_diff
from pipeline.errors import PlatformError
from pipeline.gates import Gate
from pipeline.live.cards import announce_live
from pipeline.model import digest
from pipeline.plan.document import research_document
from pipeline.ports import DeploymentInfo, VersionSpec
from pipeline.replies import CodeShown, DeployAsked, Reply
from pipeline.services import Services
from pipeline.steps.step import Step, Wanted, Work


class DeploymentStep(Step[DeploymentRecord]):
    name = "deployment"

    def inputs(self, case: Case, services: Services) -> JsonValue:
        return {
            "project": case.project_digest,
            "environment": case.environment,
            "setup": case.setup.project_id,
            "connections": [item.connection_id for item in case.connections.connections],
        }

    def wanted(self, case: Case, services: Services) -> list[list[Wanted]]:
        return [[_code_wanted(case, services)], _deploy_wanted(case)]

    def run(self, case: Case, work: Work) -> DeploymentRecord:
        _refuse_untested(case)
        platform, setup = work.services.platform, case.setup
        effects = work.effects(case.integration.id)
        spec = _version_spec(case)
        work.report("uploading the version")
        document = research_document(case.plan, case.catalogue)
        platform.upload_asset(setup.project_id, "research.md", document)
        version = effects.find_or_create(
            f"version:{spec.digest}",
            find=partial(platform.find_version, setup.project_id, spec.name),
            create=partial(platform.create_version, setup.project_id, spec),
        )
        work.report(f"deploying to {setup.environment}")
        platform.deploy(setup.project_id, version, setup.environment)
        live = platform.deployment(setup.project_id, setup.environment)
        if live is None or live.version_id != version or not live.healthy:
            raise PlatformError(_not_live(live, setup.environment), retryable=True)
        return DeploymentRecord(
            environment=setup.environment,
            version=version,
            number=case.integration.code_version,
            project_digest=spec.digest,
            url=live.url,
            webhooks=live.webhooks,
            evidence=[Evidence(claim=f"live on {setup.environment}, healthy", word="ran")],
        )

    def fact(self, artifact: DeploymentRecord) -> str:
        return f"live on {artifact.environment} (ran)"

    def announce(self, case: Case, artifact: DeploymentRecord, services: Services) -> list[Reply]:
        return announce_live(case, artifact, services.store)


def _code_wanted(case: Case, services: Services) -> Wanted:
    key = f"code:{case.project_digest[:12]}"

    def show(gates: Sequence[Gate]) -> Reply:
        tested = case.verification
        approved, before = _approved_files(case, services), _shown_before(case, services)
        return CodeShown(
            key=key,
            version=case.integration.code_version,
            files=case.files,
            diff=unified_diff(approved, case.files),
            has_approved=bool(approved),
            shown_before=before.version if before else 0,
            since=unified_diff(before.files, case.files) if before else "",
            evidence=tested.evidence,
            requests=tested.dry_run.requests if tested.dry_run else [],
            exchanges=tested.dry_run.exchanges if tested.dry_run else None,
            gate=gates[0],
        )

    return Wanted(kind="code", digest=case.project_digest, message=key, show=show)


def _deploy_wanted(case: Case) -> list[Wanted]:
    """One decision for each environment on offer; any one of them is enough."""
    key = f"deploy:{case.project_digest[:12]}"

    def show(gates: Sequence[Gate]) -> Reply:
        return DeployAsked(key=key, version=case.integration.code_version, gates=list(gates))

    return [
        Wanted(
            kind="deploy",
            subject=environment,
            digest=digest([case.project_digest, environment]),
            message=key,
            show=show,
        )
        for environment in case.integration.environments
    ]


def _shown_before(case: Case, services: Services) -> CodeShown | None:
    """What people last saw of the code, where they did not approve it."""
    earlier = [gate for gate in case.integration.gates if gate.kind == "code"]
    if not earlier or earlier[-1].approved or earlier[-1].digest == case.project_digest:
        return None
    shown = services.store.last_reply(case.integration.id, earlier[-1].message)
    return shown if isinstance(shown, CodeShown) else None


def _approved_files(case: Case, services: Services) -> list[SourceFile]:
    """The files of the version that was approved last; empty before the first."""
    artifacts = [services.store.artifact(item).artifact for item in case.integration.approved_code]
    return [file for artifact in artifacts for file in getattr(artifact, "files", [])]


def _refuse_untested(case: Case) -> None:
    tested = case.verification
    if not tested.passed or tested.project_digest != case.project_digest:
        raise PlatformError("The project changed after it was tested; it is not deployed.")


def _version_spec(case: Case) -> VersionSpec:
    return VersionSpec(
        name=f"v{case.integration.code_version}-{case.project_digest[:12]}",
        description=case.plan.title,
        files=case.files,
        digest=case.project_digest,
    )


def _not_live(live: DeploymentInfo | None, environment: str) -> str:
    if live is None:
        return f"Nothing is live on {environment} after deploying. Say “retry” to try again."
    reason = live.detail or f"version {live.version_id} answers"
    return f"The new version is not healthy on {environment}: {reason}. Say “retry” to try again."


STEP = DeploymentStep()
