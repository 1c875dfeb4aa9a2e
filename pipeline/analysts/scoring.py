"""How much of a plan is as a requests file says it should be, aspect by aspect."""

import re
from collections.abc import Callable, Iterator, Sequence

from pydantic import JsonValue

from pipeline.analysts.requests_file import Expected
from pipeline.mapping.placeholders import placeholders
from pipeline.model import Value
from pipeline.plan.model import Auth, Endpoint, KeyPair, Mapping, Plan, Workflow

ASPECTS = (
    "scope", "systems", "trigger", "auth", "source entity", "target entity", "upsert key",
    "filter", "map", "multi-tenant", "both ways", "questions",
)  # fmt: skip


class Check(Value):
    """One thing that a request's plan should have, and what it has."""

    aspect: str
    right: bool
    expected: JsonValue
    found: JsonValue


class Score(Value):
    """All checks of one request."""

    id: str
    checks: list[Check]
    trouble: str = ""  # why there is no plan

    @property
    def right(self) -> bool:
        return all(check.right for check in self.checks)


def score(expected: Expected, plan: Plan, trouble: str = "") -> Score:
    """The checks that a request's labels call for."""
    checks = [check for read in _READERS for check in read(expected, plan)]
    return Score(id=expected.id, checks=checks, trouble=trouble)


def totals(scores: Sequence[Score]) -> dict[str, tuple[int, int]]:
    """Aspect -> (how many requests have it right, how many are asked for it), in usual order."""
    counted: dict[str, tuple[int, int]] = {}
    for aspect in ASPECTS:
        asked = [
            [check.right for check in one.checks if check.aspect == aspect]
            for one in scores
            if any(check.aspect == aspect for check in one.checks)
        ]
        if asked:
            counted[aspect] = (sum(map(all, asked)), len(asked))
    return counted


Checks = Iterator[Check]


def _scope(expected: Expected, plan: Plan) -> Checks:
    right = plan.scope.in_scope == expected.in_scope
    if not expected.in_scope:
        right = right and not plan.systems and not plan.workflows
    yield _check("scope", right, expected.in_scope, plan.scope.in_scope)


def _systems(expected: Expected, plan: Plan) -> Checks:
    if expected.systems:
        found: dict[str, JsonValue] = {one.name: one.role for one in plan.systems}
        wanted: dict[str, JsonValue] = {**expected.systems}
        yield _check("systems", found == wanted, wanted, found)


def _trigger(expected: Expected, plan: Plan) -> Checks:
    wanted = expected.trigger
    if wanted is None:
        return
    triggers = [workflow.trigger for workflow in plan.workflows]
    right = any(
        wanted.kind in (None, one.kind)
        and _matches(wanted.event, one.event)
        and wanted.cron in (None, one.cron)
        and wanted.timezone in (None, one.timezone)
        for one in triggers
    )
    yield _check("trigger", right, wanted.model_dump(exclude_none=True),
                 [one.model_dump(exclude_none=True) for one in triggers])  # fmt: skip


def _auth(expected: Expected, plan: Plan) -> Checks:
    found = {one.name: auth_name(one.auth) for one in plan.systems}
    for system, wanted in expected.auth.items():
        yield _check("auth", found.get(system) == wanted, wanted, found.get(system))


def auth_name(auth: Auth) -> str:
    """Such as `api-key` or `oauth2-authorization-code`."""
    return f"{auth.type}-{auth.grant}" if auth.grant else auth.type


def _entities(expected: Expected, plan: Plan) -> Checks:
    read = [workflow.source for workflow in plan.workflows]
    written = [one for workflow in plan.workflows for one in _written(workflow)]
    for aspect, wanted, ends in (
        ("source entity", expected.source_entity, read),
        ("target entity", expected.target_entity, written),
    ):
        if wanted is not None:
            names: list[JsonValue] = [one.entity for one in ends]
            yield _check(aspect, _any(wanted, names), wanted, names)


def _written(workflow: Workflow) -> list[Endpoint]:
    later = [Endpoint(system=one.system, entity=one.entity) for one in workflow.writes]
    return [workflow.target, *later]


def _keys(expected: Expected, plan: Plan) -> Checks:
    if expected.upsert_key is not None:
        found: list[JsonValue] = [
            f"{pair.target} = {pair.source}" for one in plan.workflows for pair in _pairs(one)
        ]
        right = _any(expected.upsert_key, found)
        yield _check("upsert key", right, expected.upsert_key, found)


def _pairs(workflow: Workflow) -> list[KeyPair]:
    return [*workflow.match_on, *(pair for one in workflow.writes for pair in one.match_on)]


def _filters(expected: Expected, plan: Plan) -> Checks:
    if expected.filter is not None:
        found: list[JsonValue] = [
            f"{one.field} {one.op} {one.value}"
            for workflow in plan.workflows
            for one in workflow.filters
        ]
        yield _check("filter", _any(expected.filter, found), expected.filter, found)


def _maps(expected: Expected, plan: Plan) -> Checks:
    mappings = [one for workflow in plan.workflows for one in _mappings(workflow)]
    for source, target in expected.map:
        there = [one for one in mappings if _matches(target, one.target)]
        right = any(_matches(source, path) for one in there for path in _read(one))
        found: list[JsonValue] = [f"{one.source or one.constant} → {one.target}" for one in there]
        yield _check("map", right, f"{source} → {target}", found)


def _mappings(workflow: Workflow) -> list[Mapping]:
    return [*workflow.mappings, *(mapping for one in workflow.writes for mapping in one.mappings)]


def _read(mapping: Mapping) -> list[str]:
    """The source paths of a mapping: its own, and those that its transform takes."""
    args = mapping.transform.args if mapping.transform else {}
    beside = args.get("with", [])
    further = [str(path) for path in beside] if isinstance(beside, list) else [str(beside)]
    named = [one.path for one in placeholders(str(args.get("text", "")))]
    return [*([mapping.source] if mapping.source else []), *further, *named]


def _tenants(expected: Expected, plan: Plan) -> Checks:
    if expected.multi_tenant is not None:
        right = plan.multi_tenant == expected.multi_tenant
        yield _check("multi-tenant", right, expected.multi_tenant, plan.multi_tenant)


def _both_ways(expected: Expected, plan: Plan) -> Checks:
    if expected.bidirectional is not None:
        ways = {(one.source.system, one.target.system) for one in plan.workflows}
        found = any((target, source) in ways for source, target in ways)
        yield _check("both ways", found == expected.bidirectional, expected.bidirectional, found)


def _questions(expected: Expected, plan: Plan) -> Checks:
    if expected.vague:
        high: list[JsonValue] = [one.id for one in plan.questions if one.importance == "high"]
        for wanted in ("direction", "trigger"):
            yield _check("questions", wanted in high, wanted, high)


_READERS: tuple[Callable[[Expected, Plan], Checks], ...] = (
    _scope, _systems, _trigger, _auth, _entities, _keys, _filters, _maps, _tenants, _both_ways,
    _questions,
)  # fmt: skip


def _check(aspect: str, right: bool, expected: JsonValue, found: JsonValue) -> Check:
    return Check(aspect=aspect, right=right, expected=expected, found=found)


def _matches(pattern: str | None, text: str | None) -> bool:
    return pattern is None or re.search(pattern, text or "", re.I) is not None


def _any(pattern: str, texts: Sequence[JsonValue]) -> bool:
    return any(_matches(pattern, str(text)) for text in texts)
