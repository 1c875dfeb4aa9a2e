"""Names of the plan as people read them: no path that starts with `$`, no hyphens, no codes."""

import re

_ROOTED = re.compile(r"\$(?P<root>lookup|write|variable)\.(?P<name>[^.\[\]]+)(?:\.(?P<rest>.+))?")
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
    record = f"the {name} found" if kind == "lookup" else f"the record written ({name})"
    return f"{rooted['rest']} of {record}" if rooted["rest"] else record


def show_entity(name: str) -> str:
    """`sales receipt` for `sales-receipt`."""
    return name.replace("-", " ").replace("_", " ")


def show_mode(write_mode: str) -> str:
    """How records are written: `create or update` for `upsert`."""
    return _MODES.get(write_mode, write_mode)


def show_missing(on_missing: str) -> str:
    """What is done where a lookup finds nothing."""
    return _MISSING[on_missing]
