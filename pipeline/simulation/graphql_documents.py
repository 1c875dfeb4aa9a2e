"""GraphQL documents: recognised whatever their layout, and answers shaped by what they select."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    NonNullTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
    print_ast,
)

from pipeline.simulation.json_paths import steps
from pipeline.simulation.refusals import Refusal

_MAX_TOKENS = 20_000


class Document:
    """One parsed document with one operation."""

    def __init__(self, source: str) -> None:
        """Refusal where the source is no such document."""
        try:
            self._node: DocumentNode = parse(source, no_location=True, max_tokens=_MAX_TOKENS)
        except (GraphQLError, RecursionError) as error:
            detail = error.message if isinstance(error, GraphQLError) else "too deep"
            raise Refusal("invalid", f"The GraphQL document is not valid: {detail}") from error
        kinds = self._node.definitions
        operations = [node for node in kinds if isinstance(node, OperationDefinitionNode)]
        if len(operations) != 1:
            raise Refusal("invalid", "The GraphQL document must have exactly one operation.")
        self._operation = operations[0]
        self._fragments = {
            node.name.value: node for node in kinds if isinstance(node, FragmentDefinitionNode)
        }

    @property
    def normal(self) -> str:
        """The document's text, without layout and comments."""
        return print_ast(self._node)

    @property
    def is_mutation(self) -> bool:
        return self._operation.operation.value == "mutation"

    def check_variables(self, variables: Mapping[str, Any]) -> None:
        """Refusal of variables that are not declared, or missing though they must be given."""
        declared = {node.variable.name.value: node for node in self._declared()}
        for name in variables:
            if name not in declared:
                raise Refusal("invalid", f"The variable ${name[:80]} is not declared.")
        for name, node in declared.items():
            required = isinstance(node.type, NonNullTypeNode) and node.default_value is None
            if required and variables.get(name) is None:
                raise Refusal("invalid", f"The variable ${name}: a required value is missing.")

    def _declared(self) -> Any:
        return self._operation.variable_definitions or ()

    def selected(self, path: str) -> SelectionSetNode | None:
        """What is selected at a path of the answer, which starts at `data`."""
        selection: SelectionSetNode | None = self._operation.selection_set
        for step in steps(path)[1:]:
            if isinstance(step, int):
                continue
            fields = self._fields(selection)
            selection = fields[step].selection_set if step in fields else None
        return selection

    def project(self, value: Any, selection: SelectionSetNode | None, unwrap: list[str]) -> Any:
        """The value with exactly the selected fields, in the wrappers that reading takes off."""
        if selection is None or value is None:
            return value
        fields = self._fields(selection)
        wrapper = next(iter(fields)) if len(fields) == 1 else ""
        if wrapper in unwrap and not (isinstance(value, dict) and wrapper in value):
            return {wrapper: self.project(value, fields[wrapper].selection_set, unwrap)}
        if isinstance(value, list):
            return [self.project(each, selection, unwrap) for each in value]
        if not isinstance(value, dict):
            return value
        return {
            key: self.project(_member(value, key, node), node.selection_set, unwrap)
            for key, node in fields.items()
        }

    def completed(self, data: Any) -> Any:
        """The data with everything else that was selected: empty error lists, nulls."""
        return self._completed(data, self._operation.selection_set)

    def _completed(self, value: Any, selection: SelectionSetNode | None) -> Any:
        if selection is None or not isinstance(value, dict):
            return value
        missing: dict[str, Any] = {
            key: [] if "errors" in key.casefold() else None
            for key in self._fields(selection)
            if key not in value
        }
        fields = self._fields(selection)
        present = {
            key: self._completed(each, fields[key].selection_set if key in fields else None)
            for key, each in value.items()
        }
        return {**present, **missing}

    def _fields(self, selection: SelectionSetNode | None) -> dict[str, FieldNode]:
        return dict(self._walk(selection, 0))

    def _walk(
        self, selection: SelectionSetNode | None, depth: int
    ) -> Iterator[tuple[str, FieldNode]]:
        if selection is None or depth > len(self._fragments) + 1:
            return
        for node in selection.selections:
            if isinstance(node, FieldNode):
                yield (node.alias or node.name).value, node
            elif isinstance(node, FragmentSpreadNode):
                fragment = self._fragments.get(node.name.value)
                yield from self._walk(fragment.selection_set if fragment else None, depth + 1)
            else:
                yield from self._walk(getattr(node, "selection_set", None), depth)


def _member(record: dict[str, Any], key: str, node: FieldNode) -> Any:
    """Records have the answer's names, or the API's own where these differ."""
    return record[key] if key in record else record.get(node.name.value)
