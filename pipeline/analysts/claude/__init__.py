"""The analyst that asks Claude: it judges, and the same rules and checks as everywhere hold it."""

from pipeline.analysts.claude.analyst import ClaudeAnalyst
from pipeline.analysts.claude.configuration import Configuration

__all__ = ["ClaudeAnalyst", "Configuration"]
