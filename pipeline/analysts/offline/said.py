"""What a text itself names of one record: columns, what a message shows, places, maps."""

from __future__ import annotations

from pipeline.analysts.offline.freeform import columns, message
from pipeline.analysts.offline.naming import resolve, says
from pipeline.analysts.offline.placing import constants
from pipeline.analysts.offline.telling import heading
from pipeline.analysts.offline.understand import Understanding
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.mapping.transforms import choose
from pipeline.plan.model import Mapping, Workflow
from pipeline.plan.paths import array_of
from pipeline.plan.schemas import free_objects

_MEANT = 0.4  # how alike a field must be to words that are said to map it
_NAMED = 0.85  # and to words that may be about something else


def named(
    mappings: list[Mapping], workflow: Workflow, entity: str, source: Schema, target: Schema,
    request: Understanding,
) -> list[Mapping]:  # fmt: skip
    """The mappings of a record, with what the text names before what was matched."""
    head = heading(workflow, request.mention(workflow.source.system).entry)
    announced = says(entity) and not says(workflow.source.entity)
    given = [
        *columns(request.columns, source, target),
        *message(request.columns, head, announced, source, target, mappings),
        *constants(request.places, target),
    ]
    by_target = {(one.target, one.each): one for one in [*mappings, *given]}
    return _with_pairs(list(by_target.values()), source, target, request)


def _with_pairs(
    mappings: list[Mapping], source: Schema, target: Schema, request: Understanding
) -> list[Mapping]:
    """What the text maps by name comes before what was matched."""
    result = {(one.target, one.each): one for one in mappings}
    for pair in request.pairs:
        least = _NAMED if pair.tentative else _MEANT
        into = _free_field(pair.target, target) or resolve(pair.target, target, least)
        if into is None or into.read_only:
            continue
        if pair.constant:
            result[into.path, None] = Mapping(
                target=into.path, constant=pair.source, status="confirmed"
            )
            continue
        origin = resolve(pair.source, source, least)
        if origin is None or (into.type == "boolean" and origin.type == "string"):
            continue
        # A list that gets one value of the record has one element, made of the record itself.
        each = (array_of(origin.path) or "") if "[]" in into.path else None
        result[into.path, each] = Mapping(
            target=into.path, source=origin.path, transform=choose(origin, into),
            status="confirmed", each=each,
        )  # fmt: skip
    return list(result.values())


def _free_field(path: str, target: Schema) -> FieldInfo | None:
    """A field of one's own, named by its path into an object that takes any: `metadata.order`."""
    above = path.rpartition(".")[0]
    if not above or above not in free_objects(target):
        return None
    return (
        None if path in [one.path for one in fields(target)] else FieldInfo(path=path, type="any")
    )
