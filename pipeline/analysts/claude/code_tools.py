"""The generated code as tools: which files there are, and what stands in one."""

import re
from collections.abc import Sequence

from pydantic import Field

from pipeline.analysts.claude.tools import Flat, Tool, as_json, tool
from pipeline.artifacts import SourceFile
from pipeline.errors import UserError
from pipeline.plan.schemas import did_you_mean

_LINES = 300  # of one reading
_TEST_NAME = re.compile(r"Deno\.test\(\s*(\"(?:[^\"\\]|\\.)*\")")


class ListFiles(Flat):
    """The files of the generated project, each with its length."""


class ReadFile(Flat):
    """Lines of one generated file, numbered. Of tests, only what each is called."""

    path: str
    first_line: int = Field(description="From 1.")


def code_tools(files: Sequence[SourceFile]) -> list[Tool]:
    """None where there is no code yet."""
    look = _Code(files)
    reading = [tool("list_files", ListFiles, look.list), tool("read_file", ReadFile, look.read)]
    return reading if files else []


class _Code:
    def __init__(self, files: Sequence[SourceFile]) -> None:
        self._files = {file.path: file.content for file in files}

    def list(self, asked: ListFiles) -> str:
        return as_json({path: f"{len(text.splitlines())} lines" for path, text in
                        self._files.items()})  # fmt: skip

    def read(self, asked: ReadFile) -> str:
        """Tests hold people's samples, which are customers' data: only their names are shown."""
        text = self._files.get(asked.path)
        if text is None:
            near = did_you_mean(asked.path, list(self._files))
            raise UserError(f"There is no file “{asked.path}”.{near}")
        if asked.path.endswith(".test.ts"):
            return "\n".join(_TEST_NAME.findall(text))
        lines = text.splitlines()
        first = max(1, asked.first_line)
        shown = lines[first - 1 : first - 1 + _LINES]
        more = len(lines) - (first - 1) - len(shown)
        numbered = [f"{number} {line}" for number, line in enumerate(shown, first)]
        return "\n".join([*numbered, *([f"[{more} more lines]"] if more > 0 else [])])
