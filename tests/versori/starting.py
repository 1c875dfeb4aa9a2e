"""Two ways to start a command: as an executable, and the stand-in without a new interpreter.

The stand-in takes a tenth of a second to start and a walk starts it often, so a walk forks it from
a process that has imported it once.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.versori.stand_in.__main__ import main

LONGEST_SECONDS = 20


class Finished(NamedTuple):
    code: int
    output: str
    errors: str


Start = Callable[[Sequence[str], Path, Mapping[str, str]], Finished]


def executable(path: Path) -> Start:
    def start(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Finished:
        finished = subprocess.run(
            [path, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            timeout=LONGEST_SECONDS,
        )
        return Finished(finished.returncode, finished.stdout, finished.stderr)

    return start


def forked_stand_in(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Finished:
    context = multiprocessing.get_context("forkserver")
    # With pytest, for each child imports what its parent was started with.
    context.set_forkserver_preload(["pytest", __name__])
    files = [folder / f".{name}" for name in ("stdout", "stderr")]
    process = context.Process(target=_as_command, args=(arguments, folder, environment, files))
    process.start()
    process.join(LONGEST_SECONDS)
    assert process.exitcode is not None, f"{arguments} did not end"
    output, errors = (file.read_text() for file in files)
    return Finished(process.exitcode, output, errors)


def _as_command(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], files: Sequence[Path]
) -> None:
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, file in enumerate((Path(os.devnull), *files)):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), number)
    sys.argv = ["versori", *arguments]
    main()
