"""Mappings of a flow that carries one figure over: the figure, and what tells the records."""

from pipeline.analysts.offline.matching import shared_key
from pipeline.analysts.offline.references import References
from pipeline.analysts.offline.request import Aspect
from pipeline.analysts.offline.sides import Side
from pipeline.catalogue.shape import Schema
from pipeline.mapping.transforms import choose
from pipeline.plan.model import KeyPair, Mapping


def one_figure(
    aspect: Aspect, source: Schema, target: Schema, required: list[str], references: References
) -> tuple[list[Mapping], list[KeyPair]]:
    """Only the figure and what the call requires, matched on the keys that both sides have."""
    whole, into = Side(source), Side(target)
    origin = next(one for one in whole.fields() if one.path == aspect.source)
    goal = next(one for one in into.fields() if one.path == aspect.target)
    references.same_thing = True
    referred = [one for one in references.fill(whole, into, required) if one.target in required]
    figure = Mapping(target=goal.path, source=origin.path, transform=choose(origin, goal),
                     confidence=0.95)  # fmt: skip
    keys = [KeyPair(target=one.target, source=one.source) for one in referred if one.source]
    return [*referred, figure], keys or shared_key(source, target)
