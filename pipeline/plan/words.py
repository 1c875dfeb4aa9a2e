"""Parts of a plan as people read them: no path that starts with `$`, no hyphens, no codes."""

import re
from typing import TypeGuard

from cron_descriptor import FormatError, Options, get_description

from pipeline.plan.model import Auth, Filter, Mapping, Transform, Trigger, Workflow

_ROOTED = re.compile(r"\$(?P<root>lookup|write|variable)\.(?P<name>[^.\[\]]+)(?:\.(?P<rest>.+))?")
_OPERATORS = {
    "eq": "=", "ne": "≠", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤",
    "in": "is one of", "not-in": "is none of", "contains": "contains",
    "not-contains": "does not contain", "exists": "is there", "missing": "is not there",
    "changed-to": "changed to", "matches": "matches",
}  # fmt: skip
_AUTH = {
    "none": "no credentials",
    "api-key": "API key",
    "basic-auth": "user name and password",
    "oauth2": "OAuth 2.0",
    "hmac": "signing key",
    "certificate": "client certificate",
}
_MODES = {"upsert": "create or update"}
_MISSING = {"create": "create it", "skip": "leave the record out", "fail": "stop with an error"}


def show_path(path: str) -> str:
    """Where a value is: `Id of the customer found` for `$lookup.customer.Id`."""
    rooted = _ROOTED.fullmatch(path)
    if rooted is None:
        return path
    if rooted["root"] == "variable":
        return f"the variable {rooted['name']}"
    name, kind = show_entity(rooted["name"]), rooted["root"]
    record = f"the {name} found" if kind == "lookup" else _written(rooted["name"])
    return f"{rooted['rest']} of {record}" if rooted["rest"] else record


def _written(name: str) -> str:
    """The first write goes by the name `target`."""
    return "the record written" if name == "target" else f"the {show_entity(name)} written"


def show_entity(name: str) -> str:
    """`sales receipt` for `sales-receipt`."""
    return name.replace("-", " ").replace("_", " ")


def show_mode(write_mode: str) -> str:
    """How records are written: `create or update` for `upsert`."""
    return _MODES.get(write_mode, write_mode)


def show_missing(on_missing: str) -> str:
    """What is done where a lookup finds nothing."""
    return _MISSING[on_missing]


def show_auth(auth: Auth) -> str:
    """How one signs in: `OAuth 2.0, authorization code`, `API key`."""
    return _AUTH[auth.type] + (f", {auth.grant.replace('-', ' ')}" if auth.grant else "")


def show_filter(item: Filter) -> str:
    """A filter as people read it: `test = false`."""
    if item.op in ("exists", "missing"):
        return f"{item.field} {_OPERATORS[item.op]}"
    return f"{item.field} {_OPERATORS[item.op]} {show_value(item.value)}"


def show_grouping(workflow: Workflow) -> str:
    """How rows become records: `one record of all with the same order_no`; often nothing."""
    by = workflow.group_by
    return f"one record of all with the same {by}" if by is not None else ""


def show_value(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(show_value(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} → {show_value(item)}" for key, item in value.items())
    return str(value)


def show_source(mapping: Mapping) -> str:
    """Where a mapping's value comes from: a path, a constant, and its transform."""
    if mapping.source is None:
        return f"“{show_value(mapping.constant)}”"
    transform = f" ({show_transform(mapping.transform)})" if mapping.transform else ""
    return show_path(mapping.source) + transform


def show_transform(transform: Transform) -> str:
    """A transform as people read it: `multiply by line_items[].quantity`."""
    if transform.custom is not None:
        return transform.custom.summary or transform.custom.name
    if transform.name == "enum" and "map" in transform.args:
        return show_value(transform.args["map"])
    words = transform.name.replace("_", " ")
    args = [f"{name} {show_value(value)}" for name, value in transform.args.items()]
    return " ".join([words, *args])


def show_mapping(mapping: Mapping) -> tuple[str, str]:
    """Where a value comes from, and what a reader should know of the way: often nothing."""
    source = show_path(mapping.source or f"“{show_value(mapping.constant)}”")
    transform = show_transform(mapping.transform) if is_telling(mapping.transform) else ""
    review = "to review" if mapping.status == "needs-review" else ""
    return source, ", ".join(note for note in (review, mapping.note or transform) if note)


def is_telling(transform: Transform | None) -> TypeGuard[Transform]:
    """Whether a transform changes more than a value's form, which goes without saying."""
    return transform is not None and transform.name not in ("truncate", "to_string", "to_number")


def show_trigger(trigger: Trigger) -> str:
    """When a workflow runs: `webhook orders/create`, `at 02:00, UTC (cron 0 2 * * *)`."""
    cron = f" (cron {trigger.cron})" if trigger.kind == "schedule" else ""
    return show_start(trigger) + cron


def show_start(trigger: Trigger) -> str:
    """The same in fewer words: `webhook orders/create`, `at 02:00, UTC`."""
    if trigger.kind == "schedule":
        return f"{_spoken(trigger.cron or '')}, {trigger.timezone or 'UTC'}"
    if trigger.kind == "webhook":
        return f"webhook {trigger.event}" if trigger.event else "a webhook of your own"
    return "started by hand"


def _spoken(cron: str) -> str:
    """A cron expression in words; as it stands where it is none."""
    options = Options()
    options.use_24hour_time_format = True
    options.locale_code = "en_US"  # whatever the machine's own language
    try:
        words = str(get_description(cron, options))
    except FormatError:
        return f"schedule {cron}"
    return words[:1].lower() + words[1:]
