"""What comes in from a person: checked, secrets blacked out, attachments told apart."""

from collections.abc import Sequence

from pipeline.attachments import sift
from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import UsageError
from pipeline.integration import Attachment, TestCase
from pipeline.masking import mask
from pipeline.model import Value

LONGEST_MESSAGE = 40_000  # characters; Slack's own limit


class Intake(Value):
    text: str
    specs: list[Attachment] = []
    test_cases: list[TestCase] = []
    notes: list[str] = []  # sentences that the person should see


def take_in(text: str, attachments: Sequence[Attachment], catalogue: Catalogue) -> Intake:
    """A message that may be saved. UsageError where there is nothing in it, or too much."""
    if not text.strip() and not attachments:
        raise UsageError(
            "There is nothing to build from. Say which systems to connect and what should happen, "
            "such as “sync new Shopify orders to QuickBooks as sales receipts”."
        )
    if len(text) > LONGEST_MESSAGE:
        raise UsageError(
            f"That is {len(text):,} characters; the most that fits is {LONGEST_MESSAGE:,}. "
            "Say in short what to build, and attach the rest as a file."
        )
    masked, found = mask(text)
    sifted = sift(attachments, catalogue)
    notes = list(sifted.problems)
    if found:
        notes.append(
            f"I removed what looks like a secret ({', '.join(found)}) before saving your message. "
            "Delete the message and rotate that secret; credentials are asked for in a form later."
        )
    return Intake(text=masked, specs=sifted.specs, test_cases=sifted.test_cases, notes=notes)
