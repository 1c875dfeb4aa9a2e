"""One request to the API that keeps the description, and what its behaviour needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tests.versori.state import Body, Environment, Organisation, Project, System, Template

Found = TypeVar("Found")


class Refusal(Exception):
    """An answer in the API's shape of errors."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "message": message, "details": details}


def missing(what: str, name: str) -> Refusal:
    return Refusal(404, "not_found", f"{what} not found", name)


def taken(what: str, name: str) -> Refusal:
    return Refusal(409, "already_exists", f"{what} already exists", name)


def wrong(message: str, details: str = "") -> Refusal:
    return Refusal(400, "invalid_argument", message, details)


@dataclass(frozen=True)
class Call:
    """`url` is where the API answers, for the addresses that it gives out."""

    organisation: Organisation
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    url: str

    @property
    def project(self) -> Project:
        return self._found(self.organisation.projects, "project", self.path["project_id"])

    @property
    def system(self) -> System:
        return self._found(self.organisation.systems, "system", self.path["system_id"])

    @property
    def template(self) -> Template:
        templates = self.organisation.templates
        found = self._found(templates, "connection template", self.path["template_id"])
        if self.organisation.environments[found.environment].project != self.project.id:
            raise missing("connection template", found.id)
        return found

    def named_environment(self, name: str) -> Environment:
        found = self.organisation.environment(self.project.id, name)
        if found is None:
            raise missing("environment", name)
        return found

    def environment(self, environment_id: str) -> Environment:
        return self._found(self.organisation.environments, "environment", environment_id)

    def page(self, items: list[Body]) -> Body:
        """Twenty unless told otherwise; `next` is the id to ask after."""
        first = int(self.query.get("first", "20"))
        ids = [item["id"] for item in items]
        after = self.query.get("after")
        start = ids.index(after) + 1 if after in ids else 0
        shown = items[start : start + first]
        more = start + first < len(items)
        follows = {"next": shown[-1]["id"]} if more and shown else {}
        return {"totalCount": len(items), "items": shown, **follows}

    @staticmethod
    def _found(among: dict[str, Found], what: str, record_id: str) -> Found:
        if record_id not in among:
            raise missing(what, record_id)
        return among[record_id]


Handler = Callable[[Call], Any]
HANDLERS: dict[str, Handler] = {}


def handles(operation: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        HANDLERS[operation] = handler
        return handler

    return register
