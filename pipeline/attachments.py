"""What people attach: an OpenAPI document describes a system, JSON holds test cases."""

import json
from collections.abc import Sequence

from pydantic import ValidationError

from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import InvalidSpec
from pipeline.integration import Attachment, TestCase
from pipeline.model import Value

LARGEST_ATTACHMENT = 20_000_000  # characters


class Sifted(Value):
    specs: list[Attachment] = []
    test_cases: list[TestCase] = []
    problems: list[str] = []


def sift(attachments: Sequence[Attachment], catalogue: Catalogue) -> Sifted:
    """Tell the attachments apart; what is neither gets a sentence and is not kept."""
    specs, cases, problems = [], [], []
    for attachment in attachments:
        if len(attachment.content) > LARGEST_ATTACHMENT:
            problems.append(f"{attachment.name} is too large; 20 MB is the most.")
            continue
        found = read_test_cases(attachment)
        if found:
            cases += found
            continue
        try:
            catalogue.with_spec(attachment.name, attachment.content)
        except InvalidSpec as error:
            problems.append(str(error))
        else:
            specs.append(attachment)
    return Sifted(specs=specs, test_cases=cases, problems=problems)


def read_test_cases(attachment: Attachment) -> list[TestCase]:
    """The test cases in a JSON file: one or a list of `{name, input, expected}`; else none."""
    try:
        content = json.loads(attachment.content)
    except (ValueError, RecursionError):
        return []
    items = content if isinstance(content, list) else [content]
    try:
        return [
            TestCase.model_validate({"name": f"{attachment.name} {number}", **item})
            for number, item in enumerate(items, start=1)
        ]
    except (ValidationError, TypeError):
        return []
