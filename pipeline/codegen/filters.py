"""Filters as TypeScript: each gives the reason why a record is left out."""

from dataclasses import dataclass

from pipeline.codegen.expressions import Scope, Used
from pipeline.codegen.literals import literal
from pipeline.plan.model import Filter

_WORDS = {
    "eq": "is not {0}", "ne": "is {0}", "in": "is none of {0}", "not-in": "is one of {0}",
    "contains": "does not contain {0}", "not-contains": "contains {0}",
    "gt": "is not above {0}", "gte": "is below {0}", "lt": "is not below {0}",
    "lte": "is above {0}", "exists": "is missing", "missing": "is there",
    "changed-to": "is not {0}", "matches": "does not match {0}",
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """`excludes` is an expression that is true for a record to be left out, for `reason`."""

    excludes: str
    reason: str
    used: Used


def condition(one: Filter, scope: Scope) -> Condition:
    own = scope.afresh()
    listed = own.values(one.field)
    value = "value" if listed else own.value(one.field)
    holds, negated = _test(one, value)
    if listed:
        excludes = f"{'' if negated else '!'}{listed}.some((value) => {holds})"
    else:
        excludes = holds if negated else _not(holds)
    shown = one.value if isinstance(one.value, str) else literal(one.value)
    reason = f"{one.field} {_WORDS[one.op].format(shown)}"
    return Condition(excludes, reason, own.used)


def _test(one: Filter, value: str) -> tuple[str, bool]:
    """An expression, and whether a record for which it is true is left out."""
    wanted = literal(one.value)
    if isinstance(one.value, bool) and one.op in ("eq", "ne", "changed-to"):
        return f"{value} === true", one.value == (one.op == "ne")  # a flag that is not set is false
    match one.op:
        case "eq" | "ne" | "changed-to":
            return f"{value} === {wanted}", one.op == "ne"
        case "in" | "not-in":
            return f'{wanted}.includes({value} ?? "")', one.op == "not-in"
        case "contains" | "not-contains":
            contained = (
                f'String({value} ?? "").toLowerCase().includes({literal(str(one.value).lower())})'
            )
            return contained, one.op == "not-contains"
        case "exists" | "missing":
            return f'({value} ?? "") !== ""', one.op == "missing"
        case "matches":
            return f'new RegExp({wanted}).test(String({value} ?? ""))', False
    sign = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}[one.op]
    compared = f"Number({value} ?? NaN)" if not isinstance(one.bound, str) else f'({value} ?? "")'
    return f"{compared} {sign} {literal(one.bound)}", False


def _not(test: str) -> str:
    if " === " in test:
        return test.replace(" === ", " !== ")
    return test.replace(" !== ", " === ") if " !== " in test else f"!({test})"
