"""What a GraphQL request asks for: the operation that its document is, and its variables."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.catalogue.schema import field_at
from pipeline.simulation.bodies import read_json
from pipeline.simulation.calls import Call, HttpRequest, Outcome
from pipeline.simulation.graphql_documents import Document
from pipeline.simulation.json_paths import put_at, read_at
from pipeline.simulation.pagination import asked_page, with_position
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.searches import Search, read_search
from pipeline.simulation.templates import match_json

_WRITES = ("create", "update", "upsert", "delete", "action")
_MEMBERS = {"query", "variables", "operationName", "extensions"}


class GraphqlApi:
    """The documents that the catalogue knows of one system."""

    def __init__(self, entry: SystemEntry) -> None:
        self._entry = entry
        self._known: dict[str, list[Operation]] = {}
        self.documents: dict[str, Document] = {}
        for operation in entry.operations:
            if operation.graphql is not None:
                document = Document(operation.graphql)
                self.documents[operation.id] = document
                self._known.setdefault(document.normal, []).append(operation)

    def understand(self, request: HttpRequest) -> Call:
        """Refusal of any document that the catalogue does not have, and of wrong variables."""
        source, variables = read_payload(request)
        document = Document(source)
        operations = self._known.get(document.normal)
        if not operations:
            known = ", ".join(sorted(self.documents)[:12])
            raise Refusal("invalid", f"The document is none that is known here. Known: {known}.")
        document.check_variables(variables)
        refusals = []
        for operation in operations:
            try:
                return self._call(operation, variables)
            except Refusal as refusal:
                refusals.append(refusal)
        raise refusals[0]

    def answer(self, call: Call, outcome: Outcome) -> Any:
        """The body, shaped by what the document selects."""
        operation = call.operation
        document = self.documents[operation.id]
        listed = outcome.records is not None
        path = operation.response_path
        if listed:
            path = path.removesuffix("[]")
        content = outcome.records if listed else outcome.record
        shown = document.project(content, document.selected(path), operation.unwrap)
        body = with_position(put_at({}, path, shown), operation.pagination, outcome.next)
        return {**body, "data": document.completed(body.get("data"))}

    def refusal(self, operation: Operation | None, refusal: Refusal) -> Any:
        """The body: errors of a record stand in the data where the API has a place for them."""
        rules = (rule.body_path or "" for rule in self._entry.errors)
        place = next((path for path in rules if path.startswith("data.")), None)
        if operation is None or place is None or not self.documents[operation.id].is_mutation:
            return {"errors": [{"message": str(refusal)}]}
        field = str(refusal).partition(":")[0]
        body = put_at({}, place, {"field": field.split("."), "message": str(refusal)})
        return {"data": self.documents[operation.id].completed(body["data"])}

    def _call(self, operation: Operation, variables: Mapping[str, Any]) -> Call:
        search = Search()
        if operation.query_parameter:
            search = read_search(operation, variables.get(operation.query_parameter))
        bindings = self._bindings(operation, variables)
        record = None
        if operation.action in _WRITES:
            record = self._record(operation, variables, bindings)
        return Call(
            operation,
            {path: value for path, value in bindings.items() if "[" not in path},
            record,
            search.equal,
            search.since,
            {**asked_page(operation.pagination, variables), **search.page},
        )

    def _bindings(self, operation: Operation, variables: Mapping[str, Any]) -> dict[str, Any]:
        if operation.variables is None:
            return {}
        aside = {*asked_names(operation), operation.query_parameter}
        own = {name: value for name, value in variables.items() if name not in aside}
        found = match_json(operation.variables, own)
        if found is None:
            raise Refusal("invalid", f"The variables must be like {operation.variables}.")
        schema = self._schema(operation.entity)
        return {path: _typed(schema, path, value) for path, value in found.items()}

    def _record(
        self, operation: Operation, variables: Mapping[str, Any], bindings: Mapping[str, Any]
    ) -> Any:
        if operation.variables is None:
            record = read_at({"variables": variables}, operation.request_path)
            if not isinstance(record, dict):
                raise Refusal("invalid", f"{operation.request_path}: a required object is missing.")
            return record
        record = {}
        for path, value in bindings.items():
            record = put_at(record, path, value)
        return record

    def _schema(self, entity: str) -> dict[str, Any]:
        found = [each.record_schema for each in self._entry.entities if each.name == entity]
        return found[0] if found else {}


def read_payload(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Document and variables; Refusal where the body is no GraphQL request."""
    body = read_json(request)
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        raise Refusal("invalid", "query: a required GraphQL document is missing.")
    unknown = set(body) - _MEMBERS
    if unknown:
        raise Refusal("invalid", f"{min(unknown)[:80]}: a field that is not known here.")
    variables = body.get("variables") or {}
    if not isinstance(variables, dict):
        raise Refusal("invalid", "variables: must be an object.")
    return body["query"], variables


def asked_names(operation: Operation) -> Iterable[str | None]:
    """Variables that are not the record's: page position and size, idempotency key."""
    kind, _, key = (operation.idempotency_parameter or "").partition(":")
    pagination = operation.pagination
    return pagination.parameter, pagination.size_parameter, key if kind == "variable" else None


def _typed(schema: Mapping[str, Any], path: str, value: Any) -> Any:
    """An id that stood inside a text (`gid://…/{id}`) is a number again, where it is one."""
    field = field_at(schema, path)
    if field is None or field.type != "integer" or not (field.key == "id" or field.reference):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,18}", value) else value
