"""Unified diffs between two versions of a generated project."""

import difflib
from collections.abc import Sequence

from pipeline.artifacts import SourceFile


def unified_diff(before: Sequence[SourceFile], after: Sequence[SourceFile]) -> str:
    """A git-style diff of all files, by path; empty where nothing changed."""
    old = {file.path: file.content for file in before}
    new = {file.path: file.content for file in after}
    return "".join(_file_diff(path, old.get(path), new.get(path)) for path in sorted(old | new))


def _file_diff(path: str, old: str | None, new: str | None) -> str:
    if old == new:
        return ""
    lines = difflib.unified_diff(
        (old or "").splitlines(keepends=True),
        (new or "").splitlines(keepends=True),
        fromfile="/dev/null" if old is None else f"a/{path}",
        tofile="/dev/null" if new is None else f"b/{path}",
    )
    return f"diff --git a/{path} b/{path}\n" + "".join(_closed(line) for line in lines)


def _closed(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
