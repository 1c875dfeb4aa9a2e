"""What installing the bot in a workspace gave (tokens and ids), kept sealed."""

import json
from collections.abc import Mapping

from pydantic import JsonValue, TypeAdapter
from sqlmodel import col, select

from pipeline.ports import Clock
from store.bodies import read
from store.database import Database
from store.keys import KeyRing, Sealed
from store.tables import InstallationRow

Bundle = dict[str, JsonValue]

_BUNDLE = TypeAdapter(Bundle)


class SqlInstallations:
    """Bundles by enterprise, team, user and kind; an id that there isn't is None."""

    def __init__(self, database: Database, keys: KeyRing, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    def put(
        self,
        enterprise: str | None,
        team: str | None,
        user: str | None,
        kind: str,
        bundle: Mapping[str, JsonValue],
    ) -> None:
        enterprise, team, user = enterprise or "", team or "", user or ""
        key_id, sealed = self._keys.seal(
            json.dumps(dict(bundle)), _place(enterprise, team, user, kind)
        )
        row = InstallationRow(
            enterprise=enterprise,
            team=team,
            user=user,
            kind=kind,
            saved_at=self._clock.now(),
            key_id=key_id,
            sealed=sealed,
        )
        # guarded, as two first installations of one workspace may come at once
        with self._database.writing(lock=f"installation {enterprise} {team}") as session:
            session.merge(row)

    def get(
        self, enterprise: str | None, team: str | None, user: str | None, kind: str
    ) -> Bundle | None:
        """The bundle of that user; without a user the newest of the workspace."""
        query = (
            select(InstallationRow)
            .where(
                InstallationRow.enterprise == (enterprise or ""),
                InstallationRow.team == (team or ""),
                InstallationRow.kind == kind,
            )
            .order_by(col(InstallationRow.saved_at).desc())
        )
        if user is not None:
            query = query.where(InstallationRow.user == user)
        with self._database.reading() as session:
            row = session.exec(query).first()
            return None if row is None else read(_BUNDLE, self._open(row))

    def delete(
        self,
        enterprise: str | None,
        team: str | None,
        user: str | None = None,
        kind: str | None = None,
    ) -> None:
        """Forget a workspace's bundles: all of them, or one user's, or one kind."""
        query = select(InstallationRow).where(
            InstallationRow.enterprise == (enterprise or ""), InstallationRow.team == (team or "")
        )
        if user is not None:
            query = query.where(InstallationRow.user == user)
        if kind is not None:
            query = query.where(InstallationRow.kind == kind)
        with self._database.writing() as session:
            for row in session.exec(query):
                session.delete(row)

    def rotate(self) -> int:
        """Lock everything with the newest key; gives how many bundles had an older one."""
        stale = (
            select(InstallationRow)
            .where(InstallationRow.key_id != self._keys.newest)
            .with_for_update()
        )
        with self._database.writing() as session:
            rows = session.exec(stale).all()
            for row in rows:
                row.key_id, row.sealed = self._keys.seal(self._open(row), _place_of(row))
        return len(rows)

    def _open(self, row: InstallationRow) -> str:
        return self._keys.open(Sealed(row.key_id, row.sealed), _place_of(row))


def _place(enterprise: str, team: str, user: str, kind: str) -> list[str]:
    return ["installation", enterprise, team, user, kind]


def _place_of(row: InstallationRow) -> list[str]:
    return _place(row.enterprise, row.team, row.user, row.kind)
