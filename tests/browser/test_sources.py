"""The page's own files: typed, clean, and free of everything that could bring code in."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from deno import find_deno_bin

from bot.playground.page_api import PAGE

CONFIG = Path(__file__).parent / "deno.json"
SCRIPTS = sorted(PAGE.rglob("*.js"))
FORBIDDEN = re.compile(
    r"\.(innerHTML|outerHTML)\b|insertAdjacentHTML|document\.write|\beval\(|new Function|"
    r"DOMParser|createContextualFragment|setHTMLUnsafe|srcdoc\s*="
)


@pytest.mark.parametrize("arguments", [["check"], ["lint"], ["fmt", "--check"]], ids=" ".join)
def test_deno_finds_nothing(arguments: list[str]) -> None:
    target = PAGE / "main.js" if arguments == ["check"] else PAGE
    command = [find_deno_bin(), *arguments, "--config", str(CONFIG), str(target)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert finished.returncode == 0, finished.stderr


def test_nothing_turns_text_into_markup_or_code() -> None:
    found = {path.name: FORBIDDEN.findall(path.read_text()) for path in SCRIPTS}
    assert {name: places for name, places in found.items() if places} == {}


def test_every_module_is_used() -> None:
    imported = {
        (path.parent / name).resolve()
        for path in SCRIPTS
        for name in re.findall(r"""(?:from|import\()\s*"(\.[^"]+)\"""", path.read_text())
    }
    assert {path.resolve() for path in SCRIPTS} - imported == {(PAGE / "main.js").resolve()}


def test_nothing_is_asked_of_another_host() -> None:
    texts = [
        path.read_text() for path in PAGE.rglob("*") if path.suffix in (".html", ".css", ".js")
    ]
    addresses = {address for text in texts for address in re.findall(r"https?://[\w.]+", text)}
    assert addresses <= {"http://www.w3.org"}


def test_the_examples_name_the_bot_and_every_person_has_a_part() -> None:
    welcome = json.loads((PAGE / "welcome.json").read_text())
    assert len(welcome["examples"]) == 3
    assert all(example["text"].startswith("@weft ") for example in welcome["examples"])
    assert len(welcome["roles"]) == 3
