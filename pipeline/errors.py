"""Every error that Weft raises on purpose, in one tree.

WeftError
├── UserError            the person can mend it: the sentence says how
│   ├── UsageError       wrong arguments or files            (exit 64)
│   ├── InvalidEdit      a plan edit that cannot be applied
│   ├── InvalidSpec      an attachment that is no usable OpenAPI document
│   ├── OffGround        the analyst does not know enough to answer
│   └── NotAllowed       this person may not do that
├── ServiceError         something outside failed; `retryable` says whether to try again
│   ├── PlatformError    the integration platform
│   ├── AnalystError     the model's API
│   └── StoreError       the database or the vault
├── AlreadyHandled       the same outside event came twice
├── SandboxError         Deno is missing, or refused to run something
├── AmbiguousEffect      nobody can know whether an effect happened: a person decides
└── Stopped              a person stopped the work
"""

import logging
import secrets

_logger = logging.getLogger(__name__)


class WeftError(Exception):
    """`str()` is one sentence for people: what happened, and what to do."""

    exit_code = 1


class UserError(WeftError):
    pass


class UsageError(UserError):
    exit_code = 64


class InvalidEdit(UserError):
    pass


class InvalidSpec(UserError):
    pass


class OffGround(UserError):
    pass


class NotAllowed(UserError):
    pass


class ServiceError(WeftError):
    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable


class PlatformError(ServiceError):
    pass


class AnalystError(ServiceError):
    pass


class StoreError(ServiceError):
    pass


class AlreadyHandled(WeftError):
    """The same outside event came a second time; its effect stands already."""


class SandboxError(WeftError):
    pass


class ConnectionRefused(WeftError):
    def __init__(self, system: str, message: str) -> None:
        super().__init__(message)
        self.system = system


class InternalError(WeftError):
    """A mistake of Weft's own; the log has the trace under the same reference."""

    @classmethod
    def of(cls, error: Exception) -> "InternalError":
        reference = secrets.token_hex(4)
        _logger.error("internal error %s", reference, exc_info=error)
        return cls(
            f"Something went wrong inside Weft (reference {reference}). Say “retry” to try again, "
            "and give the reference to whoever runs Weft if it happens again."
        )


class AmbiguousEffect(WeftError):
    pass


class Stopped(WeftError):
    pass
