"""Why something failed, as people read it."""

import re

# What the generated code and JavaScript call their errors: it tells people nothing.
_CLASS = re.compile(
    r"(?:^|(?<=: ))(?:[A-Z]\w*Error|Error|MissingReference|MissingValue|SkippedRecord): "
)


def plain_reason(reason: str) -> str:
    """`Shopify has no order 7` for `Error: MissingReference: Shopify has no order 7`."""
    while reason != (shorter := _CLASS.sub("", reason)):
        reason = shorter
    return reason
