"""The transforms that a mapping may name: what they take, and both implementations of each."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from pydantic import JsonValue

from pipeline.catalogue.schema import FieldInfo
from pipeline.mapping import reference
from pipeline.mapping.custom import from_examples
from pipeline.mapping.typescript import typescript_declarations
from pipeline.plan.model import PlainType, Transform

Type = Literal["string", "number", "integer", "boolean", "any"]
ArgumentKind = Literal["path", "paths", "integer", "text", "value", "table", "template"]
Shape = Literal["value", "list", "template", "custom"]


@dataclass(frozen=True)
class Argument:
    name: str
    kind: ArgumentKind
    required: bool = True


@dataclass(frozen=True)
class TransformSpec:
    """One transform; a missing value goes in and out of it as missing.

    `shape` says what it is called with: the source's value; a list (the elements where the source
    repeats, else the source and the paths of its first argument); a template and its values; or,
    of a custom one, the source and the paths of its first argument, one by one.
    """

    name: str
    summary: str
    function: str
    reference: Callable[..., Any]
    takes: Type = "any"
    gives: Type = "any"
    arguments: tuple[Argument, ...] = ()
    shape: Shape = "value"

    @property
    def typescript(self) -> str:
        """The source of its TypeScript function, without what that calls."""
        return typescript_declarations()[self.function]

    @property
    def paths(self) -> list[Argument]:
        return [argument for argument in self.arguments if argument.kind in ("path", "paths")]


_DIGITS = Argument("digits", "integer", required=False)
_OTHERS = Argument("with", "paths", required=False)

TRANSFORMS: dict[str, TransformSpec] = {
    spec.name: spec
    for spec in (
        TransformSpec("to_string", "as text", "toText", reference.to_text, gives="string"),
        TransformSpec("to_number", "as a number", "toNumber", reference.to_number, gives="number"),
        TransformSpec(
            "to_integer", "as a whole number, rounded", "toInteger", reference.to_integer,
            gives="integer",
        ),
        TransformSpec(
            "to_boolean", "as true or false", "toBoolean", reference.to_boolean, gives="boolean"
        ),
        TransformSpec(
            "date", "its date, in a time zone where one is given", "toDate", reference.to_date,
            "string", "string", (Argument("timezone", "text", required=False),),
        ),
        TransformSpec(
            "datetime", "its time in UTC", "toDateTime", reference.to_datetime, "string", "string"
        ),
        TransformSpec(
            "from_unix_time", "seconds since 1970 as a time", "fromUnixTime",
            reference.from_unix_time, "number", "string",
        ),
        TransformSpec(
            "to_unix_time", "a time as seconds since 1970", "toUnixTime", reference.to_unix_time,
            "string", "integer",
        ),
        TransformSpec(
            "minor_to_major", "cents to the currency's unit", "minorToMajor",
            reference.minor_to_major, "number", "number", (_DIGITS,),
        ),
        TransformSpec(
            "major_to_minor", "the currency's unit to cents", "majorToMinor",
            reference.major_to_minor, "number", "integer", (_DIGITS,),
        ),
        TransformSpec(
            "multiply", "times another field, rounded", "multiply", reference.multiply,
            "number", "number", (Argument("by", "path"), _DIGITS),
        ),
        TransformSpec(
            "round", "rounded", "round", reference.round_to, "number", "number", (_DIGITS,)
        ),
        TransformSpec(
            "negate", "with the other sign", "negate", reference.negate, "number", "number"
        ),
        TransformSpec(
            "sum", "the sum", "sum", reference.sum_of, "number", "number", (_OTHERS,), "list"
        ),
        TransformSpec(
            "count", "how many there are", "count", reference.count, "any", "integer", (), "list"
        ),
        TransformSpec(
            "join", "joined to one text", "join", reference.join, "any", "string",
            (_OTHERS, Argument("separator", "text", required=False)), "list",
        ),
        TransformSpec(
            "first_of", "the first that is there", "firstOf", reference.first_of, "any", "any",
            (_OTHERS,), "list",
        ),
        TransformSpec(
            "first_name", "all but the last word", "firstName", reference.first_name,
            "string", "string",
        ),
        TransformSpec(
            "last_name", "the last of several words", "lastName", reference.last_name,
            "string", "string", (Argument("or_only", "value", required=False),),
        ),
        TransformSpec(
            "truncate", "cut to a length", "truncate", reference.truncate, "any", "string",
            (Argument("length", "integer"),),
        ),
        TransformSpec(
            "enum", "translated by a table", "translate", reference.translate, "any", "any",
            (Argument("map", "table"), Argument("default", "value", required=False)),
        ),
        TransformSpec("lower", "in small letters", "lower", reference.lower, "any", "string"),
        TransformSpec("upper", "in capitals", "upper", reference.upper, "any", "string"),
        TransformSpec("trim", "without blanks around", "trim", reference.trim, "any", "string"),
        TransformSpec(
            "strip_html", "without markup", "stripHtml", reference.strip_html, "any", "string"
        ),
        TransformSpec(
            "strip_prefix", "without a prefix", "stripPrefix", reference.strip_prefix,
            "any", "string", (Argument("prefix", "text"),),
        ),
        TransformSpec(
            "default", "or else a fixed value", "withDefault", reference.with_default,
            arguments=(Argument("value", "value"),),
        ),
        TransformSpec(
            "template", "a text with {field}s filled in", "fill", reference.fill, "any", "string",
            (Argument("text", "template"),), "template",
        ),
    )
}  # fmt: skip

CUSTOM = "custom"


def spec_of(transform: Transform) -> TransformSpec:
    """What a mapping's transform is, be it a named one or the plan's own; KeyError of neither."""
    custom = transform.custom
    if transform.name != CUSTOM or custom is None:
        return TRANSFORMS[transform.name]
    return TransformSpec(
        CUSTOM, custom.summary, custom.name, partial(from_examples, custom), custom.takes[0],
        custom.gives, (_OTHERS,), "custom",
    )  # fmt: skip


_CONVERSIONS = {
    "string": "to_string",
    "number": "to_number",
    "integer": "to_integer",
    "boolean": "to_boolean",
}


_TIMES = {"date": "date", "date-time": "datetime"}


def converting_to(kind: PlainType) -> TransformSpec:
    """The transform that makes a value one of that type."""
    return TRANSFORMS[_CONVERSIONS[kind]]


def choose(source: FieldInfo, target: FieldInfo) -> Transform | None:
    """The transform that the two fields' units, formats, types and lengths call for, if any."""
    if source.unit and target.unit and source.unit != target.unit:
        return Transform(name=f"{source.unit}_to_{target.unit}")
    if source.format == "unix-time" and target.type in ("string", "any"):
        return Transform(name="from_unix_time")
    if target.format == "unix-time" and source.format in ("date-time", "rfc2822", "date"):
        return Transform(name="to_unix_time")
    if source.format in ("date-time", "rfc2822") and target.format == "date":
        return Transform(name="date")
    if source.format == "date" and target.format == "date-time":
        return Transform(name="datetime")
    conversion = _conversion(source.type, target.type)
    if source.type == "any":  # a column of a table or a sheet
        conversion = _TIMES.get(target.format or "") or _CONVERSIONS.get(target.type)
    if conversion:
        return Transform(name=conversion)
    return _fit(source.max_length, target)


def pipeline(mapping_transform: Transform | None, source: FieldInfo | None,
             target: FieldInfo | None) -> list[Transform]:  # fmt: skip
    """Everything that happens to a mapping's value, in order.

    That is the mapping's own transform, or the one that the fields call for; then what makes its
    result fit the target's type and length. A key is never cut: a wrong key is worse than none.
    """
    if target is None:
        return [mapping_transform] if mapping_transform else []
    first = mapping_transform or choose(source or _UNKNOWN, target)
    if first is None:
        return []
    steps, gives = [first], spec_of(first).gives
    if gives == "any" and source and first.name in ("default", "first_of"):
        gives = source.type  # type: ignore[assignment]
    conversion = _conversion(gives, target.type)
    if conversion and conversion != first.name:
        steps.append(Transform(name=conversion))
    if target.format == "date" and first.name in _MOMENTS:
        steps.append(Transform(name="date"))
    fit = _fit(_length(first, source), target)
    return [*steps, fit] if fit else steps


_MOMENTS = ("from_unix_time", "datetime")  # what gives more than the date that some fields want
_UNKNOWN = FieldInfo(path="", type="any")  # what no schema tells may hold anything
_SHORT = ("date", "datetime", "from_unix_time", "enum")  # texts that the plan's own fields can hold
_NOT_LONGER = (
    "first_name", "last_name", "lower", "upper", "trim", "strip_html", "strip_prefix",
)  # fmt: skip


def _length(transform: Transform, source: FieldInfo | None) -> int | None:
    """The most characters of its result; None where nothing says, 0 where it is always short."""
    written = transform.name == "to_string" and source and source.type not in ("string", "any")
    if transform.name in _SHORT or written:
        return 0
    if transform.name in _NOT_LONGER:
        return source.max_length if source else None
    length = transform.args.get("length")
    return length if isinstance(length, int) else None


def _conversion(gives: str, needs: str) -> str | None:
    if gives == needs or "any" in (gives, needs) or (gives, needs) == ("integer", "number"):
        return None
    return _CONVERSIONS.get(needs)


def _fit(length: int | None, target: FieldInfo) -> Transform | None:
    limit = target.max_length
    if target.type != "string" or limit is None or target.key or target.enum or target.format:
        return None
    if length is not None and length <= limit:
        return None
    return Transform(name="truncate", args={"length": limit})


def further_sources(transform: Transform) -> list[str]:
    """The paths that it reads beside the mapping's source, for which its argument is `with`."""
    paths = transform.args.get("with")
    return [str(path) for path in paths] if isinstance(paths, list) else []


def literal_arguments(transform: Transform) -> dict[str, JsonValue]:
    """The arguments that are values, not paths."""
    spec = spec_of(transform)
    names = {argument.name for argument in spec.arguments if argument not in spec.paths}
    return {name: value for name, value in transform.args.items() if name in names}
