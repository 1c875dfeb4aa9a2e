import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.files import read_sources, read_system, system_folders

THIRD = """
- {name: netsuite, display_name: NetSuite, aliases: [oracle netsuite], auth: [oauth2]}
- name: gusto
  display_name: Gusto
  auth: [{type: oauth2, grant: authorization-code}]
"""
SPEC = "openapi: 3.0.0\ninfo: {title: NetSuite REST API}\npaths: {/orders: {get: {}}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    depot = tmp_path / "systems" / "depot"
    depot.mkdir(parents=True)
    text = "name: depot\ndisplay_name: Depot\naliases: [warehouse]\nverified_on: 2026-11-01\n"
    (depot / "system.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "third_tier.yaml").write_text(THIRD, encoding="utf-8")
    return tmp_path


def test_a_system_is_read_with_what_files_it_has(folder: Path) -> None:
    entry = Catalogue(folder).system("depot")
    assert (entry.display_name, entry.entities, entry.operations) == ("Depot", [], [])
    assert read_sources(folder / "systems" / "depot") == []


def test_third_tier_systems_are_known_by_name(folder: Path) -> None:
    catalogue = Catalogue(folder)
    assert catalogue.names() == ["depot", "gusto", "netsuite"]
    assert [entry.name for entry in catalogue.systems()] == catalogue.names()
    netsuite, gusto = catalogue.system("netsuite"), catalogue.system("gusto")
    assert (netsuite.tier, netsuite.auth[0].type) == ("third", "oauth2")
    assert gusto.auth[0].grant == "authorization-code"
    found = catalogue.recognise("from the warehouse to Oracle NetSuite")
    assert [each.system for each in found] == ["depot", "netsuite"]


def test_a_spec_fills_in_a_system_known_by_name_only(folder: Path) -> None:
    joined = Catalogue(folder).with_spec("netsuite.yaml", SPEC)
    assert joined.system("netsuite").tier == "user"
    assert joined.system("netsuite").operations
    assert [each.system for each in joined.recognise("Oracle NetSuite")] == ["netsuite"]


def test_an_unknown_system_is_a_key_error(folder: Path) -> None:
    catalogue = Catalogue(folder)
    with pytest.raises(KeyError):
        catalogue.system("nothing")
    with pytest.raises(KeyError):
        catalogue.search("orders", "nothing")
    assert Catalogue(folder / "empty").names() == []
    assert Catalogue(folder / "empty").search("orders") == []


def test_a_broken_file_is_named(folder: Path) -> None:
    path = folder / "systems" / "depot"
    (path / "operations.yaml").write_text("- {id: x}", encoding="utf-8")
    with pytest.raises(ValidationError) as broken:
        read_system(path)
    assert broken.value.__notes__ == [f"in {path / 'operations.yaml'}"]


def test_the_shipped_catalogue_is_one_and_loads_fast() -> None:
    assert Catalogue.load() is Catalogue.load()
    fresh = Catalogue()
    started = time.process_time()
    fresh.recognise("Shopify to QuickBooks")
    fresh.system("shopify")
    assert time.process_time() - started < 1
    assert set(system_folders()) <= set(fresh.names())
