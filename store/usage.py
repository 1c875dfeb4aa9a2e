"""The ledger of model calls."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select

from pipeline.analysts.usage import ModelCall
from store.database import Database
from store.tables import ModelCallRow


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

    def tokens_since(self, team: str, since: datetime) -> int:
        query = select(func.coalesce(func.sum(ModelCallRow.tokens), 0)).where(
            ModelCallRow.team == team, col(ModelCallRow.at) >= since
        )
        with self._database.reading() as session:
            return int(session.exec(query).one())
