"""What went wrong with the Messages API, in sentences."""

import anthropic
from anthropic.types import Message

from pipeline.errors import AnalystError

_PASSING = ("overloaded_error", "api_error", "rate_limit_error", "timeout_error")
_SHOWN = 200


def passes(error: Exception) -> bool:
    """Whether a stream that broke after it began is worth another try."""
    if isinstance(error, anthropic.APIStatusError):
        return error.status_code == 200 and error.type in _PASSING
    return not isinstance(error, anthropic.APIConnectionError)


def failure(error: Exception, model: str) -> AnalystError:
    """A failed call as a sentence that says what to do."""
    if isinstance(error, anthropic.APIStatusError):
        return _status(error, model)
    if isinstance(error, TimeoutError | anthropic.APITimeoutError):
        return AnalystError("Claude did not answer in time. Say “retry” later.", retryable=True)
    return AnalystError(
        "Claude's API can't be reached. Check the network and ANTHROPIC_BASE_URL, then say "
        "“retry”.",
        retryable=True,
    )


def _status(error: anthropic.APIStatusError, model: str) -> AnalystError:
    if isinstance(error, anthropic.AuthenticationError | anthropic.PermissionDeniedError):
        return AnalystError("Claude's API refused the key. Check ANTHROPIC_API_KEY.")
    if isinstance(error, anthropic.NotFoundError):
        return AnalystError(
            f"Claude's API does not know the model {model}. Set WEFT_MODEL and WEFT_SMALL_MODEL "
            "to models of your account."
        )
    if isinstance(error, anthropic.RateLimitError) or error.type == "rate_limit_error":
        return AnalystError(
            "Claude's API is at its rate limit. Say “retry” in a minute.", retryable=True
        )
    if error.status_code >= 500 or error.type in _PASSING:
        return AnalystError(
            "Claude's API is overloaded or failing. Say “retry” later.", retryable=True
        )
    said = (error.api_message or "no reason given")[:_SHOWN]
    return AnalystError(f"Claude's API refused the request ({error.status_code}): {said}")


def unfinished(message: Message) -> AnalystError | None:
    """Why an answer can't be used, where it was refused or cut; None where it is whole."""
    if message.stop_reason == "refusal":
        details = message.stop_details
        about = f" ({details.category})" if details and details.category else ""
        return AnalystError(f"Claude declined to answer this{about}. Say it in other words.")
    if message.stop_reason == "max_tokens":
        used = message.usage.output_tokens
        return AnalystError(
            f"Claude's answer was cut after {used:,} tokens. Ask for less at a time."
        )
    if message.stop_reason == "model_context_window_exceeded":
        return AnalystError(
            "This is more than Claude can read at once. Attach less, or ask for less."
        )
    return None
