"""What a call cost, by the published prices."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from anthropic.types import Usage

_MILLION = 1_000_000


def cost(model: str, usage: Usage) -> float | None:
    """US dollars; None for a model whose price is not listed."""
    prices = _prices()
    listed = [name for name in prices["models"] if model == name or model.startswith(f"{name}-20")]
    if not listed:
        return None
    rates = prices["models"][listed[0]]
    read, written = usage.cache_read_input_tokens or 0, usage.cache_creation_input_tokens or 0
    long = rates.get("long_prompt")
    if long is not None and usage.input_tokens + read + written > long["above"]:
        rates = long
    tokens = (
        usage.input_tokens * rates["input"]
        + written * rates["cache_write"]
        + read * rates["cache_read"]
        + usage.output_tokens * rates["output"]
    )
    return float(tokens / _MILLION + searches(usage) * prices["searches"] / 1000)


def searches(usage: Usage) -> int:
    return usage.server_tool_use.web_search_requests if usage.server_tool_use else 0


@cache
def _prices() -> dict[str, Any]:
    path = Path(__file__).with_name("prices.yaml")
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content
