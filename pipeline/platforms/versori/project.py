"""A project as Weft names it: the context that it was made in, and its id there."""

import re
from dataclasses import dataclass

from pipeline.errors import PlatformError

_ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_PAGES = "https://ai.versori.com/integrations"


def is_id(text: str) -> bool:
    """Whether it has the form of Versori's ids: 26 characters, a ULID."""
    return _ULID.fullmatch(text) is not None


@dataclass(frozen=True)
class Project:
    """The context stays with the id: another one that becomes active later changes nothing."""

    context: str
    id: str

    @classmethod
    def parse(cls, text: str) -> "Project":
        """Of `<context>/<id>`. PlatformError where it is no such thing."""
        context, _, project_id = text.rpartition("/")
        if not context or not is_id(project_id):
            raise PlatformError(f"There is no project “{text}” on Versori: set it up again.")
        return cls(context, project_id)

    def __str__(self) -> str:
        return f"{self.context}/{self.id}"

    def page(self, organisation_id: str) -> str:
        """Where a person sees the project and connects its systems."""
        return f"{_PAGES}/{self.id}?org={organisation_id}"
