"""What a person will have set before the first run, as the dry run has it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import node_at
from pipeline.plan.model import KeyPair, Plan, Variable
from pipeline.plan.model import Mapping as FieldMapping
from pipeline.simulation.samples import sample

Place = tuple[str, str, str]  # system, entity, path of the field
_ROOT = "$variable."


def settings(plan: Plan, entries: Mapping[str, SystemEntry]) -> dict[str, Any]:
    """Each variable's default; where only a person can know it, a sample of what fits."""
    filled = dict(_filled(plan))
    return {one.name: _setting(one, filled.get(one.name), entries) for one in plan.variables}


def _setting(variable: Variable, place: Place | None, entries: Mapping[str, SystemEntry]) -> Any:
    if variable.default not in (None, ""):
        return variable.default
    if variable.type != "string":
        return {"number": 1, "boolean": True}[variable.type]
    return _text(place, entries) or f"the {variable.name}"


def _text(place: Place | None, entries: Mapping[str, SystemEntry]) -> str | None:
    """A text that its field can take, where not any text is one; plain texts are as good."""
    if place is None or place[0] not in entries:
        return None
    system, entity, path = place
    found = node_at(entries[system].entity(entity).record_schema, path)
    node = found[0] if found else {}
    is_any = node.get("type", "string") == "string" and not (node.get("format") or "enum" in node)
    if is_any or node.get("type") in ("object", "array"):
        return None
    name = path.replace("[]", "").rpartition(".")[2]
    return str(sample({"type": "object", "properties": {name: node}})[name])


def _filled(plan: Plan) -> Iterator[tuple[str, Place]]:
    """The fields that variables fill or are compared with."""
    for system, entity, mappings, keys in _parts(plan):
        sources = [(one.source or "", one.target) for one in mappings]
        for source, target in [*sources, *((key.source, key.target) for key in keys)]:
            if source.startswith(_ROOT):
                yield source.removeprefix(_ROOT), (system, entity, target)


def _parts(plan: Plan) -> Iterator[tuple[str, str, list[FieldMapping], list[KeyPair]]]:
    for workflow in plan.workflows:
        end = workflow.target
        yield end.system, end.entity, workflow.mappings, workflow.match_on
        for lookup in workflow.lookups:
            yield lookup.system, lookup.entity, lookup.mappings, lookup.by
        for write in workflow.writes:
            yield write.system, write.entity, write.mappings, write.match_on
