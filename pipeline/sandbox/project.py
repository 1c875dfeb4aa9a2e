"""A generated project as files in a directory, ready for Deno."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from pipeline.artifacts import SourceFile
from pipeline.errors import SandboxError

RUN_SDK = Path(__file__).parent.parent / "platforms" / "local" / "runtime"
RUN_SDK_DIRECTORY = ".weft/run"

_COMPILER_OPTIONS = {
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "noImplicitOverride": True,
}


def deno_json() -> str:
    """The `deno.json` of every generated project; the sandbox refuses any other."""
    settings = {
        "nodeModulesDir": "none",
        "lock": False,
        "imports": {
            "@versori/run": f"./{RUN_SDK_DIRECTORY}/mod.ts",
            "@versori/run/durable": f"./{RUN_SDK_DIRECTORY}/durable.ts",
        },
        "exclude": [".weft"],
        "compilerOptions": _COMPILER_OPTIONS,
    }
    return json.dumps(settings, indent=2) + "\n"


def write_project(
    files: Sequence[SourceFile], directory: Path, *, run_sdk: Path | None = None
) -> None:
    """Write the files, and beside them the Run SDK that they import.

    SandboxError where a path would leave the directory, or names what is not the project's.
    """
    for file in files:
        _check_path(file.path)
    for file in files:
        target = directory / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.content, encoding="utf-8")
    _copy_run_sdk(run_sdk or RUN_SDK, directory / RUN_SDK_DIRECTORY)


def _check_path(path: str) -> None:
    parts = PurePosixPath(path).parts
    outside = not parts or path.startswith("/") or ".." in parts
    if outside or "\\" in path or "\0" in path or parts[0] == ".weft":
        raise SandboxError(f"The file {path!r} can't be part of a project: its path leaves it.")


def _copy_run_sdk(source: Path, target: Path) -> None:
    if not (source / "mod.ts").is_file():
        raise SandboxError(
            f"There is no Run SDK at {source}: point WEFT_RUN_SDK at a folder with mod.ts."
        )
    shutil.rmtree(target, ignore_errors=True)
    for module in sorted(source.rglob("*.ts")):
        copy = target / module.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(module, copy)
