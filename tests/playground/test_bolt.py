"""A real Bolt app against the double: over signed HTTP, and over Socket Mode."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.server import Playground
from tests.playground.person import Person
from tests.playground.receiver import free_port
from tests.playground.test_interactions import buttons, field, form


@pytest.fixture
def app(playground: Playground, client: WebClient) -> App:
    """Answers a mention with a button, which opens a modal, whose value it says."""
    app = App(client=client, signing_secret=playground.app.signing_secret)

    @app.event("app_mention")
    def answer(event: dict[str, Any], say: Any) -> None:
        say(text="May I?", blocks=buttons("Connect"), thread_ts=event["ts"])

    @app.event("message")
    def ignore() -> None:
        pass

    @app.action("connect")
    def ask(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        place = f"{body['channel']['id']} {body['message']['thread_ts']}"
        view = form(field("shop"), private_metadata=place)
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("form")
    def take(ack: Any, view: dict[str, Any], client: WebClient) -> None:
        shop = view["state"]["values"]["shop"]["value"]["value"]
        if " " in shop:
            ack(response_action="errors", errors={"shop": "A shop's name has no spaces."})
            return
        ack()
        channel, thread = view["private_metadata"].split()
        client.chat_postMessage(channel=channel, thread_ts=thread, text=f"Connected to {shop}.")

    @app.command("/integrate")
    def start(ack: Any, command: dict[str, Any]) -> None:
        ack(f"Starting: {command['text']}")

    return app


@pytest.fixture
def over_http(playground: Playground, app: App) -> Iterator[None]:
    handler = SlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        await request.body()  # Bolt's handler reads it again, without a loop of its own
        return await handler.handle(request)

    port = free_port()
    routes = [Route("/slack/events", endpoint, methods=["POST"])]
    config = uvicorn.Config(Starlette(routes=routes), port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started)
    playground.deliver_to(f"http://127.0.0.1:{port}/slack/events")
    yield
    server.should_exit = True
    thread.join()


@pytest.fixture
def over_socket(playground: Playground, app: App) -> Iterator[None]:
    handler = SocketModeHandler(app, playground.app.app_token, web_client=app.client)
    handler.connect()  # type: ignore[no-untyped-call]
    eventually(lambda: playground.slack.socket_mode.connected)
    yield
    session: Any = handler.client.current_session
    session.sock.settimeout(0.05)  # closing waits for the socket, otherwise for three seconds
    session.ping()
    handler.close()  # type: ignore[no-untyped-call]


@pytest.fixture(params=["over_http", "over_socket"])
def connected(request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(request.param)


def eventually(condition: Callable[[], Any]) -> Any:
    end = time.monotonic() + 5
    while not (result := condition()):
        assert time.monotonic() < end, "this never came true"
        time.sleep(0.01)
    return result


@pytest.mark.usefixtures("connected")
def test_a_conversation_from_the_mention_to_the_modal(maya: Person) -> None:
    root = maya.say("@weft connect my shop")
    eventually(lambda: len(maya.messages()) == 2)
    maya.click("Connect")
    eventually(maya.views)
    refused = maya.submit({"shop": {"value": "my shop"}})
    assert refused["errors"] == {"shop": "A shop's name has no spaces."}
    maya.submit({"shop": {"value": "acme"}})
    eventually(lambda: len(maya.messages()) == 3)
    last = maya.messages()[-1]
    assert (last["text"], last["thread_ts"]) == ("Connected to acme.", root["ts"])


@pytest.mark.usefixtures("connected")
def test_a_command_is_answered_privately(maya: Person) -> None:
    maya.command("/integrate", "orders to receipts")
    (message,) = maya.messages()
    assert message["text"] == "Starting: orders to receipts"
    assert message["ephemeral_to"] == maya.user


@pytest.mark.usefixtures("over_http")
def test_a_forged_signature_is_refused_by_bolt(playground: Playground, maya: Person) -> None:
    playground.slack._http._signer.signing_secret = "forged"  # type: ignore[union-attr]
    maya.say("@weft hello")
    playground.settle()
    outcomes = {attempt.outcome for attempt in playground.slack.courier.attempts}
    assert outcomes == {"http_401"}


@pytest.mark.usefixtures("over_socket")
def test_a_refreshed_socket_is_opened_anew(playground: Playground, maya: Person) -> None:
    playground.within(playground.slack.socket_mode.close)
    eventually(lambda: len(playground.slack.calls.of("apps.connections.open")) == 2)
    eventually(lambda: playground.slack.socket_mode.connected)
    maya.say("@weft hello")
    eventually(lambda: len(maya.messages()) == 2)
