"""What a message says of a record where nobody says what: what happened, and to which one."""

from __future__ import annotations

from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.person_names import name_parts
from pipeline.analysts.offline.sides import Side
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.mapping.placeholders import placeholder, placeholders
from pipeline.plan.model import Mapping, Transform, Workflow

# One field of each kind, by the words of its name; the first kinds are what people look for.
_NAMES = {"name", "title", "subject", "number", "summary", "headline"}
_AMOUNTS = {"amount", "total", "price"}
_CURRENCIES = {"currency"}
_KINDS = (
    _NAMES, _AMOUNTS, {"reason", "priority", "failure"}, {"status", "stage"}, {"email"},
    {"url", "link", "permalink"},
)  # fmt: skip
_TIMES = ("date", "date-time", "unix-time")
_MADE = {"created", "date", "time", "submitted"}
_DEEPEST = 1  # objects between the record and a field


def heading(workflow: Workflow, entry: SystemEntry | None) -> str:
    """What happened: `Order paid`; `New order` where a record is new or just read."""
    entity = workflow.source.entity.replace("-", " ")
    told = [one for one in entry.events if one.name == workflow.trigger.event] if entry else []
    event = next((one for one in told if one.action != "created" and one.phrases), None)
    return event.phrases[0].capitalize() if event else f"New {entity}"


def telling(source: Schema) -> list[str]:
    """Lines of a template with the fields by which people know a record.

    There is at least one, unless the record has no plain field.
    """
    plain = [one for one in fields(source) if _is_plain(one)]
    parts = name_parts(Side(source))
    lines = []
    for kind in _KINDS:
        field = _of(kind, plain)
        if kind is _NAMES and parts is not None and (field is None or field.path in parts):
            lines.append(f"Name: {{{parts[0]}}} {{{parts[1]}}}")
        elif field is not None:
            beside = _of(_CURRENCIES, plain) if kind is _AMOUNTS else None
            lines.append(line(label(field), *(one for one in (field, beside) if one)))
    return list(dict.fromkeys(lines)) or [line(label(one), one) for one in plain[:1]]


def named(source: Schema) -> str | None:
    """A template of what a record is called: by its name, its number, else its id."""
    plain = [one for one in fields(source) if _is_plain(one)]
    found, parts = _of(_NAMES, plain), name_parts(Side(source))
    if parts is not None and (found is None or found.path in parts):
        return f"{{{parts[0]}}} {{{parts[1]}}}"
    found = found or next((one for one in plain if one.key == "id"), None)
    return placeholder(found) if found else None


def dated(source: Schema, words: list[str]) -> FieldInfo | None:
    """The record's date that fits these words best, else when it was made."""
    times = [
        one
        for one in fields(source)
        if one.format in _TIMES and "[]" not in one.path and one.path.count(".") <= _DEEPEST
    ]

    def rank(one: FieldInfo) -> tuple[int, bool, int]:
        own = set(name_words(last_name(one.path)))
        return -len(own & set(words)), not own & _MADE, one.path.count(".")

    return min(times, key=rank, default=None)


def templated(target: str, text: str) -> Mapping | None:
    """The mapping that fills a text with a record's fields; None where it shows none."""
    read = placeholders(text)
    if not read:
        return None
    return Mapping(
        target=target,
        source=read[0].path,
        transform=Transform(name="template", args={"text": text}),
        confidence=0.9,
    )


def line(words: str, *shown: FieldInfo) -> str:
    """A label and the values behind it."""
    return f"{words}: {' '.join(map(placeholder, shown))}"


def label(field: FieldInfo) -> str:
    return " ".join(name_words(field.path)).capitalize()


def _of(kind: set[str], plain: list[FieldInfo]) -> FieldInfo | None:
    named = [one for one in plain if kind & _words(one)]
    return min(named, key=lambda one: _rank(one, kind), default=None)


def _is_plain(field: FieldInfo) -> bool:
    shallow = "[]" not in field.path and field.path.count(".") <= _DEEPEST
    return shallow and field.type not in ("object", "array", "any") and not field.reference


def _words(field: FieldInfo) -> set[str]:
    return {word for name in (last_name(field.path), *field.synonyms) for word in name_words(name)}


def _rank(field: FieldInfo, kind: set[str]) -> tuple[bool, int, bool, bool, int]:
    own = name_words(last_name(field.path))
    by_synonym = not kind & set(own)
    depth = field.path.count(".")
    return by_synonym, depth, field.key != "natural", not field.required, len(own)
