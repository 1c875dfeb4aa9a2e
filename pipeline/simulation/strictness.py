"""A record held strictly against its schema and against the other records."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match, relevance
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from pipeline.simulation.refusals import Refusal

Exists = Callable[[str, str, Any], bool]
Errors = Iterator[ValidationError]
_MAX_SHOWN = 80


class BodyChecker:
    """Checks bodies of one schema; `exists(entity, field, value)` knows the other records."""

    def __init__(self, schema: Mapping[str, Any], exists: Exists) -> None:
        words = {
            "properties": _properties,
            "type": _type,
            "enum": _enum,
            "x-weft-reference": _references(exists),
        }
        kind = extend(Draft202012Validator, words)  # type: ignore[no-untyped-call]
        self._validator = cast(
            Validator, kind(dict(schema), format_checker=Draft202012Validator.FORMAT_CHECKER)
        )

    def check(self, body: Any) -> None:
        """Refusal naming the first field that breaks the schema."""
        worst = best_match(self._validator.iter_errors(body), key=relevance)
        if worst is not None:
            raise Refusal("invalid", _sentence(worst))


def _properties(validator: Any, properties: Any, instance: Any, schema: Any) -> Errors:
    """As the standard says, but a forbidden property is told by its name."""
    for name, child in properties.items() if isinstance(instance, dict) else ():
        if name in instance and child is False:
            yield ValidationError("", validator="readOnly", path=[name])
        elif name in instance:
            yield from validator.descend(instance[name], child, path=name, schema_path=name)


def _type(validator: Any, types: Any, instance: Any, schema: Any) -> Errors:
    """As the standard says, but OpenAPI 3.0's `nullable` counts."""
    if instance is None and schema.get("nullable") is True:
        return
    yield from Draft202012Validator.VALIDATORS["type"](validator, types, instance, schema) or ()


def _enum(validator: Any, values: Any, instance: Any, schema: Any) -> Errors:
    if instance is None and schema.get("nullable") is True:
        return
    yield from Draft202012Validator.VALIDATORS["enum"](validator, values, instance, schema) or ()


def _references(exists: Exists) -> Callable[[Any, Any, Any, Any], Errors]:
    def check(_: Any, reference: Any, instance: Any, schema: Any) -> Errors:
        if instance is None or instance in _constants(schema):
            return
        if not exists(reference["entity"], reference["field"], instance):
            target = f"{reference['entity']}.{reference['field']}"
            yield ValidationError(target)

    return check


def _constants(schema: Mapping[str, Any]) -> list[Any]:
    """Values that the API documents, which no record needs to stand behind."""
    default = schema.get("x-weft-default")
    if isinstance(default, Mapping):
        default = default.get("value")
    documented = [schema.get("const"), schema.get("default"), default]
    named = [*schema.get("enum", []), *schema.get("x-weft-constants", {})]
    return [*(value for value in documented if value is not None), *named]


def _place(error: ValidationError) -> str:
    """Where the error is, as a Weft path: `Line[].Amount`."""
    path = ""
    for step in error.absolute_path:
        path += "[]" if isinstance(step, int) else f".{step}" if path else str(step)
    return path


# Said as vendors say it, so that the catalogue's own error rules can be recognised in it.
_SENTENCES = {
    "required": "a required field is missing ({message})",
    "additionalProperties": "a field that is not known or supported ({message})",
    "readOnly": "a read-only field must not be sent",
    "maxLength": "the value is too long; at most {value} characters",
    "x-weft-reference": "a reference to a record that does not exist ({message})",
}


def _sentence(error: ValidationError) -> str:
    place = _place(error) or "The record"
    message = error.message
    if len(message) > 2 * _MAX_SHOWN:  # it quotes the value, which may be the whole body
        message = f"{message[:_MAX_SHOWN]} … {message[-_MAX_SHOWN:]}"
    template = _SENTENCES.get(str(error.validator), "{message}")
    return f"{place}: {template.format(message=message, value=error.validator_value)}"
