"""Models of one's own for the loopback Messages API: one that agrees, and ways to change it."""

import json
import re
from collections.abc import Callable
from typing import Any

from tests.anthropic_double import Reply, Script, said, says
from tests.messages_rules import Body, wants

Rule = Callable[[Body], Reply | None]


def agreeable(*rules: Rule) -> Script:
    """A model that keeps the starting point; rules come first, and None leaves it to the next."""

    def answer(body: Body) -> Reply:
        for rule in rules:
            reply = rule(body)
            if reply is not None:
                return reply
        return says(_AGREES[wants(body)](body)) if wants(body) else says("Done.")

    return answer


def when(title: str, value: object) -> Rule:
    """Gives this result whenever a result of that title is asked for."""
    return lambda body: says(value) if wants(body) == title else None


def in_turn(*replies: Reply) -> Rule:
    """These replies first, one each; after them it has nothing to say."""
    left = list(replies)
    return lambda body: left.pop(0) if left else None


def material(body: Body, kind: str) -> str:
    """What stands in the first fence of that kind."""
    whole = "\n".join(one["content"] for one in body["messages"] if isinstance(one["content"], str))
    found = re.search(rf'<material kind="{kind}"[^>]*>\n(.*?)\n</material>', whole, re.S)
    assert found is not None, f"no {kind} in {said(body)[:500]}"
    return found[1]


def plan_of(body: Body) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(material(body, "plan"))
    return content


def _systems(body: Body) -> Body:
    return {
        "systems": [
            {"name": one["name"], "display_name": one["name"].title(), "role": one["role"],
             "auth_type": one["auth"], "grant": one["grant"] or "", "base_url": "",
             "each_user_connects": False, "reason": ""}
            for one in plan_of(body)["systems"]
        ]
    }  # fmt: skip


def _workflows(body: Body) -> Body:
    plan = plan_of(body)
    workflows = plan.get("workflows", [])
    filters = [
        {"workflow": number, "field": item["field"], "operator": item["op"],
         "value": json.dumps(item.get("value"))}
        for number, one in enumerate(workflows, 1)
        for item in one.get("filters", [])
    ]  # fmt: skip
    return {"title": plan["title"], "summary": "", "workflows": list(map(_workflow, workflows)),
            "filters": filters, "questions": []}  # fmt: skip


def _workflow(one: Body) -> Body:
    match = one.get("match_on", [{"target": "", "source": ""}])[0]
    return {
        "source_system": one["source"]["system"], "source_entity": one["source"]["entity"],
        "target_system": one["target"]["system"], "target_entity": one["target"]["entity"],
        "trigger": one["trigger"]["kind"], "event": one["trigger"].get("event", ""),
        "cron": one["trigger"].get("cron", ""), "timezone": one["trigger"].get("timezone", ""),
        "write_mode": one.get("write_mode", "create"), "match_target": match["target"],
        "match_source": match["source"], "trigger_was_said": True, "reason": "",
    }  # fmt: skip


_AGREES: dict[str, Callable[[Body], object]] = {
    "ScopeResult": lambda body: {"in_scope": True, "reason": "It moves data.", "alternatives": []},
    "SystemsResult": _systems,
    "WorkflowsResult": _workflows,
    "MappingsResult": lambda body: {"mappings": [], "dropped": [], "questions": []},
    "Reading": lambda body: {"restated": "You ask for something.", "kind": "question"},
    "ChangeResult": lambda body: {"not_done": ""},
    "AnswerResult": lambda body: {"answer": "The plan does not say it."},
    "RepairResult": lambda body: {"not_mended": ""},
}
