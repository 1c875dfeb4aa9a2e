"""What every Vault keeps to."""

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from pipeline.errors import StoreError
from store.database import Database
from store.keys import KeyRing
from store.tables import VaultEntryRow, VaultFieldRow
from store.vault import SqlVault

OLD, NEW = {"old": b"o" * 32}, {"new": b"n" * 32}
PRINTED = st.characters(exclude_categories=("Cs", "Cc"))  # files are full of control characters
TOKENS = {"access_token": "access one", "refresh_token": "refresh one"}


@pytest.fixture
def vault(database: Database) -> SqlVault:
    return SqlVault(database, KeyRing(OLD))


def put(vault: SqlVault, system: str = "shopify") -> str:
    return vault.put("T1", "int_1", system, TOKENS)


@pytest.mark.parametrize("secrets", [TOKENS, {}, {"empty": "", "odd": "\0 ü🧵\n" * 1000}])
def test_secrets_come_back_as_they_were(vault, secrets):
    assert vault.get(vault.put("T1", "int_1", "shopify", secrets)) == secrets


def test_a_reference_says_nothing_and_is_new_each_time(vault):
    references = {put(vault), put(vault)}
    assert len(references) == 2
    assert not any("shopify" in reference for reference in references)


def test_deleted_secrets_are_gone(vault, database):
    reference = put(vault)
    vault.delete(reference)
    vault.delete(reference)
    with pytest.raises(StoreError, match="Enter them again"):
        vault.get(reference)
    with database.reading() as session:
        assert session.exec(select(VaultFieldRow)).all() == []


def test_a_forgotten_integration_has_nothing_left_and_others_have_theirs(vault, database):
    others = [vault.put("T1", "int_2", "shopify", TOKENS), vault.put("T2", "int_1", "x", TOKENS)]
    gone = [put(vault), put(vault, "quickbooks")]
    for _ in range(2):
        vault.forget("T1", "int_1")
    for reference in gone:
        with pytest.raises(StoreError):
            vault.get(reference)
    assert [vault.get(reference) for reference in others] == [TOKENS, TOKENS]
    with database.reading() as session:
        assert len(session.exec(select(VaultFieldRow)).all()) == 4


# ---- Replacing ---------------------------------------------------------------------------------


def test_expected_secrets_are_replaced_whole(vault):
    reference = put(vault)
    assert vault.replace(reference, {"access_token": "two", "scope": "all"}, expected=TOKENS)
    assert vault.get(reference) == {"access_token": "two", "scope": "all"}


def test_secrets_that_somebody_else_replaced_are_left(vault):
    reference = put(vault)
    vault.replace(reference, {"access_token": "first"}, expected=TOKENS)
    assert not vault.replace(reference, {"access_token": "second"}, expected=TOKENS)
    assert vault.get(reference) == {"access_token": "first"}


def test_of_several_at_once_one_replaces(vault):
    reference = put(vault)

    def refresh(number: int) -> bool:
        return vault.replace(reference, {"access_token": str(number)}, expected=TOKENS)

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(refresh, range(4)))
    assert outcomes.count(True) == 1
    assert vault.get(reference) == {"access_token": str(outcomes.index(True))}


def test_replacing_what_is_not_there_is_a_sentence(vault):
    with pytest.raises(StoreError, match="Enter them again"):
        vault.replace("vault_unknown", {}, expected={})


# ---- Keys --------------------------------------------------------------------------------------


def test_an_older_key_still_opens(vault, database):
    reference = put(vault)
    assert SqlVault(database, KeyRing(NEW | OLD)).get(reference) == TOKENS


def test_a_missing_key_is_named(vault, database):
    reference = put(vault)
    with pytest.raises(StoreError, match="key “old”"):
        SqlVault(database, KeyRing(NEW)).get(reference)


def test_another_key_under_the_same_id_opens_nothing(vault, database):
    reference = put(vault)
    with pytest.raises(StoreError, match="another key"):
        SqlVault(database, KeyRing({"old": b"x" * 32})).get(reference)


def test_after_rotation_the_old_key_is_not_needed(vault, database):
    first, second = put(vault), put(vault)
    assert SqlVault(database, KeyRing(NEW | OLD)).rotate() == 4
    new_alone = SqlVault(database, KeyRing(NEW))
    assert new_alone.get(first) == new_alone.get(second) == TOKENS
    assert new_alone.rotate() == 0


def test_a_rotation_that_lacks_a_key_changes_nothing(vault, database):
    put(vault)
    last = SqlVault(database, KeyRing({"other": b"x" * 32})).put("T1", "int_1", "shopify", TOKENS)
    with pytest.raises(StoreError, match="key “other”"):
        SqlVault(database, KeyRing(NEW | OLD)).rotate()
    with pytest.raises(StoreError, match="key “other”"):
        vault.get(last)


# ---- What the database's owner can do ------------------------------------------------------------


def field_of(session: Session, reference: str, name: str) -> VaultFieldRow:
    return session.get_one(VaultFieldRow, (reference, name))


def test_a_ciphertext_opens_under_no_other_reference(vault, database):
    first, second = put(vault), put(vault)
    with database.writing() as session:
        sealed = field_of(session, first, "access_token").sealed
        field_of(session, second, "access_token").sealed = sealed
    with pytest.raises(StoreError, match="moved or altered"):
        vault.get(second)


def test_a_ciphertext_opens_under_no_other_field(vault, database):
    reference = put(vault)
    with database.writing() as session:
        sealed = field_of(session, reference, "access_token").sealed
        field_of(session, reference, "refresh_token").sealed = sealed
    with pytest.raises(StoreError, match="moved or altered"):
        vault.get(reference)


@pytest.mark.parametrize("column", ["team", "integration_id", "system"])
def test_an_entry_opens_in_no_other_place(vault, database, column):
    reference = put(vault)
    with database.writing() as session:
        setattr(session.get_one(VaultEntryRow, reference), column, "another")
    with pytest.raises(StoreError, match="moved or altered"):
        vault.get(reference)


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 60])
def test_a_damaged_ciphertext_is_a_sentence(vault, database, damage):
    reference = put(vault)
    with database.writing() as session:
        field_of(session, reference, "access_token").sealed = damage
    with pytest.raises(StoreError, match="moved or altered"):
        vault.get(reference)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(secret=st.text(PRINTED, min_size=8, max_size=60))
def test_no_secret_stands_in_the_database(vault, database, secret):
    reference = vault.put("T1", "int_1", "shopify", {"token": secret})
    vault.replace(reference, {"token": secret, "again": secret}, expected={"token": secret})
    kept = everything_in(database)
    for form in (secret.encode(), secret.encode("utf-16-le"), base64.b64encode(secret.encode())):
        assert form not in kept
    assert reference.encode() in kept


def everything_in(database: Database) -> bytes:
    """The bytes of SQLite's files; of PostgreSQL, whose files are another's, the vault's rows."""
    if database.url.get_backend_name() == "sqlite":
        path = Path(database.url.database or "")
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    with database.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT *, f::text FROM vault_field f").all()
    return b"\n".join(
        value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row
    )
