"""The arrows of the architecture: who may import what."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "pipeline", "store")

# Each outside library with a home: the path prefixes where it may be imported.
HOMES = {
    "slack_bolt": ("bot/",),
    "slack_sdk": ("bot/",),
    "typer": ("bot/",),
    "rich": ("bot/",),
    "pydantic_settings": ("bot/settings.py",),
    "sqlmodel": ("store/",),
    "sqlalchemy": ("store/", "pipeline/executor_lock.py"),
    "alembic": ("store/",),
    "cryptography": ("store/",),
    "anthropic": ("pipeline/analysts/claude",),
    "dbos": ("pipeline/engine.py",),
    "subprocess": ("pipeline/platforms/", "pipeline/sandbox/"),
}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
    return found


FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_imports_follow_the_arrows(path: Path) -> None:
    name = _name(path)
    for module in _imports(path):
        top = module.split(".")[0]
        if name.startswith("pipeline/"):
            assert top not in ("bot", "store"), f"{name} imports {module}"
        if name.startswith("store/"):
            assert top != "bot", f"{name} imports {module}"
        if name.startswith("bot/") and name != "bot/wiring.py":
            assert top != "store", f"{name} imports {module}; only bot/wiring.py names a store"
        homes = HOMES.get(top)
        assert homes is None or name.startswith(homes), f"{name} imports {module}"


def test_the_environment_is_read_in_one_place() -> None:
    readers = [
        _name(path)
        for path in FILES
        if any(call in path.read_text() for call in ("os.environ", "os.getenv", "environ["))
    ]
    assert readers == ["bot/settings.py"]
