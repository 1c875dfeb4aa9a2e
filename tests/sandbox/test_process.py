import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline.cancellation import Cancellation
from pipeline.errors import Stopped
from pipeline.sandbox import process


def run(
    code: str, tmp_path: Path, timeout: float = 10, cancellation: Cancellation | None = None
) -> process.Finished:
    return process.run(
        [sys.executable, "-c", code],
        directory=tmp_path,
        environment={"ONLY": "this"},
        timeout=timeout,
        cancellation=cancellation or Cancellation(),
    )


def test_output_errors_and_code_are_kept_apart(tmp_path: Path) -> None:
    ended = run("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", tmp_path)

    assert (ended.code, ended.output, ended.errors) == (3, "out\n", "err\n")
    assert ended.ran_out is None


def test_nothing_is_inherited(tmp_path: Path) -> None:
    code = "import os, sys; print(dict(os.environ).get('HOME'), sys.stdin.read(), os.getcwd())"

    assert run(code, tmp_path).output.split() == ["None", str(tmp_path.resolve())]


def test_time_runs_out(tmp_path: Path) -> None:
    ended = run("import time; time.sleep(60)", tmp_path, timeout=0.3)

    assert ended.ran_out == "took too long and was stopped"


def test_children_end_with_their_parent(tmp_path: Path) -> None:
    code = """
import subprocess, time
print(subprocess.Popen(["/bin/sleep", "60"]).pid, flush=True)
time.sleep(60)
"""
    started = time.monotonic()

    run(code, tmp_path, timeout=0.5)  # the child holds the pipe: it must be gone for this to end

    assert time.monotonic() - started < 5


def test_a_signal_is_a_crash(tmp_path: Path) -> None:
    ended = run("import os, signal; os.kill(os.getpid(), signal.SIGABRT)", tmp_path)

    assert ended.ran_out == "crashed (SIGABRT), most likely out of memory"


def test_what_is_stopped_already_does_not_start(tmp_path: Path) -> None:
    cancellation = Cancellation()
    cancellation.cancel()

    with pytest.raises(Stopped):
        run("open('started', 'w')", tmp_path, cancellation=cancellation)

    assert not (tmp_path / "started").exists()


def test_a_person_stops_it(tmp_path: Path) -> None:
    cancellation = Cancellation()
    threading.Timer(0.3, cancellation.cancel).start()

    with pytest.raises(Stopped):
        run("import time; time.sleep(60)", tmp_path, cancellation=cancellation)


def test_files_have_a_largest_size(tmp_path: Path) -> None:
    code = "import signal; f = open('large', 'wb'); [f.write(bytes(10**6)) for _ in range(100)]"

    assert run(code, tmp_path).code != 0
    assert (tmp_path / "large").stat().st_size <= process.FILE_BLOCKS * 512
