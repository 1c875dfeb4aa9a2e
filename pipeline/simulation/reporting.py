"""A dry run in words: findings, evidence, rows of a table, and all exchanges as a file."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from pipeline.artifacts import Evidence, Finding, Situation, SourceFile
from pipeline.catalogue.model import SystemEntry
from pipeline.plan.model import Plan
from pipeline.simulation.canary import CanaryResult
from pipeline.simulation.exchanges import what_it_did
from pipeline.simulation.scene import Played, Scene
from pipeline.simulation.situations import Situation as Expectation
from pipeline.simulation.situations import Verdict
from pipeline.simulation.world import Sent

TOOL = "dry run"
FILE = "dry-run.json"
_FIELD = re.compile(r"^(?P<field>[\w.\[\]$-]+): ")
_REQUIRED = re.compile(r"'(?P<name>[^']+)' is a required property")
_UNKNOWN = re.compile(r"\('(?P<name>[^']+)' (was|were) unexpected\)")
_LONGEST_FILE = 2_000_000


def broken(message: str, workflow: str | None = None) -> Finding:
    """The project could not be played at all."""
    return Finding(tool=TOOL, message=message, workflow=workflow, file=_file(workflow))


def refusals(scene: Scene, situation: str, verdict: Verdict) -> list[Finding]:
    """One finding for each kind of request that a mock refused by itself."""
    found = {}
    for sent in verdict.played.world.sent:
        if sent.refused:
            exchange = sent.exchange
            message = (
                f"With {situation}, {sent.system} refused {exchange.method} {exchange.path}: "
                f"{exchange.detail}"
            )
            about = _about(exchange.detail)
            found[sent.system, about or exchange.detail] = Finding(
                tool=TOOL, message=message, workflow=scene.workflow.name, field=about,
                file=_file(scene.workflow.name), excerpt=exchange.body[:1000],
            )  # fmt: skip
    return list(found.values())


def _about(detail: str) -> str | None:
    """The field that a refusal names, as a path."""
    place = _FIELD.match(detail)
    inner = _REQUIRED.search(detail) or _UNKNOWN.search(detail)
    parts = [place["field"] if place else "", inner["name"] if inner else ""]
    return ".".join(filter(None, parts)) or None


def unexpected(scene: Scene, situation: Expectation, verdict: Verdict) -> Finding:
    message = f"With {situation.name}, expected: {situation.expected}. Seen: {verdict.seen}."
    name = scene.workflow.name
    return Finding(tool=TOOL, message=message[:1500], workflow=name, file=_file(name))


def _file(workflow: str | None) -> str | None:
    return f"src/workflows/{workflow}.ts" if workflow else None


def request_rows(sent: Sequence[Sent]) -> list[list[str]]:
    """What a usual record led to: request, status, and what it did."""
    return [
        [
            f"{one.exchange.method} {one.exchange.path} ({one.system})",
            str(one.exchange.status),
            what_it_did(one.exchange.as_json()),
        ]
        for one in sent
    ]


def situation_row(noted: Situation) -> list[str]:
    return [noted.name, "as expected" if noted.passed else "not as expected", noted.seen[:300]]


def case_row(name: str, played: Played, written: int) -> list[str]:
    outcome = "done" if played.ok else "failed"
    return [f"your case “{name}”", outcome, played.error[:300] or f"{written} written"]


def evidence(
    plan: Plan,
    situations: Sequence[Situation],
    validated: int,
    canaries: Mapping[str, Sequence[CanaryResult]],
    entries: Mapping[str, SystemEntry],
) -> list[Evidence]:
    """What was seen, by which mocks, and what only the real systems can show."""
    passed = sum(one.passed for one in situations)
    claims = []
    if situations:
        claim = f"dry run: {passed} of {len(situations)} situations as expected, " + (
            f"{validated} requests validated"
        )
        claims.append(Evidence(claim=claim, word="mocked"))
    for system in plan.systems:
        claims.append(
            _of_mock(system.display_name, canaries.get(system.name), system.name in entries)
        )
    if situations:
        names = " and ".join(system.display_name for system in plan.systems)
        claim = f"the real {names}: their data, custom fields, rights and rate limits"
        claims.append(Evidence(claim=claim, word="not reached"))
    return claims


def _of_mock(name: str, canaries: Sequence[CanaryResult] | None, used: bool) -> Evidence:
    if canaries is None:
        return Evidence(claim=f"{name}: no description to make a mock from", word="not reached")
    failed = [result.operation for result in canaries if not result.holds]
    if failed:
        claim = f"{name}: its mock is not used, as it took a bad body of {', '.join(failed)}"
        return Evidence(claim=claim, word="not reached")
    if not used:
        return Evidence(
            claim=f"{name}: no calls are known that a mock could answer", word="not reached"
        )
    if not canaries:
        return Evidence(claim=f"{name}'s mock: only read from", word="mocked")
    refused = sum(result.rejected for result in canaries)
    claim = f"{name}'s mock refused {refused} of {len(canaries)} bad bodies"
    return Evidence(claim=claim, word="ran")


def exchanges_file(sent: Mapping[str, Sequence[Sent]]) -> SourceFile:
    """Every request with its answer, by situation; the mocks masked what was secret."""
    content = {
        situation: [_exchange(one) for one in requests] for situation, requests in sent.items()
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    if len(text) > _LONGEST_FILE:
        short = {name: [{**one, "body": "…", "answer": "…"} for one in requests]
                 for name, requests in content.items()}  # fmt: skip
        text = json.dumps(short, indent=1, ensure_ascii=False)
    return SourceFile(path=FILE, content=text + "\n")


def _exchange(sent: Sent) -> dict[str, Any]:
    exchange = sent.exchange.as_json()
    return {
        "system": sent.system,
        **{name: exchange[name] for name in ("method", "path", "query", "headers", "status")},
        "effect": exchange["effect"],
        "fault": exchange["fault"],
        "body": _parsed(exchange["body"]),
        "answer": _parsed(exchange["answer"]),
    }


def _parsed(text: str) -> JsonValue:
    try:
        parsed: JsonValue = json.loads(text)
    except ValueError:
        return text
    return parsed
