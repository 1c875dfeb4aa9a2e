"""What a child can reach and see, and where secrets are not."""

import json
from pathlib import Path

from tests.platforms.local.conftest import Deployed
from tests.platforms.local.projects import SECRET, WEBHOOK_SECRET, Books, wait_until


def test_code_cannot_leave_the_base_url_or_see_credentials(
    deployed: Deployed, books: Books
) -> None:
    origin = books.url.removesuffix("/api")
    paths = [
        "/receipts?page=2",
        f"{books.url}/receipts",
        f"{origin}/other",
        "http://127.0.0.1:9/",
        "//evil.example.com/x",
        "/away",
    ]

    answer = deployed.send(
        "pry", json.dumps({"paths": paths, "elsewhere": books.url}).encode()
    ).json()

    assert answer["/receipts?page=2"] == "201"
    assert answer[f"{books.url}/receipts"] == "201"
    assert {answer[path] for path in paths[2:]} == {"EgressRefused"}
    assert "no credentials" in answer["credentials"]
    assert answer["elsewhere"] == "NotCapable"
    asked = [path for _, path, _, _ in books.requests]
    assert asked == ["/api/receipts?page=2", "/api/receipts", "/api/away"]


def test_code_sees_nothing_of_the_environment(deployed: Deployed) -> None:
    answer = deployed.send("pry", b'{"paths": [], "elsewhere": "https://example.com"}').json()

    assert answer["environment"] == "NotCapable"


def test_the_childs_token_is_neither_in_its_arguments_nor_in_its_environment(
    deployed: Deployed,
) -> None:
    process = Path(f"/proc/{deployed.child_pid()}")
    arguments = process.joinpath("cmdline").read_bytes().decode().split("\0")
    environment = process.joinpath("environ").read_bytes().decode().split("\0")

    assert arguments[-2:] == ["src/index.ts", ""]
    names = {entry.partition("=")[0] for entry in environment if entry}
    assert names <= {"DENO_DIR", "NO_COLOR", "DENO_NO_UPDATE_CHECK", "PWD"}
    assert not any(len(argument) == 43 for argument in arguments)


def test_secrets_are_in_the_vault_alone(deployed: Deployed) -> None:
    event_id = deployed.send("take-order", b'{"id": 1}').json()["event"]
    wait_until(lambda: deployed.platform.event(event_id).state == "done")
    deployed.platform.probe(deployed.project_id, "test", "books")

    home = deployed.runner.home
    holders = [
        path.relative_to(home)
        for path in home.rglob("*")
        if path.is_file()
        for content in [path.read_bytes()]
        if SECRET.encode() in content or WEBHOOK_SECRET.encode() in content
    ]

    assert holders == []


def test_the_runners_own_files_are_its_owners_alone(deployed: Deployed) -> None:
    home = deployed.runner.home

    assert home.joinpath("runner.json").stat().st_mode & 0o777 == 0o600
    assert home.joinpath("runner/ledger.sqlite").stat().st_mode & 0o777 == 0o600


def test_what_the_project_prints_and_sends_is_in_the_log(deployed: Deployed) -> None:
    event_id = deployed.send("take-order", b'{"id": 5}').json()["event"]
    wait_until(lambda: deployed.platform.event(event_id).state == "done")

    lines = deployed.platform.logs(deployed.project_id, "test")

    messages = [line.message for line in lines]
    assert ("info", "the project loads") in [(line.level, line.message) for line in lines]
    assert "order received" in messages
    (request,) = [line for line in lines if line.message == "request"]
    assert request.fields["path"] == "/receipts"
    assert request.fields["status"] == 201
    assert request.execution_id == event_id
