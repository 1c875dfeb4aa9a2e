"""Which paths a workflow reads."""

from pipeline.mapping.placeholders import placeholders
from pipeline.mapping.transforms import spec_of
from pipeline.plan.model import Mapping, Workflow
from pipeline.plan.paths import parse


def all_sources(workflow: Workflow) -> list[str]:
    """Every path that the workflow's mappings and lookups read."""
    mappings = [
        *workflow.mappings,
        *(one for lookup in workflow.lookups for one in lookup.mappings),
    ]
    mappings += [one for write in workflow.writes for one in write.mappings]
    paths = [mapping.source for mapping in mappings if mapping.source]
    paths += [mapping.each for mapping in mappings if mapping.each]
    for mapping in mappings:
        paths += argument_paths(mapping)
    paths += [pair.source for lookup in workflow.lookups for pair in lookup.by]
    paths += [pair.source for pair in workflow.match_on]
    for write in workflow.writes:
        paths += [pair.source for pair in write.match_on]
        paths += [write.when.field] if write.when else []
    return paths


def source_paths(workflow: Workflow) -> list[str]:
    """Those of them, and of the filters, that start at the source record."""
    paths = [*all_sources(workflow), *(one.field for one in workflow.filters)]
    return [path for path in dict.fromkeys(paths) if parse(path).root == "record"]


def argument_paths(mapping: Mapping) -> list[str]:
    """The paths that its transform reads beside its source."""
    if mapping.transform is None:
        return []
    spec = spec_of(mapping.transform)
    found: list[str] = []
    for argument in spec.arguments:
        value = mapping.transform.args.get(argument.name)
        if argument.kind == "path" and value:
            found.append(str(value))
        elif argument.kind == "paths" and isinstance(value, list):
            found += map(str, value)
        elif argument.kind == "template":
            found += [one.path for one in placeholders(str(value)) if one.path != "value"]
    return found
