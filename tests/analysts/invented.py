"""A small catalogue of systems that do not exist, for texts about more than the real ones."""

from pathlib import Path
from typing import Any

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import Entity, Event, SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.plan.model import Auth, ConfigItem, Pagination

_TEXT: dict[str, Any] = {"type": "string"}
_ID: dict[str, Any] = {"type": "string", "readOnly": True, "x-weft-key": "id"}
_EMAIL: dict[str, Any] = {"type": "string", "format": "email", "x-weft-key": "natural"}
_TIME: dict[str, Any] = {"type": "string", "format": "date-time"}
API_KEY = Auth(type="api-key", parameter="X-Key")
OAUTH = Auth(type="oauth2", grant="authorization-code", token_url="https://id.example.com/token")
MACHINE = Auth(type="oauth2", grant="client-credentials", token_url="https://id.example.com/token")
BASIC = Auth(type="basic-auth")


def _entity(name: str, fields: dict[str, Any], required: tuple[str, ...] = (), *aliases: str,
            free: bool = False) -> Entity:  # fmt: skip
    schema: dict[str, Any] = {"type": "object", "properties": fields, "required": list(required)}
    if free:
        schema["additionalProperties"] = True
    return Entity(name=name, display_name=name.replace("-", " ").title(), aliases=list(aliases),
                  record_schema=schema)  # fmt: skip


def _operations(entity: str) -> list[Operation]:
    rows = [("create", "POST", ""), ("update", "PATCH", "/{id}"), ("read", "GET", "/{id}"),
            ("list", "GET", ""), ("find", "GET", "")]  # fmt: skip
    return [
        Operation(id=f"{action}-{entity}", entity=entity, action=action, method=method,
                  path=f"/{entity}s{tail}",
                  find_by={"email": "{value}", "name": "{value}"} if action == "find" else {},
                  pagination=Pagination(style="page" if action == "list" else "none"))  # type: ignore[arg-type]
        for action, method, tail in rows
    ]  # fmt: skip


def _events(entity: str, *actions: str) -> list[Event]:
    return [Event(name=f"{entity}.{action}", entity=entity, action=action,  # type: ignore[arg-type]
                  phrases=[f"{entity} {action}"]) for action in actions]  # fmt: skip


def _system(
    name: str,
    display: str,
    entities: list[Entity],
    events: list[Event],
    auth: list[Auth],
    *aliases: str,
    config: tuple[ConfigItem, ...] = (),
) -> SystemEntry:
    return SystemEntry(
        name=name, display_name=display, aliases=list(aliases), auth=auth, entities=entities,
        base_url=f"https://api.{name}.example.com", events=events, config=list(config),
        operations=[one for entity in entities for one in _operations(entity.name)],
        docs_url=f"https://docs.{name}.example.com",
    )  # fmt: skip


RELATO = _system(
    "relato",
    "Relato",
    [
        _entity(
            "contact",
            {
                "id": _ID,
                "email": _EMAIL,
                "first_name": _TEXT,
                "last_name": _TEXT,
                "phone": _TEXT,
                "company": _TEXT,
                "updated_at": _TIME,
                "lifecycle": {"type": "string", "enum": ["lead", "customer", "churned"]},
                "active": {"type": "boolean"},
            },
            (),
            "person",
            "people",
        ),
        _entity(
            "deal",
            {
                "id": _ID,
                "name": {**_TEXT, "x-weft-key": "natural"},
                "amount": {"type": "number", "x-weft-unit": "major"},
                "stage": _TEXT,
                "owner": _TEXT,
                "closed_at": _TIME,
                "updated_at": _TIME,
                "currency": _TEXT,
            },
            (),
            "opportunity",
        ),
    ],
    [*_events("contact", "created", "updated", "deleted"), *_events("deal", "created", "updated")],
    [API_KEY, OAUTH, MACHINE],
    "relato crm",
)

LEDGERLY = _system(
    "ledgerly",
    "Ledgerly",
    [
        _entity(
            "invoice",
            {
                "id": _ID,
                "number": {**_TEXT, "x-weft-key": "natural", "maxLength": 20},
                "status": {"type": "string", "enum": ["draft", "sent", "paid", "void"]},
                "total": {"type": "number", "x-weft-unit": "major"},
                "currency": _TEXT,
                "email": {"type": "string", "format": "email"},
                "test": {"type": "boolean"},
                "client_id": {
                    "type": "string",
                    "x-weft-reference": {"entity": "client", "field": "id"},
                },
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["amount"],
                        "properties": {
                            "title": _TEXT,
                            "quantity": {"type": "number"},
                            "unit_price": {"type": "number", "x-weft-unit": "major"},
                            "amount": {"type": "number", "x-weft-unit": "major"},
                        },
                    },
                },
            },
            ("client_id",),
            "bill",
        ),
        _entity(
            "client",
            {
                "id": _ID,
                "email": _EMAIL,
                "name": {**_TEXT, "x-weft-synonyms": ["full name"]},
                "updated_at": {**_TIME, "readOnly": True},
                "kind": {
                    "type": "string",
                    "enum": ["person", "company"],
                    "x-weft-default": {"value": "person", "why": "most are"},
                },
            },
            ("name",),
            "customer",
        ),
    ],
    _events("invoice", "created", "updated"),
    [OAUTH, BASIC],
)

DESKLY = _system(
    "deskly",
    "Deskly",
    [
        _entity(
            "ticket",
            {
                "id": _ID,
                "subject": {**_TEXT, "x-weft-synonyms": ["title"]},
                "description": _TEXT,
                "tags": {"type": "array", "items": _TEXT},
                "requester_email": _TEXT,
                "status": {"type": "string", "enum": ["open", "pending", "solved"]},
                "priority": {"type": "string", "enum": ["low", "normal", "high", "urgent"]},
                "comment": _TEXT,
                "updated_at": _TIME,
            },
            (),
            "case",
            "request",
        )
    ],
    _events("ticket", "created", "updated"),
    [BASIC, OAUTH],
)

PINGWORD = _system(
    "pingword", "Pingword",
    [_entity("message", {"id": _ID, "channel": _TEXT, "text": _TEXT}, ("channel", "text"), "post")],
    _events("message", "created"), [OAUTH],
)  # fmt: skip

GRIDLET = _system(
    "gridlet", "Gridlet",
    [_entity("row", {"row_number": _ID}, (), "line", "sheet", free=True)],
    [], [OAUTH], "gridlet sheets", "gridlet sheet",
    config=(ConfigItem(name="sheet_id", label="Sheet"), ConfigItem(name="table", label="Table")),
)  # fmt: skip

CODEHUT = _system(
    "codehut",
    "CodeHut",
    [
        _entity(
            "issue",
            {
                "id": _ID,
                "title": _TEXT,
                "body": _TEXT,
                "html_url": {"type": "string", "format": "uri"},
                "labels": {"type": "array", "items": _TEXT},
            },
            ("title",),
            "bug",
        )
    ],
    _events("issue", "created", "updated"),
    [API_KEY, OAUTH],
    config=(
        ConfigItem(name="owner", label="Owner"),
        ConfigItem(name="repository", label="Repository"),
    ),
)

ALL = (RELATO, LEDGERLY, DESKLY, PINGWORD, GRIDLET, CODEHUT)


def catalogue() -> Catalogue:
    """Only the invented systems."""
    return Catalogue(folder=Path("/nowhere"), added=ALL)
