"""Methods that write one record, in whatever form the API takes it."""

from dataclasses import dataclass, field

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.codegen.clients.graphql import variables
from pipeline.codegen.clients.method import (
    Method,
    address,
    document_of,
    headers_of,
    members,
    placeholders,
    reading,
    send,
    steps,
    text_of,
)
from pipeline.codegen.clients.statements import statement
from pipeline.codegen.literals import literal
from pipeline.codegen.names import indefinite, key, member, pascal, variable
from pipeline.codegen.types import Interface
from pipeline.plan.model import KeyPair

_FORM = "application/x-www-form-urlencoded"
_VERBS = {"create": "Creates", "update": "Changes", "upsert": "Creates or changes"}


@dataclass(frozen=True)
class Writing:
    """One operation that writes an entity: what of it the record says, and how it is called.

    With `current`, the record that was found says which one is changed.
    """

    entry: SystemEntry
    found: Operation
    record_type: Interface
    result_type: Interface
    match_on: list[KeyPair] = field(default_factory=list)
    current: bool = False

    @property
    def name(self) -> str:
        action = "set" if self.found.action == "update" and not self.current else self.found.action
        return f"{action}{pascal(self.found.entity)}"

    @property
    def has_key(self) -> bool:
        return self.found.idempotency_parameter is not None

    @property
    def is_repeatable(self) -> bool:
        """Whether sending it twice has the effect of sending it once."""
        makes = self.found.action in ("create", "action") and self.found.method != "PUT"
        return self.found.effect in ("idempotency-key", "repeatable") and (
            not makes or self.has_key
        )

    @property
    def in_path(self) -> list[str]:
        """Fields of the record that stand in the path."""
        config = {item.name for item in self.entry.config}
        return [one for one in placeholders(self.found.path) if one not in config]

    @property
    def needed(self) -> list[str]:
        """Fields without which the operation cannot be called."""
        return list(dict.fromkeys([*self.found.required, *self.in_path]))

    def method(self) -> Method:
        """The method, once everything that is written is known."""
        type_, name = self.result_type.name, variable(self.found.entity)
        current = [f"current: {type_}"] if self.current else []
        keys = ["key: string"] if self.has_key else []
        parameter = f"{self._destructured(name)}: {self.record_type.name}"
        lead = f"const whole = {{ ...current, ...{name} }};\n" if self._is_merged else ""
        listed = reading(self.found, type_)
        instead = "current" if self.current else "{}"
        certain = self.answers_always or self.current
        return Method(
            name=self.name,
            comment=self._comment(),
            arguments=", ".join([*current, parameter, *keys]),
            returns=f"Promise<{type_ if certain else f'Partial<{type_}>'}>",
            body=f"{lead}const answer = {send(self._request(name))};\n"
            f"return {f'first({listed})' if self.answers_always else f'{listed}[0] ?? {instead}'};",
            document=document_of(self.found),
        )

    @property
    def answers_always(self) -> bool:
        """Whether the API gives back what it made; after a change it need not."""
        rows = self.found.record_as == "values" or self.found.sql is not None
        return self.found.action == "create" and not rows

    @property
    def _is_merged(self) -> bool:
        """Whether the request is made of what was found and what changes, put together."""
        return self.current and self.found.variables is not None

    def _destructured(self, name: str) -> str:
        """The parameter; what stands in the path is taken out of what is sent."""
        taken = [] if self.current or self._is_statement else self.in_path
        if not taken:
            return name
        listed = [one if one == variable(one) else f"{key(one)}: {variable(one)}" for one in taken]
        return f"{{ {', '.join(listed)}, ...{name} }}"

    def _request(self, name: str) -> dict[str, str]:
        owner = "current" if self.current else ""
        values = {
            one: f"String({member(owner, one, False) if owner else variable(one)})"
            for one in self.in_path
        }
        query = {one: text_of(self.entry, text, {}) for one, text in self.found.query.items()}
        headers = headers_of(self.entry, self.found)
        place, _, parameter = (self.found.idempotency_parameter or "").partition(":")
        if parameter and place != "variable":
            (query if place == "query" else headers)[parameter] = "key"
        request = {
            "method": literal(self.found.method),
            "path": address(self.entry, self.found.path, values),
        }
        if query:
            request["query"] = members(query)
        if headers:
            request["headers"] = members(headers)
        request["form" if self._is_form else "body"] = self._body(name)
        return {**request, "repeatable": literal(self.is_repeatable)}

    @property
    def _is_form(self) -> bool:
        return any(value.startswith(_FORM) for value in self.found.headers.values())

    @property
    def _is_statement(self) -> bool:
        return self.found.sql is not None

    def _body(self, name: str) -> str:
        if self.found.sql is not None:
            return statement(self.entry, self.found, name, self.record_type, self.match_on)
        if self.found.graphql is not None:
            return self._graphql(name)
        body = _within(steps(self.found.request_path), self._record(name))
        if self.found.match_path is None:
            return body
        names = [pair.target.rpartition(".")[2] for pair in self.match_on]
        matched = _within(steps(self.found.match_path), literal(names))
        return f"{{ ...{matched}, ...{body} }}"

    def _record(self, name: str) -> str:
        """The record as it is sent, with what the operation wants beside its fields."""
        if self.found.record_as == "values":
            columns = list(self.record_type.paths)
            cells = [f'{member(name, one, False)} ?? ""' for one in columns]
            return f"[{', '.join(cells)}]"
        if self.found.record_as == "mime":
            return f"encodedEmail({name})"
        parts = ["...current"] if self.current and self.found.replaces else []
        constants = [f"{key(one)}: {literal(value)}" for one, value in self.found.body.items()]
        kept = []
        if self.current:
            kept = [
                f"{key(one)}: {member('current', one, False)}"
                for one in self.found.required
                if one not in self.in_path
            ]
        kept += [f"{key(one)}: {variable(one)}" for one in self._repeated]
        if not parts and not constants and not kept:
            return name
        return f"{{ {', '.join([*parts, *constants, f'...{name}', *kept])} }}"

    @property
    def _repeated(self) -> list[str]:
        """Fields in the path that a record which is put there has to hold too."""
        if self.current or self.found.action == "create":
            return []
        schema = self.record_type.schema
        return [one for one in self.in_path if one in schema.get("required", [])]

    def _graphql(self, name: str) -> str:
        document = document_of(self.found)
        assert document is not None
        place, _, parameter = (self.found.idempotency_parameter or "").partition(":")
        known = {**self.record_type.paths, **(self.result_type.paths if self.current else {})}
        if self.found.variables is None:
            made = name
            for step in reversed(steps(self.found.request_path)[1:]):
                made = f"{{ {key(step)}: {made} }}"
        else:
            owner = "whole" if self._is_merged else name
            shape = self.found.variables
            made = variables(shape, owner, lambda path: _is_known(path, known)) or "{}"
            made = f"withValues({made})"
        if place == "variable":
            made = f"{{ ...{made}, {parameter}: key }}"
        return f"{{ query: {document[0]}, variables: {made} }}"

    def _comment(self) -> str:
        first = f"{_VERBS.get(self.found.action, 'Writes')} {indefinite(self.found.entity)}"
        if self.has_key:
            return f"{first}; with a key that was sent before, it gives what that call made."
        return f"{first}."


def _within(path: list[str], body: str) -> str:
    """The body, where a path of the request has it."""
    for step in reversed(path):
        body = f"[{body}]" if step == "[]" else f"{{ {key(step)}: {body} }}"
    return body


def _is_known(path: str, known: dict[str, None]) -> bool:
    return any(one == path or one.startswith((f"{path}.", f"{path}[]")) for one in known)
