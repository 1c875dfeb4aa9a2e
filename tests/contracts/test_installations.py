"""What the store of installations keeps to."""

from typing import Any

import pytest
from sqlmodel import select, update

from pipeline.errors import StoreError
from store.database import Database
from store.installations import SqlInstallations
from store.keys import KeyRing
from store.tables import InstallationRow

OLD, NEW = {"old": b"o" * 32}, {"new": b"n" * 32}
BUNDLE = {"bot_token": "the bot's token", "scopes": ["chat:write"], "expires": None}


@pytest.fixture
def installations(database: Database, clock: Any) -> SqlInstallations:
    return SqlInstallations(database, KeyRing(OLD), clock)


@pytest.mark.parametrize("place", [("E1", "T1", "U1"), (None, "T1", None), ("E1", None, "U1")])
def test_a_bundle_comes_back_from_its_place_alone(installations, place):
    installations.put(*place, "bot", BUNDLE)
    assert installations.get(*place, "bot") == BUNDLE
    assert installations.get(*place, "installer") is None
    assert installations.get("E2", "T2", None, "bot") is None


def test_a_later_bundle_replaces_the_earlier(installations):
    installations.put(None, "T1", "U1", "bot", BUNDLE)
    installations.put(None, "T1", "U1", "bot", {"bot_token": "newer"})
    assert installations.get(None, "T1", "U1", "bot") == {"bot_token": "newer"}


def test_without_a_user_the_newest_is_given(installations, clock):
    for user in ("U2", "U3", "U1", "U2"):
        clock.advance(1)
        installations.put(None, "T1", user, "installer", {"user": user})
    assert installations.get(None, "T1", None, "installer") == {"user": "U2"}
    assert installations.get(None, "T1", "U3", "installer") == {"user": "U3"}


@pytest.mark.parametrize(
    ("narrowed", "left"),
    [
        ({}, set()),
        ({"user": "U1"}, {("U2", "bot")}),
        ({"kind": "bot"}, {("U1", "installer")}),
        ({"user": "U1", "kind": "bot"}, {("U1", "installer"), ("U2", "bot")}),
    ],
)
def test_what_is_deleted_is_gone_and_no_more(installations, narrowed, left):
    kept = {("U1", "bot"), ("U1", "installer"), ("U2", "bot")}
    for user, kind in kept:
        installations.put("E1", "T1", user, kind, BUNDLE)
    installations.put("E1", "T2", "U1", "bot", BUNDLE)
    installations.delete("E1", "T1", **narrowed)
    assert {(u, k) for u, k in kept if installations.get("E1", "T1", u, k)} == left
    assert installations.get("E1", "T2", "U1", "bot") == BUNDLE


def test_a_bundle_is_sealed_to_its_place(installations, database):
    installations.put(None, "T1", "U1", "bot", BUNDLE)
    with database.writing() as session:
        assert b"token" not in session.exec(select(InstallationRow.sealed)).one()
        session.exec(update(InstallationRow).values(team="T2"))
    with pytest.raises(StoreError, match="moved or altered"):
        installations.get(None, "T2", "U1", "bot")


def test_after_rotation_the_old_key_is_not_needed(installations, database, clock):
    installations.put(None, "T1", "U1", "bot", BUNDLE)
    assert SqlInstallations(database, KeyRing(NEW | OLD), clock).rotate() == 1
    assert SqlInstallations(database, KeyRing(NEW), clock).get(None, "T1", "U1", "bot") == BUNDLE
