"""The ledger of model calls."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case
from sqlalchemy import select as columns
from sqlmodel import col, func, select

from pipeline.analysts.usage import ModelCall, UsageSummary
from store.database import Database
from store.tables import ModelCallRow

_SUMMED = UsageSummary.model_fields.keys() - {"calls", "cost"}


class SqlUsage:
    """The `UsageLedger` port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record_call(self, call: ModelCall) -> None:
        with self._database.writing() as session:
            session.add(ModelCallRow(**call.model_dump(), tokens=call.tokens))

    def calls(self, integration_id: str) -> Sequence[ModelCall]:
        query = (
            select(ModelCallRow)
            .where(ModelCallRow.integration_id == integration_id)
            .order_by(col(ModelCallRow.number))
        )
        with self._database.reading() as session:
            return [
                ModelCall.model_validate(row.model_dump(exclude={"number", "tokens"}))
                for row in session.exec(query)
            ]

    def totals(self) -> dict[tuple[str, str], UsageSummary]:
        """What each integration used, by its workspace and id; the latest to use some first."""
        row = ModelCallRow
        whose = (col(row.team), col(row.integration_id))
        summed = [func.sum(getattr(row, name)).label(name) for name in _SUMMED]
        cost = case((func.count() == func.count(col(row.cost)), func.sum(row.cost)))
        query = (
            columns(*whose, func.count().label("calls"), cost.label("cost"), *summed)
            .group_by(*whose)
            .order_by(func.max(row.at).desc())
        )
        with self._database.reading() as session:
            found = [dict(one) for one in session.execute(query).mappings()]
        return {
            (one.pop("team"), one.pop("integration_id")): UsageSummary.model_validate(one)
            for one in found
        }

    def tokens_since(self, team: str, since: datetime) -> int:
        query = select(func.coalesce(func.sum(ModelCallRow.tokens), 0)).where(
            ModelCallRow.team == team, col(ModelCallRow.at) >= since
        )
        with self._database.reading() as session:
            return int(session.exec(query).one())
