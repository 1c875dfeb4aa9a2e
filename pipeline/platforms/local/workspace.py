"""Versions as directories that Deno can run, written once and checked before anything runs."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence, Set
from pathlib import Path

from pipeline.artifacts import SourceFile
from pipeline.cancellation import Cancellation
from pipeline.errors import PlatformError, SandboxError
from pipeline.model import digest
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.project import RUN_SDK, write_project

_RUN_FILES = ("src/index.ts", "deno.json")


class Workspace:
    """Directories are named by the digests of their files and of the Run SDK beside them: the same
    files are written once, and again for a Weft whose SDK is another."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._sdk_digest = _digest_of(RUN_SDK)
        self._deno = Deno(cache=directory / "checks")
        self._lock = asyncio.Lock()

    @property
    def deno_cache(self) -> Path:
        return self._directory / "cache"

    async def prepare(self, name: str, files: Sequence[SourceFile]) -> Path:
        """A directory with the files; PlatformError where they may not or can't run."""
        async with self._lock:
            return await asyncio.to_thread(self._prepare, name, files)

    async def keep_only(self, files_digests: Set[str]) -> None:
        """Remove the directories of versions with other files, or with another SDK."""
        names = {self._name(each) for each in files_digests}
        async with self._lock:
            await asyncio.to_thread(self._remove_others, names)

    def _remove_others(self, names: Set[str]) -> None:
        for marker in self._directory.glob("*/deno.json"):
            if marker.parent.name not in names:
                shutil.rmtree(marker.parent, ignore_errors=True)

    def _name(self, files_digest: str) -> str:
        return f"{files_digest}-{self._sdk_digest}"

    def _prepare(self, name: str, files: Sequence[SourceFile]) -> Path:
        target = self._directory / self._name(digest([file.model_dump() for file in files]))
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


def _digest_of(directory: Path) -> str:
    """Twelve characters for the TypeScript files of a directory."""
    modules = sorted(directory.rglob("*.ts"))
    return digest([[str(each.relative_to(directory)), each.read_text()] for each in modules])[:12]
