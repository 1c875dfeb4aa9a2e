"""How a webhook's sender is answered before its workflow ran: as its system wants it."""

import json

from starlette.responses import JSONResponse, PlainTextResponse, Response

from pipeline.catalogue.model import Receipt


def handshake(receipt: Receipt, body: bytes) -> Response | None:
    """The answer to a sender that only asks whether it is heard; None where this is an event."""
    if receipt.handshake is None:
        return None
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict):
        return None
    expected = receipt.handshake.body
    if any(name not in asked or asked[name] != value for name, value in expected.items()):
        return None
    echo = asked.get(receipt.handshake.echo)
    return PlainTextResponse(echo) if isinstance(echo, str) else Response(status_code=200)


def accepted(receipt: Receipt, event_id: str) -> Response:
    """The event is stored; its workflow runs later."""
    if receipt.empty:
        return Response(status_code=receipt.status)
    return JSONResponse({"event": event_id}, receipt.status)
