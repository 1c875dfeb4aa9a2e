"""The eight steps with any server that speaks the Messages API, here one on loopback."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.artifacts import STEPS
from tests.anthropic_double import (
    AnthropicDouble,
    Exchange,
    Reply,
    Script,
    fails,
    said,
    says,
    uses,
)
from tests.messages_rules import Body, wants
from tests.models import agreeable, in_turn, when
from tests.whole.conftest import REQUEST, Weft, rows

SHOUT = """export function shout(value: string): string | undefined {
  return `${value.toUpperCase()}!`;
}"""
WRITES = ("write_transform", {
    "name": "shout", "summary": "in capitals", "source": SHOUT, "takes": ["string"],
    "gives": "string", "examples": [{"inputs": '["hello"]', "output": '"HELLO!"'},
                                    {"inputs": '["Zoë"]', "output": '"ZOË!"'}]})  # fmt: skip
SHOUTED = {"target": "PrivateNote", "source": "note", "constant": "", "transform": "shout",
           "transform_args": "", "each": "", "lookup": "", "confidence": 0.9,
           "reason": "asked"}  # fmt: skip


def writing() -> Script:
    """A model that fills one field with a function of its own."""
    once = in_turn(uses(WRITES))
    return agreeable(
        lambda body: once(body) if wants(body) == "MappingsResult" else None,
        when("MappingsResult", {"mappings": [SHOUTED], "dropped": [], "questions": []}),
    )


@pytest.fixture(scope="module")
def double() -> Iterator[AnthropicDouble]:
    with AnthropicDouble(writing()).running() as double:
        yield double
        assert double.problems == []


@pytest.fixture(scope="module")
def finished(weft: Weft, double: AnthropicDouble) -> "subprocess.CompletedProcess[str]":
    return weft.run(
        "run", REQUEST, "--analyst", "claude", "--yes", "--json", "--out", str(weft.home / "out"),
        ANTHROPIC_API_KEY="key", ANTHROPIC_BASE_URL=double.url, WEFT_MODEL="some-model",
    )  # fmt: skip


def test_every_step_is_done(finished: "subprocess.CompletedProcess[str]") -> None:
    assert finished.returncode == 0, finished.stdout + finished.stderr
    done = [row["step"] for row in rows(finished) if row["status"] == "done"]
    assert list(dict.fromkeys(done)) == list(STEPS)


def test_the_function_that_it_wrote_is_part_of_the_verified_project(
    weft: Weft, finished: "subprocess.CompletedProcess[str]"
) -> None:
    services = weft.home / "out" / "src" / "services"
    assert (services / "custom-shout.ts").read_text().rstrip() == SHOUT
    assert '"ZOË!"' in (services / "custom-shout.test.ts").read_text()
    assert "import { shout }" in (services / "order-to-sales-receipt.ts").read_text()


def test_what_the_calls_used_is_printed_and_kept(
    weft: Weft, finished: "subprocess.CompletedProcess[str]", double: AnthropicDouble
) -> None:
    (used,) = [row["usage"] for row in rows(finished) if "usage" in row]
    assert used["calls"] == len(double.calls) == 5
    told = [one.usage for one in double.calls]
    assert used["output_tokens"] == sum(one["output_tokens"] for one in told)
    assert used["cost"] is None  # nobody knows the price of “some-model”
    assert {one.body["model"] for one in double.calls} == {"some-model"}


def test_what_each_integration_used_can_be_looked_up(
    weft: Weft, finished: "subprocess.CompletedProcess[str]", double: AnthropicDouble
) -> None:
    shown = json.loads(weft.run("usage", "--json").stdout)
    ((name, used),) = shown["integrations"].items()
    assert used["calls"] == 5
    assert shown["today"] == {"terminal": [sum(_tokens(one) for one in double.calls), 5_000_000]}
    stages = weft.run("usage", name.removeprefix("terminal ")).stdout
    assert all(stage in stages for stage in ("scope", "systems", "workflows", "mappings"))
    nobody = weft.run("usage", "int_nobody")
    assert nobody.returncode == 64
    assert "int_nobody" in nobody.stderr


def _tokens(exchange: Exchange) -> int:
    usage = exchange.usage
    kinds = ("input", "cache_read_input", "cache_creation_input", "output")
    return int(sum(usage[f"{kind}_tokens"] for kind in kinds))


EVALUATION = f"""
- id: example
  text: {REQUEST!r}
  in_scope: true
  systems: {{shopify: source, quickbooks: target}}
- id: broken
  text: Copy new HubSpot contacts to Mailchimp
  in_scope: true
"""


def test_an_evaluation_scores_claude_and_not_the_rules_in_its_place(
    weft: Weft, tmp_path: Path
) -> None:
    file = tmp_path / "requests.yaml"
    file.write_text(EVALUATION)

    def broken(body: Body) -> Reply | None:
        return fails(400, "invalid_request_error") if "Mailchimp" in said(body) else None

    with AnthropicDouble(agreeable(broken)).running() as double:
        made = weft.run(
            "eval", str(file), "--analyst", "claude", "--json",
            ANTHROPIC_API_KEY="key", ANTHROPIC_BASE_URL=double.url,
        )  # fmt: skip
    assert made.returncode == 0, made.stderr
    scored = json.loads(made.stdout)
    assert (scored["right"], scored["of"]) == (1, 2)
    assert "refused the request" in scored["requests"][1]["trouble"]
    assert scored["usage"]["calls"] == 4


def test_a_server_that_talks_nonsense_is_done_without(weft: Weft) -> None:
    with AnthropicDouble(lambda body: says("Hello there.", hostile=True)).running() as nonsense:
        finished = weft.run(
            "plan", REQUEST, "--analyst", "claude", "--json", ANTHROPIC_BASE_URL=nonsense.url
        )
    assert finished.returncode == 0, finished.stderr
    assert "without Claude" in finished.stdout
    assert "orders/create" in finished.stdout


def test_without_a_key_or_a_server_it_says_what_to_set(weft: Weft) -> None:
    finished = weft.run("plan", REQUEST, "--analyst", "claude", "--json")
    assert finished.returncode == 64
    assert "ANTHROPIC_API_KEY" in finished.stderr
