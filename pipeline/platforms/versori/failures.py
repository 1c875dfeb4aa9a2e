"""What the command line or the API said when it failed, as a sentence that says what to do."""

import re
from collections.abc import Sequence

from pipeline.errors import PlatformError
from pipeline.sandbox.process import Finished

_MOST = 300  # characters of what was said
_LABELS = re.compile(r"^\s*(?:Message|Reason|API Message|API Details):\s*", re.MULTILINE)
# What is said, what to do about it, and whether it may pass by itself.
_KNOWN: tuple[tuple[re.Pattern[str], str, bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), advice, retryable)
    for pattern, advice, retryable in (
        (
            r"\b(?:status )?40[13]\b|unauthori[sz]ed|forbidden|invalid token|jwt",
            "Renew the token of the context “{context}”, then say “retry”.",
            False,
        ),
        (r"missing connections? for", "Connect what it names, then say “retry”.", False),
        (r"already (?:exists|in use)|must be unique|duplicate|\b409\b",
         "Rename or remove what stands there on Versori, then say “retry”.", False),
        (r"\b404\b|not found|does not exist", "It may have been removed on Versori: say “retry”, "
         "or set it up again.", False),
        (
            r"connection (?:refused|reset)|no such host|i/o timeout|timed? ?out|deadline exceeded"
            r"|\bEOF\b|status (?:429|5\d\d)\b|too many requests",
            "Versori can't be reached just now: say “retry” in a while.",
            True,
        ),
    )
)  # fmt: skip
_OTHERWISE = "Mend that on Versori or in the plan, then say “retry”."


def failure(call: str, finished: Finished, context: str, hidden: Sequence[str]) -> PlatformError:
    """Of a call that did not end well; what is hidden stands as `[secret]`."""
    if finished.ran_out is not None:
        sentence = f"`{call}` {finished.ran_out}. Say “retry” to look and try again."
        return PlatformError(sentence, retryable=True)
    said = _LABELS.sub("", finished.errors) or finished.output
    return refusal(f"`{call}`", said, context, hidden)


def refusal(what: str, said: str, context: str, hidden: Sequence[str]) -> PlatformError:
    """Versori did not do what was asked, and said why."""
    for secret in sorted(filter(None, hidden), key=len, reverse=True):
        said = said.replace(secret, "[secret]")
    said = " ".join(said.split()).rstrip(".")[:_MOST] or "no reason was given"
    advice, retryable = next(
        ((advice, passes) for pattern, advice, passes in _KNOWN if pattern.search(said)),
        (_OTHERWISE, False),
    )
    sentence = f"Versori did not do {what}: {said}. {advice.format(context=context)}"
    return PlatformError(sentence, retryable=retryable)
