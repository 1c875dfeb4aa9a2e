"""What conditions of a request are about: the fields of the records that are read."""

from __future__ import annotations

import re
from functools import cached_property

from pydantic import JsonValue

from pipeline.analysts.offline.lexicon import table
from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.words import singular, stem
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.model import Filter, Operator
from pipeline.plan.schemas import free_objects

STATE_NAMES = ("status", "state", "stage", "dealstage", "stagename", "financial_status", "phase",
                "financialstatus", "displayfinancialstatus", "lifecyclestage")  # fmt: skip
_NOT_STATES = {
    "new", "all", "our", "the", "every", "each", "any", "my", "their", "these", "those", "of",
    "a", "an", "for", "to", "in", "from", "recent", "latest", "own", "and", "or", "into", "as",
    "yesterday's", "today's", "incoming", "other", "matching", "corresponding", "sync", "is",
}  # fmt: skip
# What happens to every record says nothing of which ones are wanted.
HAPPENINGS = {"new", "created", "added", "updated", "changed", "deleted", "removed", "placed",
              "made", "received", "booked", "submitted", "opened", "posted", "signed", "in", "on",
              "by", "to", "set", "moved", "marked", "available", "there", "not", "a", "an",
              "the"}  # fmt: skip
_POINTERS = ("those", "these", "ones", "any", "anyone", "people", "all", "only", "but")
_CALLED = ("name", "label", "value", "title", "status")  # what an object's own name is called
_OPPOSITES: dict[Operator, Operator] = {
    "eq": "ne", "ne": "eq", "gt": "lte", "lte": "gt", "gte": "lt", "lt": "gte", "in": "not-in",
    "contains": "not-contains", "exists": "missing", "missing": "exists", "changed-to": "ne",
}  # fmt: skip
_UN = "un"  # “unfulfilled” is what is not fulfilled
_ALIKE = 5  # letters with which two words for one state begin
_LEAVING_OUT = re.compile(
    r"\b(?:skip\w*|ignor\w*|exclud\w*|except(?: for)?|but not|not|without|leave out|omit\w*|"
    r"drop\w*|unless|don't (?:take|send|sync|want|include)|no)\s+"
    r"(?:(?:any|the|all|those|ones|these|anything|everything|records?|rows?|entries|\w+s)\s+){0,3}"
    r"(?:[\w-]+\s+[\w-]+\s+(?:and|or)\s+)?$",
    re.I,
)
# “those without an email should be skipped”
_LEFT_BEHIND = re.compile(
    r"[^.;,\n]{0,80}?\b(?:(?:should|must|can|shall|are|is|to) (?:to )?(?:be )?"
    r"(?:skipped|ignored|excluded|left out|filtered out|dropped|omitted)|"
    r"(?:are|is) (?:noise|irrelevant|not (?:needed|wanted|relevant))|"
    r"(?:should|must|do|does)(?: not|n't) (?:be|get|go))\b",
    re.I,
)


class Conditions:
    """One text with the schema that its conditions are about."""

    def __init__(self, text: str, schema: Schema, nouns: list[str], event: str) -> None:
        self.text = text
        self.schema = schema
        self.phrases = {noun for noun in nouns if " " in noun}
        self.nouns = {word for noun in nouns for word in noun.split()[-1:]}
        self.event = set(name_words(event))
        self.fields = [
            one for one in fields(schema) if one.path.count("[]") <= 1 and not one.write_only
        ]

    @cached_property
    def free(self) -> bool:
        """Whether the records have fields that no schema names: rows, forms, unknown systems."""
        return not self.fields or bool(free_objects(self.schema))

    def named(self, names: tuple[str, ...]) -> FieldInfo | None:
        """The first field with one of these names, the least nested first."""
        for name in names:
            for one in sorted(self.fields, key=lambda one: one.path.count(".")):
                if stem(name) in (stem(last_name(one.path)), stem(_container(one.path))):
                    return one
        return None

    def under(self, names: tuple[str, ...]) -> FieldInfo | None:
        """The name of each element of an array with one of these names: `labels[].name`."""
        wanted = {f"{name}[].name" for name in names}
        return next(
            (one for one in self.fields if any(one.path.endswith(path) for path in wanted)), None
        )

    def state(self, word: str) -> Filter | None:
        """The filter that a state's name means: an allowed value, a flag, or a time that is set."""
        wanted = stem(word)
        if len(wanted) < 3 or wanted in _NOT_STATES or wanted in self.nouns:
            return None
        single = [one for one in self.fields if "[]" not in one.path]
        listed = [one for one in self.fields if "[]" in one.path]
        found = (
            self._valued(single, wanted) or self._flagged(wanted) or self._valued(listed, wanted)
        )
        if found is None and wanted.startswith(_UN) and len(wanted) > len(_UN) + 2:
            other = self.state(wanted.removeprefix(_UN))
            return opposite(other) if other is not None else None
        return found or self._unlike(single, wanted)

    def _unlike(self, among: list[FieldInfo], wanted: str) -> Filter | None:
        """A state that only its opposite is known of: open issues are those that are not done."""
        others = table("opposites").get(wanted, [])
        found = (self._valued(among, other) for other in others)
        return next((opposite(one) for one in found if one is not None), None)

    def _valued(self, among: list[FieldInfo], wanted: str) -> Filter | None:
        """An allowed or usual value; of a status, one that begins alike will do: successful."""
        among = sorted(among, key=lambda one: (one.path.count("."), len(one.path)))
        for one in among:
            values = [*one.enum, *one.examples]
            value = next((value for value in values if stem(str(value)) == wanted), None)
            if value is not None:
                return Filter(field=one.path, op="eq", value=value)
        for one in among:
            if stem(last_name(one.path)) in STATE_NAMES and len(wanted) > _ALIKE:
                near = [each for each in one.enum if stem(str(each))[:_ALIKE] == wanted[:_ALIKE]]
            elif stem(last_name(one.path)) in STATE_NAMES:  # “won” of closedwon
                near = [each for each in (*one.enum, *one.examples)
                        if stem(str(each)).endswith(wanted)]  # fmt: skip
            else:
                continue
            if len(near) == 1:
                return Filter(field=one.path, op="eq", value=near[0])
        return None

    def _flagged(self, wanted: str) -> Filter | None:
        """A flag, or a time that is set once the state is reached."""
        for one in self.fields:
            name = stem(last_name(one.path))
            if one.type == "boolean" and name in (wanted, f"is{wanted}"):
                return Filter(field=one.path, op="eq", value=True)
            if one.type == "boolean" and name in (f"in{wanted}", f"isin{wanted}", f"un{wanted}"):
                return Filter(field=one.path, op="eq", value=False)
            times = (f"{wanted}at", f"{wanted}on", f"date{wanted}")
            if name in times and "[]" not in one.path and wanted not in HAPPENINGS:
                return Filter(field=one.path, op="exists")
        return None

    def state_of(self, said: str) -> Filter | None:
        """The state that one or two words name; where no field is known, as they say it."""
        first = said.split()[0]
        if not self.fields:
            known = first.lower() in HAPPENINGS
            return None if known else Filter(field="status", op="eq", value=first.lower())
        return self.state(said) or self.state(first)

    def follows_noun(self, position: int) -> bool:
        """Whether the records are named right before: “orders over 500”."""
        nouns = "|".join(map(re.escape, sorted(self.nouns | self.phrases))) or "record"
        before = rf"\b(?:{nouns})(?:e?s)?\s+(?:(?:of|with|worth)\s+)?(?:an?\s+|the\s+)?"
        before += r"(?:total |amount |value )?(?:of\s+|is\s+|are\s+)?$"
        return re.search(before, self.text[:position], re.I) is not None

    def names_records(self, position: int) -> bool:
        """Whether the records are named right before, be it as “those”: “those without a …”."""
        nouns = "|".join(map(re.escape, sorted({*self.nouns, *self.phrases, *_POINTERS})))
        return re.search(rf"\b(?:{nouns})(?:e?s)?\s+$", self.text[:position], re.I) is not None

    def leaves_out(self, position: int) -> bool:
        """Whether what stands here is what is not wanted: “skip those where …”."""
        before, behind = self.text[max(0, position - 60) : position], self.text[position:]
        return bool(_LEAVING_OUT.search(before) or _LEFT_BEHIND.match(behind))


def _container(path: str) -> str:
    """The object whose name a path ends in: `fields.status.name` gives status."""
    *above, last = path.replace("[]", "").split(".")
    return above[-1] if above and last.lower() in _CALLED else ""


def opposite(condition: Filter) -> Filter:
    """The filter that keeps what this one leaves out."""
    if isinstance(condition.value, bool) and condition.op == "eq":
        return condition.model_copy(update={"value": not condition.value})
    return condition.model_copy(update={"op": _OPPOSITES[condition.op]})


def typed(value: str, field: FieldInfo) -> JsonValue:
    """A value in the words of a person, as the field's type has it."""
    bare = value.strip("$€£").replace(",", "")
    number = re.fullmatch(r"(\d+(?:\.\d+)?)(k?)", bare, re.I)
    if field.type in ("number", "integer") and number:
        amount = float(number[1]) * (1000 if number[2] else 1)
        return int(amount) if amount.is_integer() else amount
    if field.type == "boolean" and value.lower() in ("true", "yes", "false", "no"):
        return value.lower() in ("true", "yes")
    known = [*field.enum, *field.examples]
    return next((one for one in known if stem(str(one)) == stem(value)), value.rstrip("."))


def singulars(nouns: list[str]) -> list[str]:
    return [singular(noun.lower()) for noun in nouns]
