"""Conditions in a request: “paid invoices”, “tagged bug”, “over 500”, “skip test orders”."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pydantic import JsonValue

from pipeline.analysts.offline.naming import last_name, name_words, resolve
from pipeline.analysts.offline.words import singular, stem
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import Filter, Operator

_VALUE = r"(?:\"(?P<quoted>[^\"]+)\"|'(?P<single>[^']+)'|(?P<bare>[\w$€£#.@%-]+(?:,\d{3})*))"
_STATE_NAMES = ("status", "state", "stage", "dealstage", "stagename", "financial_status", "phase",
                "financialstatus", "displayfinancialstatus", "lifecyclestage")  # fmt: skip
_MONEY_NAMES = ("total", "totalprice", "amount", "totalamt", "totalamount", "grandtotal", "value",
                "price", "amountdue", "amounttotal", "currenttotalprice")  # fmt: skip
_TAG_NAMES = ("tags", "tag", "labels", "label", "keywords")
_NOT_STATES = {
    "new", "all", "our", "the", "every", "each", "any", "my", "their", "these", "those", "of",
    "a", "an", "for", "to", "in", "from", "recent", "latest", "own", "and", "or", "into", "as",
    "yesterday's", "today's", "incoming", "other", "matching", "corresponding", "sync", "is",
}  # fmt: skip

_TAGGED = re.compile(
    rf"\b(?:tagged|labell?ed)\s+(?:with\s+|as\s+)?(?:the (?:tag|label)\s+)?{_VALUE}|"
    rf"\bwith (?:the )?(?:tag|label)\s+{_VALUE.replace('?P<', '?P<also_')}",
    re.I,
)
_CHANGED = re.compile(
    r"\b(?:moves?|moved|changes?|changed|goes|switch(?:es)?|transitions?|turns?|advances?|is set|"
    r"gets? set|is moved|is marked|gets? marked|becomes?|marked|enters?|reach(?:es)?|set)\s+"
    r"(?:to|into|as|from \w+ to)?\s*(?:the )?(?:\"(?P<quoted>[^\"]+)\"|'(?P<single>[^']+)'|"
    r"(?P<bare>[\w-]+(?: (?!in\b|on\b|and\b|then\b|we\b|i\b|create|send|post|add|open)[\w-]+)?))",
    re.I,
)
_COMPARED = re.compile(
    r"\b(?:(?:where|whose|with|if|and|when|only if|having)\s+(?:an?\s+|the\s+|their\s+|its\s+)?)"
    r"(?P<field>[a-z][\w .]{1,40}?)\s+"
    r"(?P<op>is not|isn't|are not|!=|is one of|is at least|is over|is above|is more than|"
    r"is greater than|is under|is below|is less than|is|are|equals|=|==|of at least|of|over|above|"
    r"greater than|more than|at least|under|below|less than|at most|contains|includes|containing|"
    rf">=|<=|>|<)\s*{_VALUE}",
    re.I,
)
_AMOUNT = re.compile(
    r"\b(?P<op>over|above|more than|greater than|exceeding|at least|under|below|less than|at most)"
    r"\s+(?P<sign>[$€£]|usd|eur|gbp)?\s?(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<kilo>k\b)?"
    r"(?P<unit>\s*(?:dollars?|usd|eur(?:os?)?|gbp|pounds?|bucks))?",
    re.I,
)
_LEFT_OUT = re.compile(
    r"\b(?:skip(?:ping)?|ignor(?:e|ing)|exclud(?:e|ing)|except(?: for)?|but not|not|without|"
    r"leave out|omit(?:ting)?|drop|no)\s+(?:any |the |all )?(?P<word>[\w-]+)\s+(?P<noun>\w+)",
    re.I,
)
_STATE_BEHIND = re.compile(
    r"\b(?:that|which|who)\s+(?:are|is|were|was|have been|has been)\s+(?P<not>not "
    r")?(?P<word>[\w-]+(?: [\w-]+)?)",
    re.I,
)
_OPERATORS: dict[str, Operator] = {
    "is not": "ne", "isn't": "ne", "are not": "ne", "!=": "ne", "over": "gt", "above": "gt",
    "more than": "gt", "greater than": "gt", "exceeding": "gt", ">": "gt", "at least": "gte",
    "of at least": "gte", ">=": "gte", "under": "lt", "below": "lt", "less than": "lt", "<": "lt",
    "at most": "lte", "<=": "lte", "contains": "contains", "includes": "contains",
    "containing": "contains",
}  # fmt: skip


def read_filters(text: str, schema: Schema, nouns: list[str], said_by_event: str) -> list[Filter]:
    """Filters on the source's records, each field once; the event's own words are left out."""
    reading = _Reading(text, schema, [singular(noun.lower()) for noun in nouns], said_by_event)
    found: dict[tuple[str, str], Filter] = {}
    for read in _READERS:
        for one in read(reading):
            found.setdefault((one.field, str(one.value).lower()), one)
    return list(found.values())


class _Reading:
    """One text with the schema that its conditions are about."""

    def __init__(self, text: str, schema: Schema, nouns: list[str], event: str) -> None:
        self.text = text
        self.schema = schema
        self.nouns = {word for noun in nouns for word in noun.split()[-1:]}
        self.event = set(name_words(event))
        self.fields = [one for one in fields(schema) if one.path.count("[]") <= 1]

    def named(self, names: tuple[str, ...]) -> FieldInfo | None:
        """The first field with one of these names, the least nested first."""
        for name in names:
            for one in sorted(self.fields, key=lambda one: one.path.count(".")):
                if stem(last_name(one.path)) == stem(name):
                    return one
        return None

    def under(self, names: tuple[str, ...]) -> FieldInfo | None:
        """The name of each element of an array with one of these names: `labels[].name`."""
        wanted = {f"{name}[].name" for name in names}
        return next(
            (one for one in self.fields if any(one.path.endswith(path) for path in wanted)), None
        )


def _tags(reading: _Reading) -> Iterator[Filter]:
    for match in _TAGGED.finditer(reading.text):
        value = next(value for value in match.groups() if value)
        field = reading.named(_TAG_NAMES) or reading.under(_TAG_NAMES)
        yield Filter(field=field.path if field else "tags", op="contains", value=value)


def _changes(reading: _Reading) -> Iterator[Filter]:
    for match in _CHANGED.finditer(reading.text):
        value = next(value for value in match.groups() if value)
        if set(name_words(value)) <= reading.event:
            continue
        state = _state(reading, value)
        moved = re.match(r"moves?|moved|reach", match[0], re.I) is not None
        field = reading.named(_STATE_NAMES) if moved and state is None else None
        if moved and not reading.fields:
            yield Filter(field="status", op="eq", value=value.split()[0])
        if field is not None and not field.enum:
            yield Filter(field=field.path, op="eq", value=value)
        elif state is not None or (state := _state(reading, value.split()[0])) is not None:
            yield state


def _comparisons(reading: _Reading) -> Iterator[Filter]:
    for match in _COMPARED.finditer(reading.text):
        value = next(value for value in (match["quoted"], match["single"], match["bare"]) if value)
        field = resolve(match["field"], reading.schema, least=0.6)
        if field is None or stem(value) in ("a", "an", "the", "created", "updated"):
            continue
        words = match["op"].lower().removeprefix("is ") if " " in match["op"] else match["op"]
        op = _OPERATORS.get(match["op"].lower()) or _OPERATORS.get(words.lower()) or "eq"
        yield Filter(field=field.path, op=op, value=typed(value, field))


def _amounts(reading: _Reading) -> Iterator[Filter]:
    for match in _AMOUNT.finditer(reading.text):
        field = reading.named(_MONEY_NAMES)
        if field is None or not (match["sign"] or match["unit"] or match["kilo"]):
            continue
        amount = float(match["number"].replace(",", "")) * (1000 if match["kilo"] else 1)
        if field.unit == "minor":
            amount *= 100
        value = int(amount) if amount.is_integer() else amount
        yield Filter(field=field.path, op=_OPERATORS[match["op"].lower()], value=value)


def _left_out(reading: _Reading) -> Iterator[Filter]:
    for match in _LEFT_OUT.finditer(reading.text):
        if singular(match["noun"]) not in reading.nouns:
            continue
        state = _state(reading, match["word"])
        if state is None:
            continue
        if isinstance(state.value, bool):
            yield state.model_copy(update={"value": not state.value})
        elif state.op == "exists":
            yield state.model_copy(update={"op": "missing"})
        else:
            yield state.model_copy(update={"op": "ne"})


def _adjectives(reading: _Reading) -> Iterator[Filter]:
    """A word before the entity that names a state of it: “paid invoices”."""
    for noun in sorted(reading.nouns):
        for match in re.finditer(rf"([\w'-]+(?: [\w'-]+)?)\s+{re.escape(noun)}\w{{0,3}}\b",
                                 reading.text, re.I):  # fmt: skip
            yield from _described(reading, match[1], match.start())
    for match in _STATE_BEHIND.finditer(reading.text):
        state = _state_of(reading, match["word"]) if reading.fields else None
        if state is not None:
            yield state.model_copy(update={"op": "ne"}) if match["not"] else state


def _described(reading: _Reading, said: str, position: int) -> Iterator[Filter]:
    if re.search(
        r"\b(?:skip\w*|ignor\w*|exclud\w*|except|not|without|no)\s+(?:any |the )?$",
        reading.text[max(0, position - 20) : position] + said.split()[0] + " ",
        re.I,
    ):
        return
    parts = said.lower().split()
    for phrase in ([" ".join(parts)] if len(parts) > 1 else []) + [parts[-1]]:
        if phrase.split()[0] in _NOT_STATES or set(name_words(phrase)) <= reading.event:
            continue
        state = _state(reading, phrase)
        if state is not None:
            yield state
            return


def _beside(reading: _Reading) -> Iterator[Filter]:
    """An allowed value next to its field's name: “priority urgent”, “high priority tickets”."""
    for one in reading.fields:
        names = [" ".join(name_words(last_name(one.path))), *one.synonyms]
        name = f"(?:{'|'.join(map(re.escape, names))})"
        for value in [*one.enum, *one.examples]:
            said = re.escape(str(value)).replace("_", "[ _-]")
            if isinstance(value, str) and re.search(
                rf"\b(?:{said}[ -]{name}|{name}(?: (?:of|is|as|set to)|:|=)? ?[\"']?{said})\b",
                reading.text, re.I,
            ):  # fmt: skip
                yield Filter(field=one.path, op="eq", value=value)


def _become(reading: _Reading) -> Iterator[Filter]:
    """A state that the record is said to be in: “when an order is completed”."""
    for noun in sorted(reading.nouns):
        for match in re.finditer(
            rf"\b{re.escape(noun)}\w{{0,3}}\s+(?:is|are|gets?|got|was|were|has been|have been)\s+"
            r"(?P<word>[\w-]+(?: [\w-]+)?)", reading.text, re.I,
        ):  # fmt: skip
            if not set(name_words(match["word"].split()[0])) & reading.event:
                state = _state_of(reading, match["word"])
                if state is not None and state.op == "eq":
                    yield state


_HAPPENINGS = {"new", "created", "added", "updated", "changed", "deleted", "removed", "placed",
               "made", "received", "booked", "submitted", "opened", "posted", "signed", "in", "on",
               "by", "to", "set", "moved", "marked", "available", "there", "not", "a", "an",
               "the"}  # fmt: skip


def _state_of(reading: _Reading, said: str) -> Filter | None:
    """The state that one or two words name; where no field is known, as they say it."""
    first = said.split()[0]
    if not reading.fields:
        known = first.lower() in _HAPPENINGS
        return None if known else Filter(field="status", op="eq", value=first.lower())
    return _state(reading, said) or _state(reading, first)


def _state(reading: _Reading, word: str) -> Filter | None:
    """The filter that a state's name means: an allowed value, a flag, or a time that is set."""
    wanted = stem(word)
    if len(wanted) < 3 or wanted in _NOT_STATES or wanted in reading.nouns:
        return None
    for one in sorted(reading.fields, key=lambda one: (one.path.count("."), len(one.path))):
        values = [*one.enum, *one.examples]
        value = next((value for value in values if stem(str(value)) == wanted), None)
        if value is not None:
            return Filter(field=one.path, op="eq", value=value)
    for one in reading.fields:
        name = stem(last_name(one.path))
        if one.type == "boolean" and name in (wanted, f"is{wanted}"):
            return Filter(field=one.path, op="eq", value=True)
        if name in (f"{wanted}at", f"{wanted}on", f"date{wanted}") and "[]" not in one.path:
            return Filter(field=one.path, op="exists")
    return None


def typed(value: str, field: FieldInfo) -> JsonValue:
    """A value in the words of a person, as the field's type has it."""
    bare = value.strip("$€£").replace(",", "")
    if field.type in ("number", "integer") and re.fullmatch(r"\d+(?:\.\d+)?", bare):
        return float(bare) if "." in bare else int(bare)
    if field.type == "boolean" and value.lower() in ("true", "yes", "false", "no"):
        return value.lower() in ("true", "yes")
    return next((one for one in field.enum if stem(str(one)) == stem(value)), value.rstrip("."))


_READERS: list[Callable[[_Reading], Iterator[Filter]]] = [
    _tags, _left_out, _comparisons, _beside, _amounts, _changes, _become, _adjectives,
]  # fmt: skip
