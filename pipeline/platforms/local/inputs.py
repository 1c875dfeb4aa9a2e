"""What an event brings to its workflow: its data, the request, the durable instance."""

import base64
import json
from typing import Any

from pydantic import JsonValue

from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.events import Event
from pipeline.received import parsed

_STATUS = {"pending": "available", "running": "locked", "done": "completed", "failed": "failed"}


def invocation_input(event: Event) -> dict[str, Any]:
    """What the workflow is started with: its data and, by its kind, the request or the instance."""
    if event.kind == "webhook":
        return {"data": payload(event), "request": {**event.request, **_raw(event.body)}}
    if event.kind == "workflow":
        return {"data": payload(event), "instance": instance_message(event)}
    return {"data": payload(event)}


def _raw(body: bytes) -> dict[str, str]:
    """The body as text, and its bytes where it is none."""
    try:
        return {"raw_body": body.decode()}
    except UnicodeDecodeError:
        encoded = base64.b64encode(body).decode()
        return {"raw_body": body.decode(errors="replace"), "raw_body_base64": encoded}


def payload(event: Event) -> JsonValue:
    """What an event brings, parsed by its content type."""
    content_type = event.request.get("headers", {}).get("content-type", "")
    return parsed(event.body, content_type)


def instance_message(instance: Event) -> dict[str, Any]:
    """A durable workflow's instance, as the Run SDK shows it; payload and output are base64."""
    ended = instance.state in ("done", "failed")
    metadata = {
        "executionId": instance.id,
        "activationId": instance.activation,
        "userId": "" if instance.activation == STATIC else instance.activation,
    }
    if instance.parent is not None:
        metadata["parentWorkflowId"] = instance.parent
    message: dict[str, Any] = {
        "id": instance.id,
        "projectId": instance.project_id,
        "environmentId": instance.environment,
        "group": instance.workflow,
        "payload": base64.b64encode(instance.body).decode(),
        "status": _STATUS[instance.state],
        "attempt": max(instance.attempts, 1),
        "timeout": instance.locked_until or instance.due_at or instance.received_at,
        "createdAt": instance.received_at,
        "metadata": metadata,
    }
    if ended:
        message["output"] = base64.b64encode(json.dumps(instance.result).encode()).decode()
    if instance.max_attempts is not None:
        message["maxAttempts"] = instance.max_attempts
    return message
