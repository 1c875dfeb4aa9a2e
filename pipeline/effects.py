"""Effects outside Weft: intent is saved before, the result after, and a crash between is handled.

The class of an effect says what may be done when the intent stands and the result does not:
`idempotency-key` and `repeatable` are done again, `lookup` is looked for first, and `ambiguous`
stops the work until a person has looked.
"""

from collections.abc import Callable
from typing import Protocol

from pydantic import JsonValue

from pipeline.catalogue.model import EffectClass
from pipeline.errors import AmbiguousEffect
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


def perform(
    ledger: EffectLedger,
    integration_id: str,
    key: str,
    effect_class: EffectClass,
    do: Callable[[], JsonValue],
    find: Callable[[], JsonValue] | None = None,
) -> JsonValue:
    """Do an effect once, as far as its class allows; gives the recorded result when it was done.

    `find` gives what an earlier attempt left, or None. AmbiguousEffect when nobody can know.
    """
    earlier = ledger.effect(key)
    if earlier is not None and earlier.done:
        return earlier.result
    if earlier is not None and effect_class == "ambiguous":
        raise AmbiguousEffect(
            f"Weft was interrupted during “{key}” and can't tell whether it happened. "
            "Look at the target system, then say “retry” or “stop”."
        )
    result = find() if find is not None and effect_class == "lookup" else None
    if result is None:
        ledger.intend(Effect(key=key, integration_id=integration_id, effect_class=effect_class))
        result = do()
    else:
        ledger.intend(Effect(key=key, integration_id=integration_id, effect_class=effect_class))
    ledger.record(key, result)
    return result
