"""How Claude is asked: which model for which work, and within which bounds."""

from typing import Literal

from pydantic import Field, SecretStr

from pipeline.model import Value

Work = Literal["routing", "judging"]
Effort = Literal["none", "low", "medium", "high", "xhigh", "max"]


class Configuration(Value):
    api_key: SecretStr
    base_url: str | None = Field(default=None, description="Else the vendor's own.")
    model: str = Field(default="claude-opus-5-5", description="For research, edits and repair.")
    small_model: str = Field(
        default="claude-haiku-5-5", description="For scope, and to tell questions from changes."
    )
    effort: Effort = Field(
        default="medium", description="none: not said, to a server that knows none."
    )
    thinking: bool = True
    web: bool = Field(default=True, description="Whether it may search for unknown systems.")
    web_domains: tuple[str, ...] = Field(
        default=(), description="The only ones it may search and read; empty: any."
    )
    daily_tokens: int = Field(default=5_000_000, description="Of one workspace, in a UTC day.")
    request_tokens: int = Field(default=150_000, description="The largest input of one call.")
    answer_tokens: int = 16_000
    retries: int = Field(default=2, description="Of a call that failed in a way that may pass.")
    call_seconds: float = Field(default=180.0, description="Of one call, retries included.")

    def model_for(self, work: Work) -> str:
        return self.small_model if work == "routing" else self.model
