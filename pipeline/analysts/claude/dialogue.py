"""One stage of the work as a dialogue: asked, the model looks things up and gives a result."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

from anthropic.types import (
    CacheControlEphemeralParam,
    JSONOutputFormatParam,
    Message,
    MessageParam,
    OutputConfigParam,
    TextBlockParam,
    ThinkingConfigAdaptiveParam,
    ToolUnionParam,
)
from pydantic import ValidationError

from pipeline.analysts.claude.api import MessageRequest
from pipeline.analysts.claude.configuration import Configuration, Work
from pipeline.analysts.claude.metered import MeteredApi, Report
from pipeline.analysts.claude.tools import Flat, Tool, faults, schema_of, use
from pipeline.errors import AnalystError

Result = TypeVar("Result", bound=Flat)

_TURNS = 12
_CORRECTIONS = 2
_STRICT_TOOLS = 20  # the most that the API holds to their schemas; Weft checks all of them itself
_PROMPTS = Path(__file__).parents[1] / "prompts"
_CACHED = CacheControlEphemeralParam(type="ephemeral")


@cache
def prompt(name: str) -> str:
    """The text of a prompt file, without the comment that says what it is for."""
    text = (_PROMPTS / f"{name}.md").read_text(encoding="utf-8")
    return text.partition("-->")[2].strip()


class Dialogue:
    """Asking again continues where the last answer ended. Raises AnalystError and Stopped.

    What every stage shares (tools, instructions, the catalogue's index) stands first and is
    marked for the cache; what belongs to one request comes last.
    """

    def __init__(
        self,
        api: MeteredApi,
        configuration: Configuration,
        stage: str,
        work: Work,
        *,
        index: str = "",
        tools: Sequence[Tool] = (),
        server_tools: Sequence[ToolUnionParam] = (),
        report: Report = lambda doing: None,
    ) -> None:
        self._api = api
        self._configuration = configuration
        self._stage = stage
        self._work: Work = work
        self._system = [_text(prompt("analyst") + index, cached=True), _text(prompt(stage))]
        self._tools = list(tools)
        self._server_tools = list(server_tools)
        self._report = report
        self.messages: list[MessageParam] = []

    def ask(self, text: str, result: type[Result]) -> Result:
        """Say something, and read the result of what follows."""
        for _ in range(_CORRECTIONS + 1):
            answer = _last_text(self._converse(text, result))
            try:
                return result.model_validate_json(_object_in(answer))
            except ValidationError as error:
                text = f"That does not fit the schema: {faults(error)}. Answer again, whole."
        raise AnalystError(
            f"Claude gave no usable answer to “{self._stage}” in {_CORRECTIONS + 1} tries."
        )

    def tell(self, text: str) -> str:
        """Say something; the answer is plain text, and what counts is what the tools were given."""
        return _last_text(self._converse(text, None))

    def _converse(self, text: str, result: type[Flat] | None) -> Message:
        self.messages.append({"role": "user", "content": text})
        for _ in range(_TURNS):
            message = self._api.send(self._stage, self._request(result), self._report)
            if message.content:  # the API refuses an empty turn
                self.messages.append({"role": "assistant", "content": list(message.content)})
            used = [block for block in message.content if block.type == "tool_use"]
            if used:
                results = [use(self._tools, block) for block in used]
                self.messages.append({"role": "user", "content": results})
            elif message.stop_reason != "pause_turn":
                return message
        raise AnalystError(f"Claude did not come to an end of “{self._stage}” in {_TURNS} turns.")

    def _request(self, result: type[Flat] | None) -> MessageRequest:
        request = MessageRequest(
            model=self._configuration.model_for(self._work),
            max_tokens=self._configuration.answer_tokens,
            system=self._system,
            messages=self.messages,
            cache_control=_CACHED,
        )
        strict = [number < _STRICT_TOOLS for number in range(len(self._tools))]
        own = [one.param(strict=held) for one, held in zip(self._tools, strict, strict=True)]
        tools = [*own, *self._server_tools]
        if tools:
            request["tools"] = tools
        output = OutputConfigParam()
        if result is not None:
            schema = schema_of(result)
            output["format"] = JSONOutputFormatParam(type="json_schema", schema=schema)
        if self._work == "judging":
            if self._configuration.effort != "none":
                output["effort"] = self._configuration.effort
            if self._configuration.thinking:
                request["thinking"] = ThinkingConfigAdaptiveParam(type="adaptive")
        if output:
            request["output_config"] = output
        return request


def _text(text: str, *, cached: bool = False) -> TextBlockParam:
    block = TextBlockParam(type="text", text=text)
    if cached:
        block["cache_control"] = _CACHED
    return block


def _last_text(message: Message) -> str:
    texts = [block.text for block in message.content if block.type == "text"]
    return texts[-1] if texts else ""


def _object_in(text: str) -> str:
    """The JSON object of an answer; a server without structured output may talk around it."""
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if start >= 0 else text
