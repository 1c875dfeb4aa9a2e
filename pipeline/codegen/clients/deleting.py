"""Methods that delete one record; one that is gone already is as it should be."""

from dataclasses import dataclass

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.codegen.clients.method import (
    Method,
    address,
    headers_of,
    members,
    placeholders,
    text_of,
)
from pipeline.codegen.clients.statements import search_statement
from pipeline.codegen.literals import literal
from pipeline.codegen.names import camel, indefinite, pascal
from pipeline.plan.model import KeyPair


@dataclass(frozen=True)
class Deleting:
    """An operation that deletes, and by which fields of the record it is called."""

    entry: SystemEntry
    found: Operation
    match_on: tuple[KeyPair, ...]

    @property
    def name(self) -> str:
        return f"delete{pascal(self.found.entity)}"

    @property
    def needed(self) -> list[str]:
        """Fields without which it cannot be called; a statement takes what is matched on."""
        if self.found.sql is not None:
            return [pair.target for pair in self.match_on]
        config = {item.name for item in self.entry.config}
        in_path = [one for one in placeholders(self.found.path) if one not in config]
        return list(dict.fromkeys([*in_path, *self.found.required]))

    def method(self) -> Method:
        taken = ", ".join(f"{camel(one)}: string" for one in self.needed)
        return Method(
            name=self.name,
            comment=f"Deletes {indefinite(self.found.entity)}, unless it is gone.",
            arguments=taken,
            returns="Promise<void>",
            body=f"await unlessMissing(this.api.send({members(self._request())}));",
        )

    def _request(self) -> dict[str, str]:
        found, values = self.found, {one: camel(one) for one in self.needed}
        request = {
            "method": literal(found.method),
            "path": address(self.entry, found.path, values),
        }
        if found.query:
            request["query"] = members(
                {one: text_of(self.entry, text, {}) for one, text in found.query.items()}
            )
        if headers := headers_of(self.entry, found):
            request["headers"] = members(headers)
        if body := self._body(values):
            request["body"] = body
        # What is posted may be refused when it is sent again: the next run looks first.
        is_repeatable = found.method == "DELETE" or found.sql is not None
        return {**request, "repeatable": literal(is_repeatable)}

    def _body(self, values: dict[str, str]) -> str:
        if self.found.sql is not None:
            [(column, value)] = values.items()
            return search_statement(self.entry, self.found, column, value)
        named = placeholders(self.found.path)
        sent = {one: value for one, value in values.items() if one not in named}
        return members(sent) if sent else ""
