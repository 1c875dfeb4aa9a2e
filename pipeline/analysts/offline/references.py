"""References: finding, or creating, the records that a write refers to by id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from pipeline.analysts.offline.naming import last_name, name_words, resolve
from pipeline.analysts.offline.nouns import nouns_of
from pipeline.analysts.offline.records import complete, default_of, fill
from pipeline.analysts.offline.sides import Side
from pipeline.analysts.offline.words import singular, stem
from pipeline.catalogue.model import Entity, SystemEntry
from pipeline.catalogue.schema import FieldInfo, fields, node_at
from pipeline.catalogue.shape import Schema
from pipeline.mapping.match import candidates
from pipeline.plan.model import Alternative, KeyPair, Lookup, Mapping, Question, Variable

_KNOWN_KEY = 0.4  # a required reference is looked up by its best key; people see which
_CLEAR_KEY = 0.7  # an optional one only by a key that is clear
_EVERYTHING_HAS = {"name", "title", "id", "number"}  # such a key alone tells nothing
_ID_WORDS = {"id", "value", "ref", "key"}
_HOLDERS = {"field", "fields", "properties", "attributes"}  # objects that hold all of a record


@dataclass
class References:
    """What the references of one workflow need; grows while its records are filled."""

    entry: SystemEntry
    lookups: list[Lookup] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)  # entity -> its key, in the text's words
    same_thing: bool = False  # whether both records are of one thing, which shares its keys

    def fill(
        self, source: Side, target: Side, required: Sequence[str] = (), skip: Sequence[str] = ()
    ) -> list[Mapping]:
        """Mappings of the reference fields of one record or element."""
        filled = []
        for one in target.fields():
            if one.reference is None or one.read_only or "[]" in one.path or one.path in skip:
                continue
            needed = one.required or one.path in required or _is_of(target, one)
            needed = needed or _stands_for_required(target, one)
            value = self._value(one, source, target, needed, inside=())
            if value is not None:
                each = source.prefix or None if "[]" in target.prefix else None
                path = target.path(one.path)
                filled.append(Mapping(target=path, source=value, each=each))
        return filled

    def _value(
        self, reference: FieldInfo, source: Side, target: Side, needed: bool,
        inside: tuple[str, ...],
    ) -> str | None:  # fmt: skip
        """The path that gives a reference's id: of a lookup, or of a variable."""
        assert reference.reference is not None
        entity_name, id_field = reference.reference["entity"], reference.reference["field"]
        entity = next((one for one in self.entry.entities if one.name == entity_name), None)
        key = None
        if entity is not None and entity_name not in inside:
            key = self._key(reference, entity, source, needed,
                            self.same_thing or _is_of(target, reference))  # fmt: skip
        if entity is None or key is None:
            if not needed:
                return None
            return self._setting(reference, target, entity_name, id_field)
        known = next((one for one in self.lookups if one.entity == entity_name and one.by == [key]),
                     None)  # fmt: skip
        lookup = known or self._lookup(reference, entity, key, source, (*inside, entity_name))
        return f"$lookup.{lookup.name}.{id_field}"

    def _key(
        self, reference: FieldInfo, entity: Entity, source: Side, needed: bool, own: bool
    ) -> KeyPair | None:
        found = candidates(source.schema, entity.record_schema, k=5)
        said = resolve(self.keys.get(entity.name, ""), entity.record_schema)
        if said is not None:
            origins = [one.source for one in found.get(said.path, []) if "[]" not in one.source]
            return KeyPair(target=said.path, source=source.path(origins[0])) if origins else None
        find = self.entry.operation(entity.name, "find")
        scored = [
            (score, KeyPair(target=one.path, source=source.path(option.source)))
            for one in fields(entity.record_schema)
            if one.key == "natural"
            and (find is None or not find.find_by or one.path in find.find_by)
            for option in found.get(one.path, [])
            if "[]" not in option.source
            for score in [_key_score(option, one, reference, entity, needed, own)]
        ]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return best[1] if best[0] >= (_KNOWN_KEY if needed else _CLEAR_KEY) else None

    def _lookup(
        self, reference: FieldInfo, entity: Entity, key: KeyPair, source: Side,
        inside: tuple[str, ...],
    ) -> Lookup:  # fmt: skip
        mappings = self._new_record(entity, key, source, inside)
        names = [lookup.name for lookup in self.lookups]
        name = entity.name.replace("-", "_")
        name = name if name not in names else f"{name}_{len(names) + 1}"
        lookup = Lookup(
            name=name, system=self.entry.name, entity=entity.name, by=[key],
            on_missing="create" if mappings else "fail", mappings=mappings,
        )  # fmt: skip
        self.lookups.append(lookup)
        self.questions.append(missing_question(lookup, entity))
        return lookup

    def _new_record(
        self, entity: Entity, key: KeyPair, source: Side, inside: tuple[str, ...]
    ) -> list[Mapping]:
        """What a missing record is created with; empty where something required is unknown."""
        create = self.entry.operation(entity.name, "create")
        if create is None:
            return []
        target = Side(entity.record_schema)
        near = Side(_near(source.schema, entity), source.prefix)
        filled = {one.target: one for one in fill(near, target, create.required)}
        filled[key.target] = Mapping(target=key.target, source=key.source)
        for one in target.fields():
            needed = one.required or one.path in create.required
            if one.reference is not None and needed and not one.read_only:
                value = self._value(one, source, target, needed, inside)
                if value is not None:
                    filled[one.path] = Mapping(target=one.path, source=value)
        missing = [one.path for one in target.fields() if one.required and not one.read_only
                   and one.path not in filled]  # fmt: skip
        missing += [path for path in create.required if path not in filled and not any(
            target_path.startswith(f"{path}.") for target_path in filled)]  # fmt: skip
        # Whatever is made once for each element says so, constants included.
        each = {"each": source.prefix or None}
        whole = [one.model_copy(update=each) for one in filled.values()]
        return [] if missing else complete(whole, target)

    def _setting(self, reference: FieldInfo, target: Side, name: str, id_field: str) -> str:
        """A record that only a person can name: found by its name where the API can, else by id."""
        words = [word for word in name_words(reference.path) if word not in _ID_WORDS | _HOLDERS]
        entity = next((one for one in self.entry.entities if one.name == name), None)
        find = self.entry.operation(name, "find") if entity else None
        keys = [one.path for one in fields(entity.record_schema) if one.key == "natural"
                and find is not None and one.path in find.find_by] if entity else []  # fmt: skip
        beside = (
            f"{reference.path.rpartition('.')[0]}.{keys[0].lower()}" if keys else reference.path
        )
        value = next((default_of(one)[0] for one in target.fields() if one.path == beside), None)
        variable = "_".join([self.entry.name.replace("-", "_"), *words, *([] if keys else ["id"])])
        self._ask_setting(variable, words, "name" if keys else "id", value)
        if not keys:
            return f"$variable.{variable}"
        lookup = "_".join(words)
        if lookup not in [one.name for one in self.lookups]:
            key = KeyPair(target=keys[0], source=f"$variable.{variable}")
            self.lookups.append(Lookup(name=lookup, system=self.entry.name, entity=name, by=[key]))
        return f"$lookup.{lookup}.{id_field}"

    def _ask_setting(self, variable: str, words: list[str], kind: str, value: JsonValue) -> None:
        if variable in [one.name for one in self.variables]:
            return
        label = " ".join(words)
        text = f"The {kind} of the {label} in {self.entry.display_name}"
        self.variables.append(Variable(name=variable, default=value, description=text))
        self.questions.append(
            Question(
                id=f"variable-{variable.replace('_', '-')}",
                text=f"Which {label} of {self.entry.display_name} should be used? Give its {kind}.",
                importance="high" if value is None else "low",
                assumption=str(value) if value is not None
                else f"the variable {variable}, which must be set before the first run",
            )
        )  # fmt: skip


def referred_entity(noun: str, entry: SystemEntry, written: str) -> str | None:
    """The entity that a noun means, if it is one that the written entity refers to."""
    if not noun:
        return None
    found = next((one for one in nouns_of(noun, entry) if one.entity != written), None)
    target = entry.entity(written)
    own = any(one.entity == written for one in nouns_of(noun, entry))
    refers = {one.reference["entity"] for one in fields(target.record_schema) if one.reference}
    return found.entity if found and not own and found.entity in refers else None


def _is_of(element: Side, reference: FieldInfo) -> bool:
    """Whether elements are named after what they refer to: the `item` of each of `items`."""
    assert reference.reference is not None
    name = singular(last_name(element.prefix)) if element.prefix else ""
    return name == reference.reference["entity"]


def _stands_for_required(element: Side, reference: FieldInfo) -> bool:
    """Whether a required object is told by this reference alone: a `Contact` by its `ContactID`."""
    home = reference.path.rpartition(".")[0]
    found = node_at(element.schema, home) if home else None
    if found is None or not found[1]:
        return False
    beside = [one for one in element.fields() if one.path.startswith(f"{home}.")]
    first = next((one for one in beside if one.reference and not one.read_only), None)
    return first == reference and not any(one.required for one in beside)


def _key_score(
    option: Alternative, field: FieldInfo, reference: FieldInfo, entity: Entity, needed: bool,
    own: bool,
) -> float:  # fmt: skip
    """A key is clearer where the source speaks of the same thing, and where it is unique.

    `own`: the source's element is the thing itself, so that its fields speak of it.
    """
    about = {*name_words(reference.path), *name_words(entity.name)}
    about |= {word for synonym in reference.synonyms for word in name_words(synonym)}
    about -= _ID_WORDS
    # An address alone may be anybody's: it will do only for a reference that has to be filled.
    related = bool(about & set(name_words(option.source))) or (needed and field.format == "email")
    called = {stem(last_name(field.path)), *map(stem, field.synonyms)} - _EVERYTHING_HAS
    related = related or (own and stem(last_name(option.source)) in called)
    score = option.score if related else 0.0
    if field.format == "email" and "email" in name_words(last_name(option.source)):
        score += 0.3  # addresses are unique, names are not
    return score


def _near(schema: Schema, entity: Entity) -> Schema:
    """The part of a record that speaks of an entity (`customer`), where there is one."""
    names = {singular(entity.name), *map(singular, entity.aliases)}
    for name, child in schema.get("properties", {}).items():
        if singular(name) in names and child.get("properties"):
            return {**schema, "properties": {name: child}}
    return schema


def missing_question(lookup: Lookup, entity: Entity) -> Question:
    """What to do when a lookup finds nothing; each option changes the lookup."""
    noun = entity.display_name.lower()
    texts = {"create": "create it", "skip": "skip the record", "fail": "stop with an error"}
    modes = [mode for mode in texts if mode != "create" or lookup.mappings]
    return Question(
        id=f"missing-{lookup.name}",
        text=f"What if no {noun} is found by {lookup.by[0].target} (from {lookup.by[0].source})?",
        options=[texts[mode] for mode in modes],
        assumption=texts[lookup.on_missing],
        edits={
            texts[mode]: [{"op": "on-missing", "lookup": lookup.name, "on_missing": mode}]
            for mode in modes
        },
    )
