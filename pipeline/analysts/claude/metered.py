"""Calls that are admitted by the workspace's budget, and recorded with what they used."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from anthropic.types import Message

from pipeline.analysts.assignment import current_assignment
from pipeline.analysts.claude.api import Api, MessageRequest
from pipeline.analysts.claude.configuration import Configuration
from pipeline.analysts.claude.failures import unfinished
from pipeline.analysts.claude.prices import cost, searches
from pipeline.analysts.usage import ModelCall, UsageLedger, start_of_day
from pipeline.errors import AnalystError, WeftError
from pipeline.ports import Clock

Report = Callable[[str], None]
_DOING = {"": "reads", "thinking": "thinks", "text": "writes", "web_search": "searches the web",
          "web_fetch": "reads a page"}  # fmt: skip
_ON = {"scope": "the request", "systems": "the systems", "workflows": "the workflows",
       "mappings": "the mappings", "web": "its documentation", "reading": "your message",
       "change": "the change", "answer": "the answer", "repair": "the findings"}  # fmt: skip


@dataclass
class _Seen:
    """What is known of a call while it runs."""

    message: Message | None = None
    said: set[str] = field(default_factory=set)


class MeteredApi:
    """The Messages API within its budget. Raises AnalystError and Stopped."""

    def __init__(self, configuration: Configuration, ledger: UsageLedger, clock: Clock) -> None:
        self._api = Api(configuration)
        self._configuration = configuration
        self._ledger = ledger
        self._clock = clock

    def send(self, purpose: str, request: MessageRequest, report: Report) -> Message:
        """A whole answer: neither refused nor cut."""
        seen, begun, outcome = _Seen(), time.monotonic(), "failed"

        def admit(tokens: int) -> None:
            self._admit(tokens, request["max_tokens"])

        def watch(begins: str, message: Message) -> None:
            seen.message = message
            doing = _DOING.get(begins, "looks things up")
            if doing not in seen.said:
                seen.said.add(doing)
                report(f"Claude {doing}: {_ON.get(purpose, purpose)}")

        try:
            message = seen.message = self._api.send(request, admit, watch)
            outcome = message.stop_reason or "ok"
        except WeftError as error:
            outcome = type(error).__name__
            raise
        finally:
            self._record(purpose, request["model"], seen.message, begun, outcome)
        problem = unfinished(message)
        if problem is not None:
            raise problem
        return message

    def _admit(self, tokens: int, answer: int) -> None:
        most = self._configuration.request_tokens
        if tokens > most:
            raise AnalystError(
                f"This needs {tokens:,} tokens of input, and {most:,} is the most for one call. "
                "Attach less, or ask for less at a time."
            )
        limit = self._configuration.daily_tokens
        midnight = start_of_day(self._clock.now())
        spent = self._ledger.tokens_since(current_assignment().team, midnight)
        if spent + tokens + answer > limit:
            raise AnalystError(
                f"This workspace has used {spent:,} of its {limit:,} Claude tokens of today (UTC), "
                "and this call could exceed them. Go on tomorrow, or raise WEFT_DAILY_TOKENS."
            )

    def _record(
        self, purpose: str, model: str, message: Message | None, begun: float, outcome: str
    ) -> None:
        """What never began to be answered used nothing, and is not recorded."""
        if message is None:
            return
        usage, assignment = message.usage, current_assignment()
        self._ledger.record_call(
            ModelCall(
                integration_id=assignment.integration_id,
                team=assignment.team,
                purpose=purpose,
                model=message.model,
                input_tokens=usage.input_tokens,
                cache_read_tokens=usage.cache_read_input_tokens or 0,
                cache_write_tokens=usage.cache_creation_input_tokens or 0,
                output_tokens=usage.output_tokens,
                searches=searches(usage),
                cost=cost(model, usage),
                seconds=round(time.monotonic() - begun, 3),
                at=self._clock.now(),
                outcome=outcome,
            )
        )
