"""The ledger of effects outside."""

import json

from pydantic import JsonValue, TypeAdapter

from pipeline.effects import Effect
from store.bodies import read
from store.database import Database
from store.tables import EffectRow

_EFFECT = TypeAdapter(Effect)


class SqlEffects:
    """The `EffectLedger` port."""

    _database: Database

    def effect(self, key: str) -> Effect | None:
        with self._database.reading() as session:
            row = session.get(EffectRow, key)
            if row is None:
                return None
            body = {**row.model_dump(), "result": json.loads(row.result)}
        return read(_EFFECT, json.dumps(body))

    def intend(self, effect: Effect) -> None:
        """Save what is about to happen; what has happened already stays as it is."""
        with self._database.writing(lock=f"effect {effect.key}") as session:
            if session.get(EffectRow, effect.key) is None:
                session.add(
                    EffectRow(
                        key=effect.key,
                        integration_id=effect.integration_id,
                        effect_class=effect.effect_class,
                    )
                )

    def record(self, key: str, result: JsonValue) -> None:
        """Save what an intended effect gave; KeyError where nothing was intended."""
        with self._database.writing() as session:
            row = session.get(EffectRow, key, with_for_update=True)
            if row is None:
                raise KeyError(key)
            row.done, row.result = True, json.dumps(result)

    def forget(self, key: str) -> None:
        with self._database.writing() as session:
            row = session.get(EffectRow, key)
            if row is not None:
                session.delete(row)
