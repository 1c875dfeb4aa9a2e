"""A source as its records are to be seen: with its owner's columns, line by line, or in groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.analysts.offline.grain import read_grain
from pipeline.analysts.offline.lists import arrays
from pipeline.analysts.offline.own_columns import columns_home
from pipeline.analysts.offline.request import Flow
from pipeline.analysts.offline.understand import Understanding
from pipeline.analysts.offline.words import stem
from pipeline.catalogue.schema import fields
from pipeline.catalogue.shape import Schema, flatten
from pipeline.plan.grouping import ROWS, grouped, of_rows
from pipeline.plan.model import KeyPair, Lookup, Mapping, Workflow
from pipeline.plan.paths import parse
from pipeline.plan.regrouping import into_lines, moved

_PAIR = re.compile(r"\b(?:to|as|into)\b|→", re.I)


@dataclass(frozen=True)
class View:
    """`schema` is what is matched, `whole` what the record is; `move` leads from one to the other.

    Lines of a target are made of rows, whether the text says so of each field or not.
    """

    schema: Schema
    whole: Schema
    each: str | None = None
    group_by: str | None = None
    move: Callable[[str], str] = str

    def applied(self, workflow: Workflow) -> Workflow:
        """The workflow that was planned by the view, as one of the whole record."""
        mappings = workflow.mappings
        if self.group_by is not None:
            made = {one.target: into_lines(one) for one in mappings}  # what is said comes last
            mappings = _heads(list(made.values()))
        return workflow.model_copy(
            update={
                "each": self.each,
                "group_by": self.group_by,
                "mappings": [moved(one, self.move) for one in mappings],
                "lookups": [self._lookup(one) for one in workflow.lookups],
                "match_on": self._keys(workflow.match_on),
            }
        )

    def _lookup(self, lookup: Lookup) -> Lookup:
        mappings = [moved(one, self.move) for one in lookup.mappings]
        return lookup.model_copy(update={"by": self._keys(lookup.by), "mappings": mappings})

    def _keys(self, pairs: Sequence[KeyPair]) -> list[KeyPair]:
        return [one.model_copy(update={"source": self.move(one.source)}) for one in pairs]


def view_of(request: Understanding, flow: Flow, source: Schema, target: Schema) -> View:
    """How the text wants the source's records to be seen."""
    source = with_columns(_columns(request), source)
    nouns = [flow.source_entity, *flow.source_entity.split("-")]
    grain = read_grain(request.text, source, nouns, target)
    if grain.each is not None:
        return _element_view(source, grain.each, flow.source_entity.replace("-", "_"))
    if grain.group_by is not None and flow.trigger.kind != "webhook":
        whole = grouped(with_columns([grain.group_by.rpartition(".")[2]], source))
        return View(whole, whole, group_by=grain.group_by)
    return View(source, source)


def _columns(request: Understanding) -> list[str]:
    """Every field that the text names: of a source without names of its own they are columns."""
    named = [one.words for one in request.columns if not _PAIR.search(one.words)]
    mapped = [one.source for one in request.pairs if not one.constant]
    named += [one for one in mapped if not _PAIR.search(one)]
    return [*named, request.writing.key] if request.writing.key else named


def with_columns(said: Sequence[str], source: Schema) -> Schema:
    """The schema with these columns, where the source has columns of its owner's."""
    home = columns_home(source)
    if home is None:
        return source
    return _added(source, home.split(".") if home else [], list(dict.fromkeys(said)))


def _added(schema: Schema, path: list[str], names: list[str]) -> Schema:
    known = schema.get("properties", {})
    if path:
        inner = _added(known.get(path[0], {}), path[1:], names)
        return {**schema, "properties": {**known, path[0]: inner}}
    taken = {stem(name) for name in known}
    added = {name: {"type": "string"} for name in names if stem(name) and stem(name) not in taken}
    return {**schema, "properties": {**known, **added}}


def _element_view(source: Schema, each: str, entity: str) -> View:
    """An element's fields, with the record that it belongs to beside them, and that one's id."""
    items = next(one.items for one in arrays(source) if one.path == each)
    own = items.get("properties", {})
    parent = entity if entity not in own else f"{entity}_record"
    outer = flatten(source, source)
    beside = {name: node for name, node in outer.get("properties", {}).items()
              if f"{name}[]" != each}  # fmt: skip
    id_path = next((one.path for one in fields(source) if one.key == "id"), None)
    alias = f"{entity}_id"
    extra = (
        {alias: {"type": "string", "x-weft-key": "natural"}} if id_path and alias not in own else {}
    )
    record = {**outer, "properties": beside}
    schema = {**source, **items, "properties": {**own, **extra, parent: record}}

    def move(path: str) -> str:
        steps = parse(path)
        if steps.root != "record":
            return path
        if steps.steps[0].name == parent and len(steps.steps) > 1:
            return path.partition(".")[2]
        return id_path if id_path and path == alias and extra else f"{each}.{path}"

    return View(schema, source, each=each, move=move)


def _heads(mappings: Sequence[Mapping]) -> list[Mapping]:
    """Without fields of the head that say of the first row what each line says of its own."""
    in_lines = {of_rows(one.source or "") for one in mappings if (one.each or "").startswith(ROWS)}
    return [
        one for one in mappings
        if "[]" in one.target or one.status == "confirmed" or one.source not in in_lines
    ]  # fmt: skip
