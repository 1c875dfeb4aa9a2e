"""The vault: secrets encrypted one by one, each bound to where it belongs."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from pipeline.errors import StoreError
from pipeline.integration import new_id
from store.database import Database
from store.keys import KeyRing, Sealed
from store.tables import VaultEntryRow, VaultFieldRow


class SqlVault:
    """The `Vault` port. A ciphertext opens under its own reference, place and field only."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def put(self, team: str, integration_id: str, system: str, secrets: Mapping[str, str]) -> str:
        entry = VaultEntryRow(
            reference=new_id("vault"), team=team, integration_id=integration_id, system=system
        )
        reference = entry.reference
        with self._database.writing() as session:
            session.add(entry)
            session.flush()
            self._write(session, entry, secrets)
        return reference

    def get(self, reference: str) -> dict[str, str]:
        with self._database.reading() as session:
            return self._read(session, _entry(session, reference))

    def replace(
        self, reference: str, secrets: Mapping[str, str], *, expected: Mapping[str, str]
    ) -> bool:
        with self._database.writing() as session:
            entry = _entry(session, reference, for_writing=True)
            if self._read(session, entry) != dict(expected):
                return False
            self._write(session, entry, secrets)
        return True

    def delete(self, reference: str) -> None:
        with self._database.writing() as session:
            entry = session.get(VaultEntryRow, reference)
            if entry is not None:
                session.delete(entry)

    def forget(self, team: str, integration_id: str) -> None:
        of_integration = select(VaultEntryRow).where(
            VaultEntryRow.team == team, VaultEntryRow.integration_id == integration_id
        )
        with self._database.writing() as session:
            for entry in session.exec(of_integration):
                session.delete(entry)

    def rotate(self) -> int:
        """Lock everything with the newest key; gives how many secrets had an older one."""
        with self._database.writing() as session:
            old = col(VaultFieldRow.key_id) != self._keys.newest
            stale = select(VaultFieldRow.reference).where(old).distinct()
            count = 0
            for reference in sorted(session.exec(stale)):
                entry = session.get(VaultEntryRow, reference, with_for_update=True)
                if entry is not None:
                    secrets = self._read(session, entry)
                    self._write(session, entry, secrets)
                    count += len(secrets)
        return count

    def _read(self, session: Session, entry: VaultEntryRow) -> dict[str, str]:
        secrets = {}
        query = select(VaultFieldRow).where(_of(entry)).order_by(VaultFieldRow.name)
        for field in session.exec(query):
            sealed = Sealed(field.key_id, field.sealed)
            secrets[field.name] = self._keys.open(sealed, _place(entry, field.name))
        return secrets

    def _write(self, session: Session, entry: VaultEntryRow, secrets: Mapping[str, str]) -> None:
        """Make these the entry's secrets."""
        session.exec(delete(VaultFieldRow).where(_of(entry)))
        for name, secret in secrets.items():
            key_id, sealed = self._keys.seal(secret, _place(entry, name))
            session.add(
                VaultFieldRow(reference=entry.reference, name=name, key_id=key_id, sealed=sealed)
            )


def _entry(session: Session, reference: str, *, for_writing: bool = False) -> VaultEntryRow:
    entry = session.get(VaultEntryRow, reference, with_for_update=for_writing)
    if entry is None:
        raise StoreError(
            f"The vault has no credentials under “{reference}”: they were deleted. "
            "Enter them again."
        )
    return entry


def _of(entry: VaultEntryRow) -> ColumnElement[bool]:
    return col(VaultFieldRow.reference) == entry.reference


def _place(entry: VaultEntryRow, field: str) -> list[str]:
    return [entry.reference, entry.team, entry.integration_id, entry.system, field]
