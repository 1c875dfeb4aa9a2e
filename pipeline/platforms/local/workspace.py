"""Versions as directories that Deno can run, written once and checked before anything runs."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.artifacts import SourceFile
from pipeline.cancellation import Cancellation
from pipeline.errors import PlatformError, SandboxError
from pipeline.model import digest
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import write_project

_RUN_FILES = ("src/index.ts", "deno.json")


class Workspace:
    """Directories are named by their files' digest: the same files are written once."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._deno = Deno(cache=directory / "checks")
        self._lock = asyncio.Lock()

    @property
    def deno_cache(self) -> Path:
        return self._directory / "cache"

    async def prepare(self, name: str, files: Sequence[SourceFile]) -> Path:
        """A directory with the files; PlatformError where they may not or can't run."""
        async with self._lock:
            return await asyncio.to_thread(self._prepare, name, files)

    def _prepare(self, name: str, files: Sequence[SourceFile]) -> Path:
        target = self._directory / digest([file.model_dump() for file in files])
        if target.is_dir():
            return target
        missing = set(_RUN_FILES) - {file.path for file in files}
        if missing:
            raise PlatformError(
                f"Version “{name}” has no {' and no '.join(sorted(missing))}: generate it again."
            )
        self._directory.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=self._directory, prefix="draft-"))
        try:
            write_project(files, draft)
            self._check(name, draft)
            draft.rename(target)
        except SandboxError as error:
            raise PlatformError(str(error)) from error
        except OSError as error:
            raise PlatformError(
                f"Version “{name}” can't be written ({error.strerror}): make room on the disk."
            ) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return target

    def _check(self, name: str, directory: Path) -> None:
        """The sandbox's inspection, done again here, since here the code really runs."""
        findings = self._deno.inspect(directory.resolve(), Cancellation())
        if findings:
            first = findings[0]
            where = f"{first.file}:{first.line}: " if first.file else ""
            raise PlatformError(
                f"Version “{name}” may not run: {where}{first.message.rstrip('.')}. "
                "Mend it and create it again."
            )
