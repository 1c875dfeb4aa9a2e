"""What is taken for granted where a request says nothing, so that its plan is whole.

Each required field gets the value that whoever builds integrations would give it: the record's
own name or date, an address that the text names, a usual choice, or a setting to be filled in.
What is doubtful is for review, and what only a person knows is asked with the assumption stated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.analysts.offline.freeform import body
from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.presumed_keys import is_foreign
from pipeline.analysts.offline.reached import reached_address
from pipeline.analysts.offline.receivers import address_kind, addresses, receiver, receives
from pipeline.analysts.offline.records import default
from pipeline.analysts.offline.telling import dated, heading, named, telling, templated
from pipeline.analysts.offline.understand import Understanding
from pipeline.analysts.offline.words import plural
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.schema import FieldInfo, field_at, fields
from pipeline.catalogue.shape import Schema
from pipeline.mapping.placeholders import placeholder
from pipeline.mapping.transforms import choose
from pipeline.plan.lacking import lacking
from pipeline.plan.model import Endpoint, Lookup, Mapping, Question, Transform, Variable, Workflow

_NAMES = {"name", "title", "subject", "summary", "headline", "label"}
_TITLES = {"title", "subject", "summary"}
_READ_BY_PEOPLE = ("ticket", "case", "issue", "task", "event", "page")
_TEMPORAL = ("date", "date-time")
_USUAL = ("draft", "open", "active", "new", "pending", "todo", "standard", "other")
_SETTABLE = ("string", "number", "integer", "boolean", "any")


def _is_title(field: FieldInfo) -> bool:
    plain = field.type == "string" and not field.format and not field.read_only
    return (
        plain and "[]" not in field.path and bool(_TITLES & set(name_words(last_name(field.path))))
    )


@dataclass
class Assumptions:
    """Fills what one record still lacks; collects the settings and questions that this takes."""

    entry: SystemEntry
    workflow: str
    entity: str
    text: str
    heading: str
    read: str  # the source's entity
    source: Schema
    origin: SystemEntry | None
    lookups: list[Lookup] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @classmethod
    def of(
        cls, workflow: Workflow, target: Endpoint, source: Schema, request: Understanding
    ) -> Assumptions:
        """Those of one record that a workflow writes."""
        entry = request.mention(target.system).entry
        assert entry is not None
        origin = request.mention(workflow.source.system).entry
        head = heading(workflow, origin)
        return cls(entry, workflow.name, target.entity, request.text, head,
                   workflow.source.entity, source, origin)  # fmt: skip

    def fill(
        self, mappings: Sequence[Mapping], target: Schema, required: Sequence[str]
    ) -> list[Mapping]:
        """The mappings, with one for every plain required field that has none."""
        kept = [one for one in mappings if not self._is_misdirected(one, target)]
        filled = {(one.target, one.each): one for one in kept}
        told = body(target)
        for _ in range(2):  # an object that is begun may demand more within
            for path, group in list(lacking(list(filled.values()), target, required)):
                for one in _leaves(target, path) if group is None else ():
                    found = self._said(one) if one == told else self._value(one)
                    if found is not None:
                        filled[found.target, None] = found
        return [*filled.values(), *self._titled(list(filled.values()), target)]

    def _titled(self, mappings: Sequence[Mapping], target: Schema) -> list[Mapping]:
        """What is there to be read gets a title that says what happened, required or not."""
        if self.entity not in _READ_BY_PEOPLE:
            return []
        titles = [one for one in fields(target) if _is_title(one)]
        if not titles or {one.path for one in titles} & {one.target for one in mappings}:
            return []
        title = self._title(min(titles, key=lambda one: one.path.count(".")), sentence=True)
        return [title] if title else []

    def _is_misdirected(self, mapping: Mapping, target: Schema) -> bool:
        """Whether a message would go to the record's person, where the text names another."""
        into = field_at(target, mapping.target)
        if into is None or not receives(into) or mapping.status == "confirmed":
            return False
        told = receiver(self.text, address_kind(into))
        return bool(told.address) or (told.of_ours and not told.of_record)

    def _said(self, target: FieldInfo) -> Mapping | None:
        """What a message says of the record."""
        text = "\n".join([self.heading, *telling(self.source)])
        return templated(target.path, text) or self._setting(target)

    def _value(self, target: FieldInfo) -> Mapping | None:
        if target.read_only or target.reference or "[]" in target.path:
            return None
        if receives(target):
            return self._address(target)
        return (
            default(target, needed=True)
            or self._file(target)
            or self._choice(target)
            or self._own(target)
            or self._setting(target)
        )

    def _address(self, target: FieldInfo) -> Mapping | None:
        """Whom a message goes to: named in the text, or the record's own person."""
        kind = address_kind(target)
        told = receiver(self.text, kind)
        if told.address:
            return Mapping(target=target.path, constant=told.address, status="confirmed",
                           note="named in the request")  # fmt: skip
        own = addresses(kind, fields(self.source)) if kind and told.of_record else []
        if own:
            return _read(own[0], target)
        far = None
        if kind and told.of_record and self.origin is not None:
            far = reached_address(self.origin, self.source, kind)
        if far is None:
            return self._setting(target)
        self.lookups.append(far[0])
        return Mapping(target=target.path, source=far[1], confidence=0.7)

    def _own(self, target: FieldInfo) -> Mapping | None:
        """What the record itself has of the kind: its id, its name, or its date."""
        if is_foreign(target):
            ids = [one for one in fields(self.source) if one.key == "id"]
            return _read(ids[0], target) if ids else None
        if target.format in _TEMPORAL:
            found = dated(self.source, name_words(last_name(target.path)))
            return _read(found, target) if found else None
        words = name_words(last_name(target.path))
        if target.type == "string" and not target.format and _NAMES & set(words):
            return self._title(target, sentence="subject" in words)
        return None

    def _title(self, target: FieldInfo, *, sentence: bool) -> Mapping | None:
        """The record's name; the subject of a message says what happened as well."""
        name = named(self.source)
        if name is None or sentence:
            return templated(target.path, f"{self.heading}: {name}") if name else None
        only = [one for one in fields(self.source) if placeholder(one) == name]
        return _read(only[0], target) if only else templated(target.path, name)

    def _file(self, target: FieldInfo) -> Mapping | None:
        """Where a file is kept: one for each record, by its id, so that none replaces another."""
        if self.entry.kind != "files" or target.key != "natural":
            return None
        of_record = [one for one in fields(self.source) if one.key == "id"]
        folder = plural(self.read)
        return (
            templated(target.path, f"{folder}/{{{of_record[0].path}}}.json") if of_record else None
        )

    def _choice(self, target: FieldInfo) -> Mapping | None:
        """The usual one of the values that a field may have, with the others to choose from."""
        values = [one for one in target.enum if one is not None]
        if not values:
            return None
        usual = [one for word in _USUAL for one in values if word in str(one).lower()]
        value = [*usual, *values][0]
        self.questions.append(
            Question(
                id="-".join(["field", *name_words(target.path)]), importance="high",
                text=f"What should {target.path} of the {self._noun} be? It is required.",
                options=[str(one) for one in values[:6]], assumption=str(value),
                edits={
                    str(one): [{"op": "map", "workflow": self.workflow, "target": target.path,
                                "constant": one}]
                    for one in values[:6]
                },
            )
        )  # fmt: skip
        return Mapping(target=target.path, constant=value, status="needs-review",
                       note="the usual value")  # fmt: skip

    def _setting(self, target: FieldInfo) -> Mapping | None:
        """A value that is the same for all records, and that only a person can give."""
        if target.type not in _SETTABLE:
            return None
        words = name_words(target.path)
        name = "_".join([self.entry.name.replace("-", "_"), *words])
        label = " ".join(words)
        if name not in [one.name for one in self.variables]:
            kind = "number" if target.type in ("number", "integer") else target.type
            self.variables.append(
                Variable(name=name, type=kind if kind in ("number", "boolean") else "string",
                         description=f"“{label}” of every {self._noun} in "
                         f"{self.entry.display_name}")
            )  # fmt: skip
            self.questions.append(
                Question(
                    id=f"variable-{name.replace('_', '-')}", importance="high",
                    text=f"What should “{label}” of each {self._noun} in "
                    f"{self.entry.display_name} be?",
                    assumption=f"the variable {name}, which must be set before the first run",
                )
            )  # fmt: skip
        return Mapping(target=target.path, source=f"$variable.{name}")

    @property
    def _noun(self) -> str:
        return self.entity.replace("-", " ")


def _leaves(target: Schema, path: str) -> list[FieldInfo]:
    """What has to be filled for a required field: of an object, what tells most in it."""
    found = field_at(target, path)
    if found is None or found.type != "object":
        return [found] if found else []
    inside = [one for one in fields(target) if one.path.startswith(f"{path}.")]
    writable = [one for one in inside if not one.read_only and not one.reference
                and "[]" not in one.path]  # fmt: skip
    return [one for one in writable if one.required] or writable[:1]


def _read(source: FieldInfo, target: FieldInfo) -> Mapping:
    several = Transform(name="first_of") if "[]" in source.path else None
    return Mapping(
        target=target.path, source=source.path, transform=several or choose(source, target),
        confidence=0.7, status="needs-review",
    )  # fmt: skip
