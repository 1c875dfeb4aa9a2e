"""What the offline analyst has understood of a request, before it plans anything."""

from dataclasses import dataclass, field

from pipeline.catalogue.model import Event, SystemEntry
from pipeline.plan.model import Filter, Role, Trigger

MESSENGERS = ("messaging", "email")  # kinds of systems that say something to people


@dataclass(frozen=True)
class Mention:
    """A system named in the text; `entry` is None where the catalogue does not know it.

    `stands_in`: only what it holds is named, so that the words are a thing's too.
    """

    system: str
    display_name: str
    start: int
    end: int
    entry: SystemEntry | None = None
    stands_in: bool = False


@dataclass(frozen=True)
class Noun:
    """An entity of a system named in the text."""

    system: str
    entity: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Ends:
    """Who is read and who is written. `clear` is False where the text leaves that open.

    `consulted`: systems in which each record is only looked up on its way.
    """

    sources: list[str]
    targets: list[str]
    both_ways: bool = False
    write_back: bool = False
    clear: bool = True
    consulted: list[str] = field(default_factory=list)

    def role(self, system: str) -> Role:
        if system in self.consulted:
            return "source"
        read = system in self.sources or self.both_ways or self.write_back
        written = system in self.targets or self.both_ways or self.write_back
        return "both" if read and written else "target" if written else "source"


@dataclass(frozen=True)
class Pair:
    """An explicit map in the text: words for a source field (or a constant) and a target field.

    `tentative`: the words alone don't say that it is one; it holds where both name fields.
    """

    source: str
    target: str
    constant: bool = False
    tentative: bool = False


@dataclass(frozen=True)
class Place:
    """A value named in the text with its label: a channel, a base, a table."""

    label: str
    value: str
    start: int
    end: int = 0

    def holds(self, position: int) -> bool:
        return self.start <= position < self.end


@dataclass(frozen=True)
class Aspect:
    """One number of two records that is carried over: entities and paths of both sides."""

    read: str
    source: str
    written: str
    target: str


@dataclass(frozen=True)
class Flow:
    """One workflow that the text asks for."""

    source: str
    source_entity: str
    target: str
    target_entity: str
    trigger: Trigger
    event: Event | None = None
    filters: list[Filter] = field(default_factory=list)
    trigger_clear: bool = True
    aspect: Aspect | None = None
