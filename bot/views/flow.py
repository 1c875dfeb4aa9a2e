"""A picture of what a plan's workflows do, from what starts them down to what they write."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypedDict

import typst

from pipeline.plan.model import KeyPair, Lookup, Plan, Workflow, Write
from pipeline.plan.outline import system_name
from pipeline.plan.words import (
    show_entity,
    show_filter,
    show_missing,
    show_mode,
    show_path,
    show_start,
)

MOST_WORKFLOWS = 4  # of one picture; more could not be read in a thread
_LONGEST_LINE, _MOST_LINES = 160, 12
_PIXELS_PER_INCH = 216.0  # three pixels a point: 1,080 wide, sharp on every screen
_DRAWING = Path(__file__).with_name("flow.typ").read_bytes()


Kind = Literal["start", "filter", "find", "write"]


class Card(TypedDict):
    kind: Kind
    label: str
    title: str
    lines: list[str]


class Flow(TypedDict):
    title: str
    steps: list[Card]
    note: str


def picture(plan: Plan) -> bytes:
    """A PNG, 1,080 pixels wide; empty where the plan has no workflows."""
    if not plan.workflows:
        return b""
    return _drawn(json.dumps(flows(plan)))


def flow_words(plan: Plan) -> str:
    """What the picture shows, for people who can't see it."""
    return " ".join(
        (f"{flow['title']}: " if flow["title"] else "")
        + ", then ".join(f"{step['label']} {step['title']}".strip() for step in flow["steps"])
        + "."
        for flow in flows(plan)
    )


def flows(plan: Plan) -> list[Flow]:
    """The picture's content: a column of cards for each workflow."""
    shown = [_flow(plan, workflow) for workflow in plan.workflows[:MOST_WORKFLOWS]]
    rest = len(plan.workflows) - len(shown)
    if rest > 0:
        shown[-1]["note"] = f"{rest} more workflows in the document."
    return shown


def _flow(plan: Plan, workflow: Workflow) -> Flow:
    title = workflow.name.replace("-", " ") if len(plan.workflows) > 1 else ""
    mirrors = [one for one in plan.workflows if one.sync_group == workflow.sync_group]
    conflict = (workflow.conflict or "").replace("-", " ")
    ends = conflict and workflow is mirrors[-1]  # both ways share the rule: it is said once
    note = f"Where both sides changed: {conflict}" if ends else ""
    return {"title": title, "steps": list(_cards(plan, workflow)), "note": note}


def _cards(plan: Plan, workflow: Workflow) -> Iterator[Card]:
    source = workflow.source
    yield _card(
        "start",
        f"From {system_name(plan, source.system)}",
        source.entity,
        [show_start(workflow.trigger)],
    )
    if workflow.filters:
        yield _card("filter", "Only where", "", [show_filter(one) for one in workflow.filters])
    if workflow.group_by is not None:
        yield _card("filter", "One of all rows with the same", workflow.group_by, [])
    for lookup in workflow.lookups:
        yield _card(
            "find", f"Find in {system_name(plan, lookup.system)}", lookup.entity, _found(lookup)
        )
    first = Write(
        id="",
        system=workflow.target.system,
        entity=workflow.target.entity,
        write_mode=workflow.write_mode,
        match_on=workflow.match_on,
        each=workflow.each,
        mappings=workflow.mappings,
    )
    for write in (first, *workflow.writes):
        yield _card("write", f"To {system_name(plan, write.system)}", write.entity, _written(write))


def _card(kind: Kind, label: str, title: str, lines: list[str]) -> Card:
    """Clipped, as a text of any length must not make a picture of any length."""
    short = [_clip(line) for line in lines[:_MOST_LINES]]
    more = [f"and {len(lines) - _MOST_LINES} more"] * (len(lines) > _MOST_LINES)
    return {
        "kind": kind,
        "label": _clip(label),
        "title": _clip(show_entity(title)),
        "lines": short + more,
    }


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"


def _found(lookup: Lookup) -> list[str]:
    return [*_keys(lookup.by), f"if missing: {show_missing(lookup.on_missing)}"]


def _written(write: Write) -> list[str]:
    count = len(write.mappings)
    lines = [f"{show_mode(write.write_mode)}, {count} {'field' if count == 1 else 'fields'}"]
    if write.each:
        lines.append(f"one for each of {write.each.removesuffix('[]')}")
    if write.when:
        lines.append(f"only where {show_filter(write.when)}")
    return lines + [f"same record: {line}" for line in _keys(write.match_on)]


def _keys(pairs: list[KeyPair]) -> list[str]:
    return [f"{pair.target} = {show_path(pair.source)}" for pair in pairs]


@lru_cache(maxsize=16)  # a plan is drawn again whenever its message is edited
def _drawn(content: str) -> bytes:
    return typst.compile(
        _DRAWING, format="png", ppi=_PIXELS_PER_INCH, sys_inputs={"flows": content}
    )
