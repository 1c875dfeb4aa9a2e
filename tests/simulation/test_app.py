"""The mock over HTTP: mounted anywhere, with consent page and controls."""

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from pipeline.simulation.app import AUTHORIZE_PATH, TOKEN_PATH, create_app
from pipeline.simulation.mock import MockSystem

_HEADERS = {"X-Key": "k"}


class Receiver:
    """A webhook's receiving end."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], Any]] = []

    async def receive(self, request: Request) -> Response:
        self.requests.append((dict(request.headers), await request.json()))
        return Response(status_code=202)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def client(mock: MockSystem, receiver: Receiver) -> Iterator[httpx.Client]:
    """A real server, since faults are about connections."""
    routes = [
        Mount("/mock/books", create_app(mock)),
        Route("/hook", receiver.receive, methods=["POST"]),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), host="127.0.0.1", port=0, log_level="critical", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/mock/books", timeout=5) as http:
        yield http
    server.should_exit = True
    thread.join(timeout=10)


def test_the_api_is_served_below_the_mount(client: httpx.Client) -> None:
    made = client.post("/customer?v=7", json={"Name": "Ada"}, headers=_HEADERS)
    assert (made.status_code, made.json()["Customer"]["Id"]) == (200, "1")
    assert client.get("/customer/1?v=7", headers=_HEADERS).json() == made.json()
    assert client.get("/__weft/records/customer").json() == [made.json()["Customer"]]
    assert client.get("/customer/1?v=7").status_code == 401


def test_a_person_approves_and_the_app_gets_its_token(client: httpx.Client) -> None:
    query = {
        "response_type": "code", "client_id": "app<b>", "scope": "books", "state": "s",
        "redirect_uri": "http://127.0.0.1:9/back",
    }  # fmt: skip
    page = client.get(AUTHORIZE_PATH, params=query)
    assert "Approve" in page.text
    assert "app&lt;b&gt;" in page.text
    denied = client.post(AUTHORIZE_PATH, params=query, data={"decision": "deny"})
    assert "error=access_denied" in denied.headers["location"]
    approved = client.post(AUTHORIZE_PATH, params=query, data={"decision": "approve"})
    code = parse_qs(urlsplit(approved.headers["location"]).query)["code"][0]
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": query["redirect_uri"],
    }  # fmt: skip
    token = client.post(TOKEN_PATH, data=form, auth=("app<b>", "secret")).json()["access_token"]
    api = client.get("/receipts", headers={"Authorization": f"Bearer {token}"})
    assert api.status_code == 200
    wrong = client.get(AUTHORIZE_PATH, params={**query, "redirect_uri": "nowhere"})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_request")


def test_an_event_is_made_and_delivered_to_all_who_want_it(
    client: httpx.Client, receiver: Receiver
) -> None:
    hook = f"http://127.0.0.1:{client.base_url.port}/hook"
    wish = {"event": "customer.created", "url": hook, "secret": "s"}
    assert client.post("/__weft/subscriptions", json=wish).status_code == 200
    client.post("/__weft/subscriptions", json=wish)
    answer = client.post("/__weft/events/customer.created", json={"overrides": {"Name": "Ada"}})
    assert [each["status"] for each in answer.json()["deliveries"]] == [202]
    [(headers, body)] = receiver.requests
    assert body["data"][0]["Name"] == "Ada"
    assert headers["x-signature"]
    again = client.post("/__weft/events/customer.created", json={"url": hook})
    assert [each["status"] for each in again.json()["deliveries"]] == [202, 202]


def test_faults_are_ordered_seen_and_cancelled(client: httpx.Client) -> None:
    client.post("/__weft/faults", json={"kind": "server-error", "times": 2})
    assert client.get("/receipts", headers=_HEADERS).status_code == 500
    assert client.get("/__weft/faults").json()[0]["times"] == 1
    assert client.delete("/__weft/faults").json() == []
    assert client.get("/receipts", headers=_HEADERS).status_code == 200
    effects = [each["effect"] for each in client.get("/__weft/exchanges").json()]
    assert effects == ["failed", "nothing"]


def test_a_lost_response_cuts_the_connection(client: httpx.Client, mock: MockSystem) -> None:
    client.post("/__weft/faults", json={"kind": "lost-response"})
    with pytest.raises(httpx.RemoteProtocolError):
        client.post("/customer?v=7", json={"Name": "Ada"}, headers=_HEADERS)
    assert len(mock.records("customer")) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/__weft/records/nothing", None, 404),
        ("POST", "/__weft/events/nothing", {}, 404),
        ("POST", "/__weft/events/customer.created", {"record": 7}, 400),
        ("POST", "/__weft/records/customer", [], 400),
        ("POST", "/__weft/faults", {"kind": "meteor"}, 400),
        ("POST", "/__weft/faults", {"kind": "hang", "times": "x"}, 400),
        ("POST", "/__weft/faults", {"kind": "hang", "operation": "x"}, 400),
        ("POST", "/__weft/subscriptions", {"event": "customer.created"}, 400),
    ],
)
def test_a_wrong_control_is_told_what_is_wrong(
    client: httpx.Client, method: str, path: str, body: Any, status: int
) -> None:
    answer = client.request(method, path, json=body)
    assert (answer.status_code, bool(answer.json()["error"])) == (status, True)
