"""Reasons without the names of classes, which mean nothing to people."""

import pytest

from pipeline.live.reasons import plain_reason


@pytest.mark.parametrize(
    ("reason", "plain"),
    [
        (
            "Error: 1 could not be written: 7: MissingReference: none",
            "1 could not be written: 7: none",
        ),
        ("TypeError: x is not a function", "x is not a function"),
        ("ApiError: QuickBooks: 6240", "QuickBooks: 6240"),
        ("Validation Error: Email is empty", "Validation Error: Email is empty"),
        ("", ""),
    ],
)
def test_class_names_go(reason: str, plain: str) -> None:
    assert plain_reason(reason) == plain
