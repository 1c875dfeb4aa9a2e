"""Prints docs/patterns.md: `python -m tests.codegen.matrix > docs/patterns.md`."""

from tests.codegen.matrix.document import document

print(document(), end="")
