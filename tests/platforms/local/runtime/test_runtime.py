"""The Run SDK runtime: its own tests, run by Deno, and what its authors would run."""

import subprocess
from pathlib import Path

import pytest

from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import RUN_SDK

TESTS = Path(__file__).parent


def run(directory: Path, home: Path, *arguments: str) -> None:
    ended = subprocess.run(
        [Deno().executable, *arguments],
        cwd=directory,
        env={"DENO_DIR": str(home), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("tests", sorted(path.name for path in TESTS.glob("*.test.ts")))
def test_in_deno(tests: str, tmp_path: Path) -> None:
    run(TESTS, tmp_path, "test", "--no-check", "--no-remote", "--no-npm", tests)


@pytest.mark.parametrize("directory", [RUN_SDK, TESTS], ids=["runtime", "tests"])
@pytest.mark.parametrize("arguments", [["check", "."], ["lint"], ["fmt", "--check"]])
def test_is_clean(directory: Path, arguments: list[str], tmp_path: Path) -> None:
    run(directory, tmp_path, *arguments)
