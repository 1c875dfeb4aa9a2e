"""Durable workflows, as running code starts, follows, reschedules and ends them."""

import base64
import binascii
import hashlib
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue

from pipeline.platforms.local.caller import Caller, Handler, Params
from pipeline.platforms.local.inputs import instance_message
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.events import Event
from pipeline.platforms.local.protocol import CallRefused, WorkflowInfo

MAKING_WORK = frozenset(("workflow.start", "workflow.reschedule"))
_LARGEST_PAYLOAD = 5 * 1024 * 1024
_LONGEST_DELAY_MILLISECONDS = 366 * 24 * 3600 * 1000


class _Start(Params):
    workflow: str
    data_base64: str
    max_attempts: Annotated[int, Field(ge=1)] | None = None
    position: int | None = None  # which of its invocation's starts this is


class _Instance(Params):
    id: str


class _Reschedule(_Instance):
    delay_ms: Annotated[float, Field(ge=0, le=_LONGEST_DELAY_MILLISECONDS)]


class _Complete(_Instance):
    status: Literal["completed", "failed"]
    result: JsonValue = None


class DurableCalls:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    @property
    def handlers(self) -> dict[str, Handler]:
        return {
            "workflow.start": self._start,
            "workflow.get": self._get,
            "workflow.reschedule": self._reschedule,
            "workflow.complete": self._complete,
        }

    async def _start(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        """A new instance; the same one where a delivery that is repeated starts it once more."""
        call = _Start.model_validate(params)
        declared = self._declared(caller, call.workflow)
        payload = _decoded(call.data_base64)
        parent = self._ledger.events.get(caller.execution)
        occurrence = _occurrence(parent, call, payload)
        instance_id = self._ledger.events.add(
            caller.place,
            call.workflow,
            "workflow",
            body=payload,
            occurrence=occurrence,
            activation=caller.activation,
            parent=parent.id if parent.kind == "workflow" else None,
            max_attempts=call.max_attempts or declared.max_attempts,
        )
        if instance_id is None:
            assert occurrence is not None  # without one, nothing can stand already
            instance_id = self._ledger.instances.started_as(occurrence)
        return self._shown(caller, instance_id)

    async def _get(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        return self._shown(caller, _Instance.model_validate(params).id)

    async def _reschedule(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Reschedule.model_validate(params)
        delay = timedelta(milliseconds=call.delay_ms)
        self._ledger.instances.reschedule(caller.place, call.id, delay)
        return None

    async def _complete(self, caller: Caller, params: dict[str, Any]) -> JsonValue:
        call = _Complete.model_validate(params)
        self._ledger.instances.complete(
            caller.place, call.id, failed=call.status == "failed", result=call.result
        )
        return None

    def _shown(self, caller: Caller, instance_id: str) -> JsonValue:
        return instance_message(self._ledger.instances.get(caller.place, instance_id))

    def _declared(self, caller: Caller, workflow_id: str) -> WorkflowInfo:
        deployment = self._ledger.deployments.get(caller.place)
        declared = deployment.workflow(workflow_id) if deployment else None
        if declared is None or declared.kind != "workflow":
            raise CallRefused(
                "NotFound", f"There is no durable workflow “{workflow_id}”: register it first."
            )
        return declared


def _occurrence(parent: Event, call: _Start, payload: bytes) -> str | None:
    """What tells a start from any other. A delivery is repeated only after its child was lost, an
    instance for many reasons: each of its attempts starts anew."""
    if call.position is None or parent.kind == "workflow":
        return None
    content = hashlib.sha256(payload).hexdigest()
    return f"{parent.id}/{call.position}/{call.workflow}/{content}"


def _decoded(data: str) -> bytes:
    try:
        payload = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CallRefused("InvalidCall", "workflow.start: the data is no base64.") from error
    if len(payload) > _LARGEST_PAYLOAD:
        raise CallRefused(
            "TooLarge", "The data is larger than 5 MB: keep it in the key-value storage instead."
        )
    return payload
