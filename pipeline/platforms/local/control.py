"""The control API: `POST /control/{operation}` with the arguments as a JSON object.

Who calls it has the runner's token. Arguments are checked against the operation's annotations.
"""

import hmac
import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import ValidationError, validate_call
from pydantic_core import to_jsonable_python
from starlette.requests import Request
from starlette.responses import JSONResponse

from pipeline.errors import ServiceError, WeftError
from pipeline.platforms.local.protocol import CallRefused

Operation = Callable[..., Awaitable[Any]]


class Control:
    def __init__(self, token: str, *services: object) -> None:
        """Every public coroutine method of the services is an operation."""
        self._token = token
        self._operations: dict[str, Operation] = {
            name: validate_call(method)
            for service in services
            for name, method in inspect.getmembers(service, inspect.iscoroutinefunction)
            if not name.startswith("_")
        }

    async def receive(self, request: Request) -> JSONResponse:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return _refused(401, "This is not the runner's token: find the runner again.")
        operation = self._operations.get(request.path_params["operation"])
        if operation is None:
            return _refused(404, "This runner has no such operation.")
        arguments = _json_object(await request.body())
        if arguments is None:
            return _refused(422, "The arguments are no JSON object.")
        try:
            result = await operation(**arguments)
        except ValidationError as error:
            # Without the value: it may be anything.
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            return _refused(422, f"Wrong arguments: {where}: {first['msg']}.")
        except (WeftError, CallRefused) as error:
            retryable = isinstance(error, ServiceError) and error.retryable
            return _refused(409, str(error), retryable=retryable)
        return JSONResponse({"result": to_jsonable_python(result)})


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(body)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _refused(status: int, sentence: str, *, retryable: bool = False) -> JSONResponse:
    return JSONResponse({"error": sentence, "retryable": retryable}, status)
