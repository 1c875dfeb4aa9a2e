"""The part of a record that a GraphQL document asks for: nothing else comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

from graphql import FieldNode, OperationDefinitionNode, SelectionSetNode, parse

from pipeline.catalogue.operation import Operation
from pipeline.catalogue.shape import Schema, flatten

Tree: TypeAlias = Mapping[str, "Tree"]  # name in the answer -> what is asked for inside it


def selected(schema: Schema, operation: Operation) -> Schema:
    """The schema of what the operation gives; the whole one where it is no GraphQL."""
    if operation.graphql is None:
        return schema
    path = operation.pagination.items_path or operation.response_path
    return {**schema, **_pruned(schema, schema, _tree(operation.graphql, path), operation.unwrap)}


@cache
def _tree(document: str, path: str) -> Tree:
    """What is asked for at a path of the answer, which starts at `data`."""
    definitions = parse(document, no_location=True).definitions
    operation = next(one for one in definitions if isinstance(one, OperationDefinitionNode))
    tree = _members(operation.selection_set)
    for step in path.replace("[]", "").split(".")[1:]:
        tree = tree.get(step, {})
    return tree


def _members(selection: SelectionSetNode | None) -> Tree:
    fields = selection.selections if selection else ()
    return {
        (one.alias or one.name).value: _members(one.selection_set)
        for one in fields
        if isinstance(one, FieldNode)
    }


def _pruned(schema: Schema, root: Schema, tree: Tree, wrappers: Sequence[str]) -> Schema:
    node = flatten(schema, root)
    known = node.get("properties", {})
    while len(tree) == 1 and (only := next(iter(tree))) in wrappers and only not in known:
        tree = tree[only]
    if not tree:
        return node
    if "items" in node:
        return {**node, "items": _pruned(node["items"], root, tree, wrappers)}
    kept = {
        name: _pruned(child, root, tree[name], wrappers)
        for name, child in known.items()
        if name in tree
    }
    return {**node, "properties": kept}
