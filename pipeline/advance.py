"""Advance one integration: run what can run, until a person is needed or all is done.

It can be called at any time, any number of times: what was made is not made again, and a second
call at the same state does nothing. One integration is advanced by one caller at a time; the
engine sees to that.
"""

import itertools
import logging
from collections.abc import Sequence

from pipeline.analysts.assignment import Assignment, assigned
from pipeline.artifacts import Artifact, Made, Verification
from pipeline.cancellation import Cancellation
from pipeline.case import Case, load_case
from pipeline.errors import (
    ConnectionRefused,
    InternalError,
    ServiceError,
    Stopped,
    StoreError,
    WeftError,
)
from pipeline.gatekeeping import open_gates, reopen, unmet
from pipeline.integration import Integration
from pipeline.model import digest
from pipeline.progress import progress
from pipeline.reading import read_messages
from pipeline.repairing import repair
from pipeline.replies import Failed, Reply, StepStatus
from pipeline.services import Services
from pipeline.steps import ALL
from pipeline.steps.step import AnyStep, NeedsPerson, Work

_ATTEMPTS = 3
_logger = logging.getLogger(__name__)


def advance(integration_id: str, services: Services, cancellation: Cancellation) -> None:
    """Stopped when a person stopped it; StoreError when nothing can be saved."""
    team = services.store.get(integration_id).team
    with assigned(Assignment(integration_id, team, cancellation)):
        while _move(integration_id, services, cancellation):
            cancellation.check()


def has_work(case: Case, services: Services) -> bool:
    """Whether `advance` would do anything now."""
    if case.integration.status != "active":
        return False
    if _unread(case):
        return True
    step = _next_step(case, services)
    if step is None or _blocked(case, step, services):
        return False
    wanted = unmet(case.integration, step.wanted(case, services))
    asked = {(gate.kind, gate.subject, gate.digest) for gate in case.integration.gates}
    return not wanted or any((item.kind, item.subject, item.digest) not in asked for item in wanted)


def _move(integration_id: str, services: Services, cancellation: Cancellation) -> bool:
    """One move; False when there is nothing to do until something changes."""
    case = load_case(services.store, integration_id, services.catalogue)
    if case.integration.status != "active":
        return False
    if _unread(case):
        read_messages(case, services)
        return True
    step = _next_step(case, services)
    if step is None or _blocked(case, step, services):
        return False
    wanted = unmet(case.integration, step.wanted(case, services))
    if wanted:
        with services.store.change(integration_id) as integration:
            open_gates(integration, wanted, services.store, services.clock.now())
            if integration.outbox:
                integration.say(progress(integration))  # it no longer works, it waits
            if wanted[0].kind == "plan":
                integration.edits_shown = len(integration.edits)
        return False
    return _run(case, step, services, cancellation)


def _unread(case: Case) -> bool:
    return case.has_plan and case.integration.messages_read < len(case.integration.messages)


def _next_step(case: Case, services: Services) -> AnyStep | None:
    for step in ALL:
        if not _current(case, step, services):
            return step
        if step.name == "scope" and not case.scope.scope.in_scope:
            return None
    return None


def _current(case: Case, step: AnyStep, services: Services) -> bool:
    state = case.integration.steps[step.name]
    if state.status != "done" or state.inputs_digest != digest(step.inputs(case, services)):
        return False
    return bool(case.integration.live) or state.generator == step.generator(case)


def _blocked(case: Case, step: AnyStep, services: Services) -> bool:
    """It failed, or waits for a person, on exactly these inputs: only a person changes that."""
    state = case.integration.steps[step.name]
    if state.inputs_digest != digest(step.inputs(case, services)):
        return False
    if state.status == "needs-person":
        return not step.may_go_on(case, services)
    return state.status == "failed"


def _run(case: Case, step: AnyStep, services: Services, cancellation: Cancellation) -> bool:
    inputs = digest(step.inputs(case, services))
    started = services.clock.now()

    def report(doing: str) -> None:
        cancellation.check()
        with services.store.change(case.integration.id) as integration:
            integration.set_step(step.name, fact=doing)
            integration.say(progress(integration))

    with services.store.change(case.integration.id) as integration:
        integration.set_step(
            step.name, status="running", started_at=started, inputs_digest=inputs, fact=""
        )
        integration.say(progress(integration))
    try:
        artifact = _attempt(step, case, Work(services, cancellation, report))
    except Stopped:
        _pause(case, step, services, "stopped", "", [])
        raise
    except NeedsPerson as waiting:
        _pause(case, step, services, "needs-person", str(waiting), waiting.replies)
        return False
    except ConnectionRefused as error:
        _ask_again(case, step, services, error)
        return True
    except StoreError:
        raise  # nothing can be saved, so nobody can be told here: the caller is
    except WeftError as error:
        _pause(case, step, services, "failed", str(error), [_failed(step, services, error)])
        return False
    return _finish(case, step, services, artifact, inputs)


def _attempt(step: AnyStep, case: Case, work: Work) -> Artifact:
    """Run the step; what failed outside in a way that may pass is tried again, after a while."""
    for attempt in itertools.count(1):
        try:
            artifact: Artifact = step.run(case, work)
            return artifact
        except ServiceError as error:
            if attempt == _ATTEMPTS or not error.retryable or isinstance(error, StoreError):
                raise
            _logger.warning("%s: attempt %d failed: %s", step.name, attempt, error)
            work.cancellation.wait(2.0 ** (attempt - 1))
        except (WeftError, NeedsPerson):
            raise
        except Exception as error:  # a mistake of Weft's own must reach people as a sentence
            raise InternalError.of(error) from error
    raise AssertionError("unreachable")


def _finish(case: Case, step: AnyStep, services: Services, artifact: Artifact, inputs: str) -> bool:
    """Save what was made, then announce it."""
    now = services.clock.now()
    findings = isinstance(artifact, Verification) and not artifact.passed
    made = Made(artifact=artifact, inputs_digest=inputs, made_at=now)
    artifact_digest = services.store.put_artifact(case.integration.id, step.name, made)
    with services.store.change(case.integration.id) as integration:
        started = integration.steps[step.name].started_at
        integration.set_step(
            step.name,
            status="failed" if findings else "done",
            artifact=artifact_digest,
            generator=step.generator(case),
            seconds=(now - started).total_seconds() if started else None,
            fact=step.fact(artifact),
            failure="",
        )
        _settle(integration, artifact, artifact_digest)
        integration.say(progress(integration))
        for reply in step.announce(case, artifact, services):
            integration.say(reply)
    return repair(case, services, artifact) if findings else True


def _settle(integration: Integration, artifact: Artifact, artifact_digest: str) -> None:
    """What an artifact changes in the integration itself."""
    if artifact.kind == "scope" and not artifact.scope.in_scope:
        integration.status = "out-of-scope"
    if artifact.kind == "verification":  # each attempt is a version, a failed one too
        integration.code_version += 1
    if artifact.kind == "connections":
        integration.learn(artifact.learned, artifact.questions)
    if artifact.kind == "deployment":
        integration.go_live(artifact, artifact_digest)


def _failed(step: AnyStep, services: Services, error: WeftError) -> Failed:
    key = f"failed:{step.name}:{services.clock.now():%H%M%S%f}"
    return Failed(key=key, step=step.name, happened=str(error), choices=["retry", "stop"])


def _pause(
    case: Case,
    step: AnyStep,
    services: Services,
    status: StepStatus,
    fact: str,
    replies: Sequence[Reply],
) -> None:
    with services.store.change(case.integration.id) as integration:
        integration.set_step(step.name, status=status, fact=fact)
        integration.say(progress(integration))
        for reply in replies:
            integration.say(reply)


def _ask_again(case: Case, step: AnyStep, services: Services, error: ConnectionRefused) -> None:
    """Wrong credentials: the connection's gate opens anew, so that they can be entered again."""
    with services.store.change(case.integration.id) as integration:
        integration.set_step(step.name, status="waiting", fact=str(error), inputs_digest=None)
        integration.say(_failed(step, services, error))
        integration.say(progress(integration))
        for gate in integration.gates:
            if (gate.kind, gate.subject, gate.state) == ("connection", error.system, "answered"):
                reopen(integration, gate, services.store)
