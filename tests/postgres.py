"""A PostgreSQL server for the tests: this machine's own binaries, a throw-away cluster."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

START_SECONDS = 20
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL (without a database) of a server on loopback; skips where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed here: its half of the contracts was not run")
    folder = Path(tempfile.mkdtemp(prefix="weft-postgres-"))
    try:
        if user := _user():
            shutil.chown(folder, user=str(user["user"]))
        port = _make_cluster(binaries, folder)
        with _running(binaries, folder, port):
            yield f"postgresql://weft@127.0.0.1:{port}"
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a fresh, empty database."""
    with fresh_database(postgres_server) as url:
        yield url


@contextmanager
def fresh_database(server: str, template: str = "template0") -> Iterator[str]:
    """URL of a copy of a database that nobody is connected to; dropped at the end."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield f"{server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if on_path:
        folders.insert(0, Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def _user() -> dict[str, str | int | list[str]]:
    """Whom the server runs as: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    return {"user": "postgres" if "postgres" in names else "nobody", "extra_groups": []}


def _make_cluster(binaries: Path, folder: Path) -> int:
    """Make a cluster that saves nothing safely, and is fast for it; gives its port."""
    subprocess.run(
        [
            *(binaries / "initdb", "-D", folder / "data", "--username=weft", "--auth=trust"),
            *("--encoding=UTF8", "--locale=C", "--no-sync"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
        **_user(),
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings = {
        "listen_addresses": "'127.0.0.1'",
        "port": port,
        "unix_socket_directories": "''",
        "max_connections": 100,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
    }
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in settings.items())
    return port


@contextmanager
def _running(binaries: Path, folder: Path, port: int) -> Iterator[None]:
    log = folder / "log"
    command = [binaries / "postgres", "-D", folder / "data"]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, **_user()) as server,
    ):
        try:
            _wait(server, port, log)
            yield
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"postgresql://weft@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")
