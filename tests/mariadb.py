"""A MariaDB server for the tests: this machine's own binaries, a throw-away data folder."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest

START_SECONDS = 30
USER, PASSWORD = "weft", "the-password"


@pytest.fixture(scope="session")
def mariadb_port() -> Iterator[int]:
    """The port of a server on loopback with the database `shop`; skips where none is installed."""
    server, install = _binary("mariadbd"), _binary("mariadb-install-db")
    if server is None or install is None:
        pytest.skip("MariaDB is not installed here: its half of the contracts was not run")
    folder = Path(tempfile.mkdtemp(prefix="weft-mariadb-"))
    user = ["--user=root"] if os.getuid() == 0 else []
    place = ["--no-defaults", f"--datadir={folder / 'data'}", *user]
    try:
        subprocess.run(
            [install, *place, "--skip-test-db", "--auth-root-authentication-method=normal"],
            check=True,
            capture_output=True,
        )
        port = _free_port()
        process = subprocess.Popen(
            [
                server, *place, f"--port={port}", "--bind-address=127.0.0.1",
                f"--socket={folder / 'socket'}", "--innodb-buffer-pool-size=8M",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _prepare(folder / "socket")
            yield port
        finally:
            process.terminate()
            process.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder)


def _prepare(path: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, "MariaDB did not start"
        time.sleep(0.05)
    connection = pymysql.connect(unix_socket=str(path), user="root")
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE shop")
        cursor.execute(f"CREATE USER {USER} IDENTIFIED BY '{PASSWORD}'")
        cursor.execute(f"GRANT ALL ON shop.* TO {USER}")


def _binary(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
