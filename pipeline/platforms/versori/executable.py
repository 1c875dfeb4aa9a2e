"""The `versori` executable: every call of it goes through here."""

import logging
import re
import shlex
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pipeline.analysts.assignment import current_assignment
from pipeline.artifacts import SourceFile
from pipeline.errors import PlatformError
from pipeline.platforms.versori.failures import failure
from pipeline.sandbox.process import Finished, run

KNOWN_VERSIONS = ("0.1.1", "0.0.7")
_TIMEOUT_SECONDS = 120.0
_VERSION = re.compile(r"\d+(?:\.\d+)+\S*")
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call:
    """One call. Arguments hold no secret: `$NAME` stands for one, whose value is in `secrets`."""

    arguments: Sequence[str]
    secrets: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[SourceFile] = ()

    def __str__(self) -> str:
        return shlex.join(["versori", *self.arguments])


class Executable:
    """Runs one call in an empty folder, with nothing of this process's environment."""

    def __init__(
        self,
        path: Path | None = None,
        environment: Mapping[str, str] | None = None,
        timeout: float = _TIMEOUT_SECONDS,
    ) -> None:
        """`environment` names what the network needs here, such as HTTPS_PROXY."""
        self._given = path
        self._environment = dict(environment or {})
        self._timeout = timeout

    @cached_property
    def path(self) -> Path:
        found = str(self._given) if self._given else shutil.which("versori")
        if found is None or not Path(found).is_file():
            raise PlatformError(
                "The Versori command line is missing: install it, or name it in VERSORI_CLI_PATH."
            )
        return Path(found).resolve()

    @cached_property
    def version(self) -> str:
        """Its version; PlatformError where Weft does not know it."""
        with _folder(()) as folder:
            said = self._start(["version"], folder, {}).output.strip().removeprefix("v")
        if said in KNOWN_VERSIONS:
            return said
        named = said if _VERSION.fullmatch(said) else "unknown"
        raise PlatformError(
            f"The version of the Versori command line at {self.path} is {named}; Weft knows "
            f"{', '.join(KNOWN_VERSIONS)}. Install a known one, or name it in VERSORI_CLI_PATH."
        )

    def run(self, call: Call, configuration: Path, context: str, hidden: Sequence[str]) -> str:
        """What it printed. `hidden` are secrets that must stay out of what is said of it."""
        _ = self.version
        started = time.monotonic()
        options = [f"--config={configuration.resolve()}", f"--context={context}", "--output=json"]
        with _folder(call.files) as folder:
            finished = self._start([*call.arguments, *options], folder, call.secrets)
        ended = "done" if finished.code == 0 else f"exit {finished.code}"
        _logger.info("%s: %s in %.2f s", call, ended, time.monotonic() - started)
        if finished.code == 0 and finished.ran_out is None:
            return finished.output
        raise failure(str(call), finished, context, [*hidden, *call.secrets.values()])

    def _start(
        self, arguments: Sequence[str], folder: Path, secrets: Mapping[str, str]
    ) -> Finished:
        return run(
            [*_ending_with_us(), self.path, *arguments],
            directory=folder,
            environment={**self._environment, **secrets, "HOME": str(folder)},
            timeout=self._timeout,
            cancellation=current_assignment().cancellation,
        )


def _ending_with_us() -> list[str]:
    """Where the system can: a call ends when Weft is killed, before anybody looks what it did."""
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "KILL"] if found else []


@contextmanager
def _folder(files: Sequence[SourceFile]) -> Iterator[Path]:
    """A folder of its own for one call, gone after it; nobody else can read it."""
    with tempfile.TemporaryDirectory(prefix="weft-versori-") as directory:
        folder = Path(directory).resolve()
        for file in files:
            path = (folder / file.path).resolve()
            if folder not in path.parents:
                raise PlatformError(f"The file {file.path!r} can't be part of a project.")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.content, encoding="utf-8")
        yield folder
