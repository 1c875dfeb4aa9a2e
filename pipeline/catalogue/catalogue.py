"""What Weft knows of other systems: read from data files when asked, one system at a time."""

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

from pipeline.catalogue import files
from pipeline.catalogue.extending import extended
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.openapi import ingest
from pipeline.catalogue.recognise import Recognised, Recogniser
from pipeline.catalogue.search import Hit, Search
from pipeline.plan.model import Learned


class Catalogue:
    """Systems by name. Nothing is changed after loading: `with_spec` gives a copy."""

    def __init__(self, folder: Path = files.FOLDER, added: tuple[SystemEntry, ...] = ()) -> None:
        self._folder = folder
        self._added = {entry.name: entry for entry in added}
        self._read: dict[str, SystemEntry] = {}
        self._searches: dict[str, Search] = {}

    @classmethod
    def load(cls) -> "Catalogue":
        """The catalogue that comes with Weft; the same one each time."""
        return _shipped()

    def with_spec(self, file_name: str, text: str) -> "Catalogue":
        """A copy that also knows the system which a user's OpenAPI document describes.

        It takes the place of a system of which only the name was known; beside one that is
        known in depth it stands under a name of its own. InvalidSpec where it cannot be read.
        """
        entry = ingest(file_name, text)
        known = self._third_tier.get(entry.name)
        if known is not None:
            names = {"display_name": known.display_name, "aliases": known.aliases}
            entry = entry.model_copy(update={**names, "docs_url": known.docs_url})
        elif entry.name in self._folders:
            entry = entry.model_copy(update={"name": f"{entry.name}-custom", "aliases": []})
        return Catalogue(self._folder, (*self._added.values(), entry))

    def with_learned(self, learned: Sequence[Learned]) -> "Catalogue":
        """A copy whose schemas have these fields too; fields of unknown systems are left out."""
        changed: dict[str, SystemEntry] = {}
        for field in learned:
            if field.system in self.names():
                entry = changed.get(field.system) or self.system(field.system)
                changed[field.system] = extended(entry, field)
        if not changed:
            return self
        return Catalogue(self._folder, tuple({**self._added, **changed}.values()))

    def names(self) -> list[str]:
        """The names of all systems, without reading them."""
        return sorted({*self._folders, *self._third_tier, *self._added})

    def known_in_depth(self) -> list[str]:
        """The names of the systems whose fields come with Weft."""
        return sorted(self._folders)

    def systems(self) -> list[SystemEntry]:
        """Every system in full, by name."""
        return [self.system(name) for name in self.names()]

    def system(self, name: str) -> SystemEntry:
        """The system of that name; KeyError where there is none."""
        if name in self._added:
            return self._added[name]
        if name not in self._read:
            folder = self._folders.get(name)
            self._read[name] = files.read_system(folder) if folder else self._third_tier[name]
        return self._read[name]

    def recognise(self, text: str) -> list[Recognised]:
        """The systems that a text names, in its order; the same one may come twice."""
        return self._recogniser.find(text)

    def search(self, text: str, system: str | None = None, limit: int = 5) -> list[Hit]:
        """The calls and events that a few words describe, best first; KeyError for no system.

        Where the words name one system that is known in depth, only that one is searched.
        """
        if system is None:
            named = {one.system for one in self.recognise(text)}
            known = [name for name in named if self.system(name).operations]
            if len(known) != 1:
                return self._everything.find(text, limit)
            system = known[0]
            text = self._without_names(text) or text
        if system not in self._searches:
            self._searches[system] = Search([self.system(system)])
        return self._searches[system].find(text, limit)

    def _without_names(self, text: str) -> str:
        for one in reversed(self.recognise(text)):
            text = f"{text[: one.start]} {text[one.end :]}"
        return text.strip()

    @cached_property
    def _everything(self) -> Search:
        return Search(self.systems())

    @cached_property
    def _recogniser(self) -> Recogniser:
        known = [files.read_names(folder) for folder in self._folders.values()]
        others = {**self._third_tier, **self._added}
        known += [files.names_of(entry) for entry in others.values()]
        return Recogniser(known)

    @cached_property
    def _folders(self) -> dict[str, Path]:
        return files.system_folders(self._folder)

    @cached_property
    def _third_tier(self) -> dict[str, SystemEntry]:
        return {entry.name: entry for entry in files.read_third_tier(self._folder)}


@cache
def _shipped() -> Catalogue:
    return Catalogue()
