"""Commands, clicks and modals: what the bot gets, and what its answer makes of it."""

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.server import Playground
from tests.playground.person import INTEGRATIONS, JONAS, MAYA, Person, Refused
from tests.playground.receiver import Receiver

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def buttons(*labels: str) -> list[Json]:
    elements = [
        {"type": "button", "text": plain(label), "action_id": label.lower(), "value": f"v-{label}"}
        for label in labels
    ]
    return [{"type": "actions", "block_id": "gate", "elements": elements}]


def field(name: str, element: Json | None = None, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "value", **(element or {})}
    return {"type": "input", "block_id": name, "label": plain(name), "element": element, **more}


def form(*blocks: Json, **more: Any) -> Json:
    view = {"type": "modal", "title": plain("Form"), "submit": plain("Save")}
    return view | {"callback_id": "form", "blocks": list(blocks)} | more


@pytest.fixture
def last(receiver: Receiver) -> Any:
    """The newest interaction or command that the bot got."""

    def newest() -> Json:
        payloads = [one.payload for one in receiver.received]
        return next(one for one in reversed(payloads) if one.get("type") != "event_callback")

    return newest


@pytest.fixture
def opened(client: WebClient, maya: Person, last: Any) -> Any:
    """Opens a modal by a click, as every modal is opened."""
    client.chat_postMessage(channel=INTEGRATIONS, text="gate", blocks=buttons("Open"))

    def open_view(view: Json) -> Json:
        maya.click("Open")
        answer = client.views_open(trigger_id=last()["trigger_id"], view=view)
        opened: Json = answer["view"]
        return opened

    return open_view


def error_of(call: Any, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def test_a_command_carries_its_place_and_is_answered_privately(
    playground: Playground, receiver: Receiver, maya: Person, last: Any
) -> None:
    receiver.answer = lambda _: (200, "Started.")
    maya.command("/integrate", "orders to receipts")
    assert {name: last()[name] for name in ("command", "text", "channel_name", "user_id")} == {
        "command": "/integrate",
        "text": "orders to receipts",
        "channel_name": "integrations",
        "user_id": MAYA,
    }
    assert maya.messages()[-1]["text"] == "Started."
    jonas = Person(playground, JONAS)
    assert jonas.messages() == []
    jonas.close()


def test_a_wrong_answer_to_a_command_is_refused_and_recorded(
    receiver: Receiver, maya: Person
) -> None:
    receiver.answer = lambda _: (200, {"text": "a", "colour": "red"})
    with pytest.raises(Refused, match="invalid_arguments"):
        maya.command("/integrate")
    assert maya.get("calls")["calls"][-1]["method"] == "command_reply"


def test_a_response_address_takes_five_messages_within_half_an_hour(
    playground: Playground, maya: Person, last: Any, receiver: Receiver
) -> None:
    maya.command("/integrate")
    address = last()["response_url"]
    for number in range(5):
        assert httpx.post(address, json={"text": str(number)}).status_code == 200
    assert httpx.post(address, json={"text": "6"}).json()["error"] == "used_url"
    assert len(maya.messages()) == 5
    maya.command("/integrate")
    playground.slack.clock.skip(31 * 60)
    assert httpx.post(last()["response_url"], json={"text": "a"}).json()["error"] == "expired_url"


def test_a_click_carries_message_container_and_action(
    client: WebClient, maya: Person, receiver: Receiver, last: Any
) -> None:
    root = maya.say("build it")["ts"]
    posted = client.chat_postMessage(
        channel=INTEGRATIONS, thread_ts=root, text="gate", blocks=buttons("Approve", "Stop")
    )
    maya.click("Approve")
    payload = last()
    assert payload["type"] == "block_actions" and payload["user"]["id"] == MAYA
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": INTEGRATIONS,
        "is_ephemeral": False,
        "thread_ts": root,
    }
    assert payload["channel"] == {"id": INTEGRATIONS, "name": "integrations"}
    assert payload["message"]["blocks"][0]["block_id"] == "gate"
    (action,) = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == (
        "approve",
        "gate",
        "v-Approve",
    )
    assert {"team", "api_app_id", "token", "trigger_id", "response_url", "state"} <= payload.keys()


def test_a_response_address_of_a_click_replaces_or_removes_its_message(
    client: WebClient, maya: Person, receiver: Receiver, last: Any
) -> None:
    client.chat_postMessage(channel=INTEGRATIONS, text="gate", blocks=buttons("Approve"))
    maya.click("Approve")
    address = last()["response_url"]
    httpx.post(address, json={"replace_original": True, "text": "approved"})
    (message,) = maya.messages()
    assert message["text"] == "approved" and "blocks" not in message
    httpx.post(address, json={"delete_original": True})
    assert maya.messages() == []


def test_a_click_may_be_late_but_not_invented(
    client: WebClient, maya: Person, receiver: Receiver, last: Any
) -> None:
    posted = client.chat_postMessage(channel=INTEGRATIONS, text="gate", blocks=buttons("Approve"))
    client.chat_update(channel=INTEGRATIONS, ts=posted["ts"], text="approved by Jonas", blocks=[])
    place = {"channel": INTEGRATIONS, "message_ts": posted["ts"]}
    maya.do("actions", **place, block_id="gate", action_id="approve")
    assert last()["actions"][0]["value"] == "v-Approve"
    with pytest.raises(Refused, match="does not have that button"):
        maya.do("actions", **place, block_id="gate", action_id="deploy")
    client.chat_delete(channel=INTEGRATIONS, ts=posted["ts"])
    with pytest.raises(Refused, match="gone"):
        maya.do("actions", **place, block_id="gate", action_id="approve")


def test_a_choice_is_one_of_those_offered(
    client: WebClient, maya: Person, receiver: Receiver, last: Any
) -> None:
    options = [{"text": plain(name), "value": name} for name in ("fail", "skip")]
    select = {"type": "static_select", "action_id": "choose", "options": options}
    block = {"type": "section", "block_id": "q", "text": plain("Else?"), "accessory": select}
    ts = client.chat_postMessage(channel=INTEGRATIONS, text="question", blocks=[block])["ts"]
    place = {"channel": INTEGRATIONS, "message_ts": ts, "block_id": "q", "action_id": "choose"}
    maya.do("actions", **place, value="skip")
    assert last()["actions"][0]["selected_option"] == options[1]
    with pytest.raises(Refused, match="not offered"):
        maya.do("actions", **place, selected_option={"value": "convert"})


def test_a_trigger_opens_one_modal_within_three_seconds(
    playground: Playground, client: WebClient, maya: Person, receiver: Receiver, last: Any
) -> None:
    maya.command("/integrate")
    trigger = last()["trigger_id"]
    assert client.views_open(trigger_id=trigger, view=form(field("a")))["view"]["hash"]
    again = {"trigger_id": trigger, "view": form(field("a"))}
    assert error_of(client.views_open, **again) == "exchanged_trigger_id"
    maya.command("/integrate")
    playground.slack.clock.skip(3.1)
    late = {"trigger_id": last()["trigger_id"], "view": form(field("a"))}
    assert error_of(client.views_open, **late) == "expired_trigger_id"


def test_a_submission_carries_the_values_and_closes_the_modal(
    maya: Person, opened: Any, last: Any
) -> None:
    options = [{"text": plain(name), "value": name} for name in ("a", "b")]
    view = opened(
        form(
            field("shop"),
            field("key", {"initial_value": "kept"}),
            field("kind", {"type": "static_select", "options": options}),
            field("many", {"type": "checkboxes", "options": options}, optional=True),
            private_metadata="integration-1",
        )
    )
    maya.submit({"shop": {"value": "acme"}, "kind": {"value": "b"}})
    payload = last()
    assert (payload["type"], payload["view"]["id"]) == ("view_submission", view["id"])
    assert payload["view"]["private_metadata"] == "integration-1"
    assert payload["view"]["state"]["values"] == {
        "shop": {"value": {"type": "plain_text_input", "value": "acme"}},
        "key": {"value": {"type": "plain_text_input", "value": "kept"}},
        "kind": {"value": {"type": "static_select", "selected_option": options[1]}},
        "many": {"value": {"type": "checkboxes", "selected_options": []}},
    }
    assert maya.views() == []
    with pytest.raises(Refused, match="not open any more"):
        maya.submit(view_id=view["id"])


def test_a_file_input_yields_files_that_the_bot_can_ask_for(
    client: WebClient, maya: Person, opened: Any, last: Any
) -> None:
    opened(form(field("spec", {"type": "file_input", "filetypes": ["yaml"]})))
    given = {"type": "file_input", "files": [{"name": "a.yaml", "content": "openapi: 3.1.0"}]}
    maya.submit({"spec": {"value": given}})
    (file,) = last()["view"]["state"]["values"]["spec"]["value"]["files"]
    assert client.files_info(file=file["id"])["file"]["name"] == "a.yaml"


def test_slacks_client_holds_a_form_back_until_it_is_complete(
    maya: Person, opened: Any, receiver: Receiver
) -> None:
    opened(
        form(
            field("name"),
            field("short", {"min_length": 3}),
            field("address", {"type": "url_text_input"}),
            field("count", {"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}),
        )
    )
    count = len(receiver.received)
    given = {"short": "ab", "address": "nowhere", "count": "10"}
    answer = maya.submit({name: {"value": value} for name, value in given.items()})
    assert answer["response_action"] == "errors"
    assert answer["errors"] == {
        "name": "Please complete this required field.",
        "short": "Please enter at least 3 characters.",
        "address": "Please enter a valid URL.",
        "count": "Please enter a number no greater than 9.",
    }
    assert len(receiver.received) == count


def test_response_actions_show_errors_update_push_and_clear(
    maya: Person, opened: Any, receiver: Receiver
) -> None:
    first = opened(form(field("a")))
    values = {"a": {"value": "typed"}}
    complaint = {"response_action": "errors", "errors": {"a": "This key was refused."}}
    receiver.answer = lambda _: (200, complaint)
    assert maya.submit(values)["errors"] == {"a": "This key was refused."}
    receiver.answer = lambda _: (200, {"response_action": "update", "view": form(field("b"))})
    maya.submit(values)
    assert maya.modal()["id"] == first["id"]
    assert maya.modal()["blocks"][0]["block_id"] == "b" and maya.modal()["hash"] != first["hash"]
    receiver.answer = lambda _: (200, {"response_action": "push", "view": form(field("a"))})
    maya.submit({"b": {"value": "typed"}})
    stack = maya.views()
    assert stack[1]["previous_view_id"] == stack[1]["root_view_id"] == first["id"]
    receiver.answer = lambda _: (200, {"response_action": "clear"})
    maya.submit(values)
    assert maya.views() == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "a"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "dance"},
        "ok",
    ],
)
def test_a_wrong_response_action_leaves_the_modal_open(
    maya: Person, opened: Any, receiver: Receiver, answer: Any
) -> None:
    opened(form(field("a")))
    receiver.answer = lambda _: (200, answer)
    with pytest.raises(Refused, match="answered wrongly"):
        maya.submit({"a": {"value": "typed"}})
    assert len(maya.views()) == 1


def test_a_stack_holds_three_and_needs_a_trigger_of_its_modal(
    client: WebClient, maya: Person, opened: Any, last: Any
) -> None:
    more = {"type": "button", "text": plain("More"), "action_id": "more"}
    view = form({"type": "actions", "block_id": "more", "elements": [more]})
    opened(view)
    foreign = last()["trigger_id"]
    assert error_of(client.views_push, trigger_id=foreign, view=view) == "exchanged_trigger_id"

    def push() -> None:
        place = {"block_id": "more", "action_id": "more"}
        maya.do("actions", view_id=maya.modal()["id"], **place)
        client.views_push(trigger_id=last()["trigger_id"], view=view)

    push()
    push()
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        push()
    assert last()["container"]["type"] == "view" and "message" not in last()
    maya.close_modal()
    assert len(maya.views()) == 2


def test_an_update_needs_the_current_hash_and_an_open_view(
    client: WebClient, maya: Person, opened: Any
) -> None:
    view = opened(form(field("a"), external_id="one"))
    newer = form(field("a"), title=plain("Loaded"))
    client.views_update(view_id=view["id"], hash=view["hash"], view=newer)
    stale = {"view_id": view["id"], "hash": view["hash"], "view": newer}
    assert error_of(client.views_update, **stale) == "hash_conflict"
    maya.close_modal()
    assert error_of(client.views_update, view_id=view["id"], view=newer) == "not_found"


def test_closing_is_told_when_asked_for_and_can_clear_the_stack(
    playground: Playground, maya: Person, opened: Any, last: Any
) -> None:
    opened(form(field("a"), notify_on_close=True, clear_on_close=True))
    maya.close_modal()
    playground.settle()
    assert (last()["type"], last()["is_cleared"]) == ("view_closed", True)
    opened(form(field("a")))
    maya.close_modal()
    playground.settle()
    assert last()["type"] == "block_actions"


def test_a_modal_is_its_own_persons(playground: Playground, maya: Person, opened: Any) -> None:
    view = opened(form(field("a")))
    jonas = Person(playground, JONAS)
    with pytest.raises(Refused, match="not open"):
        jonas.submit(view_id=view["id"])
    assert jonas.views() == []
    jonas.close()


def test_a_home_is_published_and_updated(client: WebClient, maya: Person) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = client.views_publish(user_id=MAYA, view=home)["view"]
    assert maya.get("views", user=MAYA)["home"]["id"] == first["id"]
    stale = {"user_id": MAYA, "view": home, "hash": "1.2"}
    assert error_of(client.views_publish, **stale) == "hash_conflict"
    modal = {"user_id": MAYA, "view": form(field("a"))}
    assert error_of(client.views_publish, **modal) == "invalid_arguments"
