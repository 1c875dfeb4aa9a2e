"""How a record is written: which calls, found by which key, and with which idempotency key."""

from dataclasses import dataclass, replace

from pipeline.catalogue.operation import Action
from pipeline.catalogue.schema import fields
from pipeline.codegen.clients.deleting import Deleting
from pipeline.codegen.clients.method import id_field, key_name
from pipeline.codegen.clients.reading import find_method, finds
from pipeline.codegen.clients.writing import Writing
from pipeline.codegen.expressions import Scope
from pipeline.codegen.literals import literal
from pipeline.codegen.names import member, phrase, variable
from pipeline.codegen.systems import SystemDesign
from pipeline.codegen.targets import Target
from pipeline.codegen.types import Interface
from pipeline.errors import OffGround
from pipeline.plan.model import KeyPair, Mapping

_MARKS = ("active", "archived", "in_trash", "trashed", "suspended", "status", "contactstatus")


@dataclass(frozen=True)
class Key:
    """A search key: the variable with its value, and the expression of that."""

    name: str
    value: str


@dataclass(frozen=True)
class WriteDesign:
    """The calls of one write; `find`, `create`, `update`, `put` and `delete` name methods.

    `put` writes without looking first. One that `adopts` creates, but looks for what an
    interrupted run may have left; one that is `ambiguous` can do neither.
    """

    mode: str
    find: str | None = None
    keys: tuple[Key, ...] = ()
    create: str | None = None
    update: str | None = None
    put: str | None = None
    create_has_key: bool = False
    update_has_key: bool = False
    put_has_key: bool = False
    missing: str = ""
    adopts: bool = False
    ambiguous: bool = False
    delete: str | None = None
    delete_arguments: tuple[str, ...] = ()  # expressions; without `find`, names of keys
    answers: bool = False  # whether the system always gives back what it wrote
    key_fields: tuple[Mapping, ...] = ()  # of `put`: what is matched on is part of the record

    @property
    def has_key(self) -> bool:
        return self.create_has_key or self.update_has_key or self.put_has_key

    @property
    def once(self) -> bool:
        """Whether a record is written once for all, not again for each of its changes."""
        return self.mode in ("create", "append")

    @property
    def needs_id(self) -> bool:
        """Whether the calls need the id of the source's record."""
        return self.create_has_key or self.put_has_key or self.ambiguous

    @property
    def key_names(self) -> str:
        return ", ".join(key.name for key in self.keys)


@dataclass(frozen=True)
class Writer:
    """Designs the calls of one write, and adds them to the client of its system."""

    target: Target
    system: SystemDesign
    scope: Scope
    record_type: Interface
    result_type: Interface
    compares: bool = False  # what is there decides whether it is written at all

    def design(self) -> WriteDesign:
        """OffGround where the system has no calls for the write's mode."""
        if self.target.write_mode in ("create", "append"):
            return self._create()
        if self.target.write_mode == "delete":
            return self._delete()
        return (None if self.compares else self._direct()) or self._found_first()

    def _create(self) -> WriteDesign:
        create = self._writing("create") or self._writing("action")
        if create is None or (create.found.action == "action" and self._own_id in create.in_path):
            raise self._off_ground("create")
        self._check_needed(create)
        made = WriteDesign(
            mode=self.target.write_mode,
            create=self._add(create),
            create_has_key=create.has_key,
            ambiguous=not create.is_repeatable,
            answers=create.answers_always,
        )
        if create.has_key or not self._is_findable():
            return made
        return self._finding(replace(made, adopts=True, ambiguous=False))

    def _delete(self) -> WriteDesign:
        found = self.system.entry.operation(self.target.entity, "delete")
        if found is None or found.graphql is not None:
            raise self._cannot_delete()
        deleting = Deleting(self.system.entry, found, self.target.match_on)
        method = self.system.add(deleting.name, deleting.method)
        made = WriteDesign(mode="delete", delete=method)
        if set(deleting.needed) == {pair.target for pair in self.target.match_on}:
            keys = {pair.target: self._key(pair) for pair in self.target.match_on}
            arguments = tuple(keys[one].name for one in deleting.needed)
            return replace(made, keys=tuple(keys.values()), delete_arguments=arguments)
        self.result_type.use(deleting.needed)
        arguments = tuple(f"String({member('current', one, False)})" for one in deleting.needed)
        return self._finding(replace(made, delete_arguments=arguments))

    @property
    def _own_id(self) -> str | None:
        return id_field(self.system.entry, self.target.entity)

    def _direct(self) -> WriteDesign | None:
        """A write that needs no look first: the record has all that the API wants to know."""
        actions: tuple[Action, ...] = ("upsert",) if self._has("create") else ("upsert", "update")
        for action in actions if self.target.write_mode == "upsert" else ("update",):
            put = self._writing(action)
            if put and self._suffices(put):
                return WriteDesign(
                    mode=self.target.write_mode,
                    put=self._add(put),
                    put_has_key=put.has_key,
                    key_fields=self._key_fields(put),
                )
        return None

    def _suffices(self, put: Writing) -> bool:
        """Whether it can be sent at once; a statement that changes nothing would not say so, and
        one that names no key goes by the table's own, of which only the id is known."""
        silent = put.found.sql is not None and put.found.action == "update"
        by_id = [pair.target for pair in self.target.match_on] == [self._own_id]
        keyless = "{keys}" not in (put.found.sql or "{keys}") and not by_id
        sends = not (put.found.replaces or silent or keyless)
        return sends and set(put.needed) <= self._given()

    def _found_first(self) -> WriteDesign:
        mode = self.target.write_mode
        update = self._writing("update", current=True)
        if update is None:
            raise self._off_ground("update")
        told_apart = [pair.target for pair in self.target.match_on] if update.found.sql else []
        self.result_type.use([*update.needed, *told_apart])
        made = WriteDesign(
            mode=mode,
            update=self._add(update),
            update_has_key=update.has_key,
            missing=f"{self.system.system.display_name} has no {phrase(self.target.entity)} "
            "to update",
            answers=True,
        )
        if mode == "upsert":
            create = self._writing("create")
            if create is None:
                raise self._off_ground("create")
            made = replace(
                made,
                create=self._add(create),
                create_has_key=create.has_key,
                answers=create.answers_always,
            )
        return self._finding(made)

    def _finding(self, made: WriteDesign) -> WriteDesign:
        by = list(self.target.match_on)
        if not by:
            raise OffGround(
                f"The {phrase(self.target.entity)} is to be found first: say by which field, for "
                "example its number."
            )
        entry, entity, type_ = self.system.entry, self.target.entity, self.result_type.name
        find_method(entry, entity, by, "")  # refuses at once what cannot be found
        self.result_type.use(pair.target for pair in by[1:])
        name = self.system.add_finding(entity, by, type_)
        return replace(made, find=name, keys=tuple(self._key(pair) for pair in by))

    def _key(self, pair: KeyPair) -> Key:
        value = self.scope.value(pair.source)
        name = variable(key_name(pair), "Key")
        return Key(name, f"required(toText({value}), {literal(pair.source)})")

    def _writing(self, action: Action, current: bool = False) -> Writing | None:
        entry = self.system.entry
        found = entry.operation(self.target.entity, action)
        if found is None:
            return None
        by = list(self.target.match_on)
        return Writing(entry, found, self.record_type, self.result_type, by, current)

    def _add(self, writing: Writing) -> str:
        return self.system.add(writing.name, writing.method)

    def _has(self, action: Action) -> bool:
        return self.system.entry.operation(self.target.entity, action) is not None

    def _is_findable(self) -> bool:
        found = self.system.entry.operation(self.target.entity, "find")
        by = self.target.match_on
        return bool(found and by and any(finds(found, pair.target) for pair in by))

    def _given(self) -> set[str]:
        """Fields of the record that are known: mapped, or matched on."""
        fields = {mapping.target for mapping in self.target.mappings}
        return fields | {pair.target for pair in self.target.match_on}

    def _key_fields(self, put: Writing) -> tuple[Mapping, ...]:
        mapped = {mapping.target for mapping in self.target.mappings}
        needed = set(put.needed)
        if put.found.action == "upsert":  # it is told what to match on by the record itself
            needed |= {pair.target for pair in self.target.match_on}
        return tuple(
            Mapping(target=pair.target, source=pair.source)
            for pair in self.target.match_on
            if pair.target in needed - mapped
        )

    def _check_needed(self, create: Writing) -> None:
        missing = [one for one in create.in_path if one not in self._given()]
        if missing:
            raise OffGround(
                f"A {phrase(self.target.entity)} of {self.system.system.display_name} is made "
                f"under its {missing[0]}: map that field."
            )

    def _cannot_delete(self) -> OffGround:
        """With the field that says of a record that it is not used any more, where it has one."""
        schema = self.system.entry.entity(self.target.entity).record_schema
        can_change = self.system.entry.operation(self.target.entity, "update") is not None
        known = [one.path for one in fields(schema) if not one.read_only and "[]" not in one.path]
        marks = [one for one in known if one.rpartition(".")[2].lower() in _MARKS and can_change]
        instead = f"let it update {marks[0]} instead" if marks else "leave the record as it is"
        return OffGround(
            f"Weft knows no way to delete a {phrase(self.target.entity)} in "
            f"{self.system.entry.display_name}: {instead}."
        )

    def _off_ground(self, action: str) -> OffGround:
        return OffGround(
            f"Weft knows no way to {action} a {phrase(self.target.entity)} in "
            f"{self.system.entry.display_name}: give its OpenAPI document, or choose another write "
            "mode."
        )
