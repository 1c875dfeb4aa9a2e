"""Whether an answer is a failure, by what the catalogue knows of the system's own words."""

from collections.abc import Sequence

from pydantic import JsonValue

from pipeline.catalogue.model import ErrorRule
from pipeline.plan.paths import read


def failure_of(rules: Sequence[ErrorRule], status: int, body: JsonValue) -> str | None:
    """What went wrong; None for a success. The first rule that applies counts."""
    for rule in rules:
        if _applies(rule, status, body):
            return rule.meaning
    return f"It answered {status}." if status >= 400 else None


def _applies(rule: ErrorRule, status: int, body: JsonValue) -> bool:
    if rule.status is not None and rule.status != status:
        return False
    if not rule.body_path:
        return True
    found = read(body, rule.body_path)
    values = found if isinstance(found, list) else [found]
    if rule.code is not None:
        return rule.code in [str(value) for value in values]
    return any(value is not None for value in values)
