"""A small Shopify, so that these tests stand without the catalogue's data of it."""

from typing import Any

from pipeline.catalogue.catalogue import Catalogue
from pipeline.catalogue.model import Entity, Event, Signature, SystemEntry

_TEXT = {"type": ["string", "null"]}
_MONEY = {"type": "string", "x-weft-unit": "major"}
_ADDRESS = {
    "type": ["object", "null"],
    "properties": {
        name: _TEXT
        for name in ("address1", "address2", "city", "province_code", "zip", "country_code")
    },
}


def _list(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


ORDER: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer", "x-weft-key": "id"},
        "name": {"type": "string", "x-weft-key": "natural"},
        "email": {**_TEXT, "format": "email"},
        "created_at": {"type": "string", "format": "date-time"},
        "currency": {"type": "string"},
        "note": _TEXT,
        "test": {"type": "boolean"},
        "total_tax": _MONEY,
        "customer": {
            "type": ["object", "null"],
            "properties": {name: _TEXT for name in ("first_name", "last_name", "phone")},
        },
        "billing_address": _ADDRESS,
        "shipping_address": _ADDRESS,
        "line_items": _list(title=_TEXT, sku=_TEXT, quantity={"type": "integer"}, price=_MONEY),
        "shipping_lines": _list(title=_TEXT, price=_MONEY),
        "discount_codes": _list(code=_TEXT, amount=_MONEY),
    },
}


def catalogue() -> Catalogue:
    """What ships, with this Shopify in place of its own."""
    shopify = SystemEntry(
        name="shopify",
        display_name="Shopify",
        entities=[Entity(name="order", display_name="Order", record_schema=ORDER)],
        events=[Event(name="orders/create", entity="order", action="created")],
        signature=Signature(header="X-Shopify-Hmac-Sha256"),
    )
    return Catalogue(added=(shopify,))
