"""Effects outside Weft: intent is saved before, the result after, and a crash between is handled.

The class of an effect says what may be done when the intent stands and the result does not:
`idempotency-key` and `repeatable` are done again, `lookup` is looked for first, and `ambiguous`
stops the work until a person has looked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from pipeline.cancellation import Cancellation
from pipeline.catalogue.operation import EffectClass
from pipeline.errors import AmbiguousEffect, ServiceError
from pipeline.model import Value


class Effect(Value):
    key: str
    integration_id: str
    effect_class: EffectClass
    done: bool = False
    result: JsonValue = None


class EffectLedger(Protocol):
    def effect(self, key: str) -> Effect | None: ...
    def intend(self, effect: Effect) -> None: ...
    def record(self, key: str, result: JsonValue) -> None: ...
    def forget(self, key: str) -> None: ...


@dataclass(frozen=True)
class Effects:
    """The effects of one integration, each done once as far as its class allows."""

    ledger: EffectLedger
    integration_id: str
    cancellation: Cancellation

    def find_or_create(
        self, key: str, find: Callable[[], str | None], create: Callable[[], str]
    ) -> str:
        """Create something outside unless it is there already; gives its id.

        It looks before it creates even on a first attempt: somebody may have created it by hand.
        """

        def find_first() -> str:
            return find() or create()

        return str(self.perform(key, "lookup", find_first))

    def perform(
        self, key: str, effect_class: EffectClass, do: Callable[[], JsonValue]
    ) -> JsonValue:
        """Do something outside, or give the result of the time when it was done.

        AmbiguousEffect when an earlier attempt was cut off and nobody can know whether it happened.
        """
        self.cancellation.check()
        key = f"{self.integration_id}:{key}"
        earlier = self.ledger.effect(key)
        if earlier is not None and earlier.done:
            return earlier.result
        if earlier is not None and effect_class == "ambiguous":
            raise AmbiguousEffect(
                f"Weft was interrupted during “{key}” and can't tell whether it happened. "
                "Look at the target, then say “retry” or “stop”."
            )
        self.ledger.intend(
            Effect(key=key, integration_id=self.integration_id, effect_class=effect_class)
        )
        try:
            result = do()
        except ServiceError as error:
            if not error.retryable:  # refused outright: it did not happen
                self.ledger.forget(key)
            raise
        self.ledger.record(key, result)
        return result
