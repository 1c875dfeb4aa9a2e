"""The tasks of a workflow: each talks to one system, finds what is there and writes."""

import re
from dataclasses import dataclass

from pipeline.codegen.filters import Condition
from pipeline.codegen.literals import literal
from pipeline.codegen.mapping_functions import MappingFunction, Parameter
from pipeline.codegen.names import kebab, phrase, variable
from pipeline.codegen.references import Reference
from pipeline.codegen.systems import SystemDesign
from pipeline.codegen.targets import FIRST, Target
from pipeline.codegen.types import Interface
from pipeline.codegen.writes import WriteDesign
from pipeline.errors import OffGround
from pipeline.plan.model import Lookup
from pipeline.plan.paths import parse


@dataclass(frozen=True)
class Loop:
    """Going through the elements of an array; `listed` and `key` are TypeScript."""

    element: str
    listed: str
    key: str


@dataclass(frozen=True)
class WriteStep:
    """One write with its mapping and its calls; `condition` says when it is left out."""

    target: Target
    system: SystemDesign
    calls: WriteDesign
    function: MappingFunction | None  # none where it deletes
    condition: Condition | None
    result_type: Interface
    id_field: str | None
    kept: tuple[str, ...]
    variable: str
    loop: Loop | None = None

    @property
    def type(self) -> str:
        return self.result_type.name

    @property
    def parameters(self) -> list[Parameter]:
        """What its mapping takes."""
        return self.function.parameters if self.function else []

    @property
    def arguments(self) -> str:
        return ", ".join(one.name for one in self.parameters)

    @property
    def done(self) -> str:
        """What was done to the record, for the log."""
        return "deleted" if self.function is None else "written"

    @property
    def marks(self) -> list[str]:
        """What of its mark's key comes after the record's id, as expressions."""
        own = [] if self.target.id == FIRST else [literal(self.target.id)]
        return [*own, self.loop.key] if self.loop else own

    @property
    def key_parts(self) -> list[str]:
        """What its idempotency key depends on beside the record, as expressions."""
        return [literal(self.target.entity), *self.marks]

    def result(self, owner: str) -> str:
        """What is kept of the record that the system gave back: only what is used."""
        return f"only({owner}, {', '.join(map(literal, self.kept))})" if self.kept else "{}"

    @property
    def id(self) -> str | None:
        """The name of the id of what was written, where it has one."""
        return self.id_field if self.id_field in self.kept and self.calls.answers else None


@dataclass(frozen=True)
class Stage:
    """What is done in one system before the next one has its turn."""

    system: SystemDesign
    references: tuple[Reference, ...]
    writes: tuple[WriteStep, ...]
    finder: str
    finder_file: str
    all_references: bool
    suffix: str = ""  # where another stage would be called the same

    @property
    def name(self) -> str:
        """The function's name: `createIssue`, or `findOwner` where nothing is written."""
        if self.writes:
            first = self.writes[0]
            done = f"{first.target.write_mode} {first.target.entity} {self.suffix}"
            return variable(done, "Records")
        return variable(f"find {self.references[0].lookup.name} {self.suffix}", "Records")

    @property
    def slug(self) -> str:
        return kebab(self.name)

    @property
    def sentence(self) -> str:
        done = [f"finds its {phrase(one.lookup.name)}" for one in self.references]
        done += [f"{one.target.write_mode}s its {phrase(one.target.entity)}" for one in self.writes]
        return f"{self.system.system.display_name}: {', then '.join(done)}."

    @property
    def finder_settings(self) -> bool:
        """Whether finding the references needs settings."""
        return any(one.needs_settings for one in self.references)

    @property
    def creates_with_key(self) -> bool:
        """Whether a reference is created with an idempotency key."""
        return any(one.create is not None and one.create_has_key for one in self.references)

    @property
    def reads_record(self) -> bool:
        """Whether finding the references needs the source record."""
        return any(one.reads_record for one in self.references)

    def reads(self, record: str) -> bool:
        """Whether anything that it does depends on the source record itself."""
        values = [key.value for one in self.writes for key in one.calls.keys]
        values += [one.condition.excludes for one in self.writes if one.condition]
        return (
            self.reads_record
            or any(one.loop or not one.calls.once for one in self.writes)
            or any(record in one.arguments.split(", ") for one in self.writes)
            or any(re.search(rf"\b{record}\b", value) for value in values)
        )

    @property
    def earlier(self) -> list[str]:
        """References of stages before that are needed to find those of this one."""
        own = {one.member for one in self.references}
        return list(
            dict.fromkeys(m for one in self.references for m in one.earlier if m not in own)
        )

    @property
    def references_type(self) -> str:
        if self.all_references:
            return "References"
        members = " | ".join(f'"{one.member}"' for one in self.references)
        return f"Pick<References, {members}>"

    @property
    def uses_settings(self) -> bool:
        mapped = any(one.name == "settings" for made in self.writes for one in made.parameters)
        searched = any("settings." in key.value for one in self.writes for key in one.calls.keys)
        return self.finder_settings or mapped or searched

    @property
    def needs_references(self) -> bool:
        """Whether what it writes depends on references."""
        return any(
            one.name == "references" for write in self.writes for one in write.parameters
        ) or any("references." in key.value for one in self.writes for key in one.calls.keys)

    @property
    def may_skip(self) -> bool:
        """Whether a record may turn out to be left alone only when it is to be written."""
        uncertain = any(one.calls.missing or one.calls.ambiguous for one in self.writes)
        return uncertain or any(one.skips for one in self.references)


def order_of_lookups(lookups: list[Lookup], target: str) -> list[Lookup]:
    """Lookups in other systems first, where they don't depend on those in the target's."""
    own = {lookup.name for lookup in lookups if lookup.system == target}
    for lookup in lookups:
        paths = [parse(pair.source) for pair in lookup.by]
        paths += [parse(one.source) for one in lookup.mappings if one.source]
        if any(path.root == "write" for path in paths):
            raise OffGround(
                f"The lookup {lookup.name} needs the result of a write, but lookups come first: "
                "let that write's own system give it."
            )
        if lookup.system != target and any(
            path.name in own for path in paths if path.root == "lookup"
        ):
            return lookups
    return sorted(lookups, key=lambda lookup: lookup.system == target)
