"""`weft playground` in a process of its own, as a person starts it."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bot.playground.recording import Call
from tests.sent_to_slack import SENT

LOG = Path(__file__).parents[2] / "build" / "playground.log"
_ANNOUNCED = re.compile(r"http://127\.0\.0\.1:\d+/playground/")


@contextmanager
def weft_playground(home: Path) -> Iterator[str]:
    """The page's address, while it runs. What it logs is kept in build/playground.log."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("WEFT_", "ANTHROPIC_"))}
    LOG.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bot", "playground", "--port", "0", "--no-browser"]
    with (
        LOG.open("w") as errors,
        subprocess.Popen(
            command,
            env={**plain, "WEFT_HOME": str(home), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            address = _address(process)
            yield address
            _look_at_what_was_sent(address)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if announced := _ANNOUNCED.search(line):
            return announced[0]
    raise AssertionError(f"weft playground ended: {LOG.read_text()[-2000:]}")


def _look_at_what_was_sent(address: str) -> None:
    with urlopen(f"{address}calls") as answer:
        calls = [Call(**call) for call in json.load(answer)["calls"]]
    for call in calls:
        SENT.add(call)
    assert SENT.add_from_weft(calls) == []
