"""REST requests that are told apart by more than their path, in systems of the catalogue."""

import base64
import json
from typing import Any

import pytest

from pipeline.catalogue.catalogue import Catalogue
from pipeline.simulation.answers import MockResponse
from pipeline.simulation.credentials import sample_headers
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.samples import record_for


class Client:
    def __init__(self, system: str) -> None:
        self.mock = MockSystem(Catalogue.load().system(system))

    def send(
        self, operation: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> MockResponse:
        """With the headers of the operation that is meant; which one it is shows in the path."""
        [meant] = [each for each in self.mock.entry.operations if each.id == operation]
        content = b"" if body is None else json.dumps(body).encode()
        sent = {**sample_headers(self.mock.entry, meant), **(headers or {})}
        return self.mock.handle(meant.method, path, dict(meant.query), sent, content)

    @property
    def called(self) -> str:
        return self.mock.exchanges.all()[-1].operation


@pytest.mark.parametrize(
    ("ticket", "operation"),
    [
        ({"status": "solved"}, "update-ticket"),
        ({"comment": {"body": "Try again"}}, "create-comment"),
        ({"comment": {"body": "Note", "public": False}}, "create-internal-note"),
        ({"comment": {"body": "Done"}, "status": "solved"}, "update-ticket"),
        ({"status": "done"}, "update-ticket"),
    ],
)
def test_operations_of_one_path_are_told_apart_by_the_body(ticket: Any, operation: str) -> None:
    client = Client("zendesk")
    client.mock.create("ticket", {"id": 7})
    response = client.send("update-ticket", "/tickets/7", {"ticket": ticket})
    assert client.called == operation
    assert (response.status == 200) == (ticket.get("status") != "done")


def test_what_the_path_says_of_a_record_is_kept_in_its_type() -> None:
    client = Client("zendesk")
    client.mock.create("ticket", {"id": 7})
    client.send("create-comment", "/tickets/7", {"ticket": {"comment": {"body": "Try again"}}})
    [comment] = client.mock.records("comment")
    assert comment["ticket_id"] == 7


def test_a_list_has_the_records_of_its_parent_only() -> None:
    client = Client("typeform")
    for seed in range(2):
        record = record_for(client.mock.entry, "response", seed)
        client.mock.create("response", {**record, "form_id": f"form{seed}"})
    listed = client.send("list-responses", "/forms/form1/responses").json()["items"]
    assert [each["form_id"] for each in listed] == ["form1"]


def test_an_upsert_is_matched_on_the_fields_that_the_request_names() -> None:
    client = Client("airtable")
    for level in ("basic", "gold"):
        record = {"fields": {"Email": "ada@example.com", "Level": level}}
        body = {"performUpsert": {"fieldsToMergeOn": ["Email"]}, "records": [record]}
        assert client.send("upsert-record", "/base/table", body).status == 200
    [kept] = client.mock.records("record")
    assert kept["fields"] == {"Email": "ada@example.com", "Level": "gold"}


def test_fields_to_match_on_that_are_no_names_match_nothing() -> None:
    client = Client("airtable")
    body = {"performUpsert": {"fieldsToMergeOn": [["Email"], 7]}, "records": [{"fields": {}}]}
    assert client.send("upsert-record", "/base/table", body).status == 200


def test_a_list_since_a_moment_may_say_it_in_a_header() -> None:
    client = Client("xero")
    for day in (1, 3):
        record = record_for(client.mock.entry, "contact", day)
        moment = f"2026-03-0{day}T00:00:00Z"
        client.mock.create("contact", {**record, "UpdatedDateUTC": moment})
    since = {"If-Modified-Since": "2026-03-02T00:00:00Z"}
    listed = client.send("list-contacts", "/Contacts", headers=since).json()["Contacts"]
    assert [each["UpdatedDateUTC"] for each in listed] == ["2026-03-03T00:00:00Z"]


@pytest.mark.parametrize("key", ["orders/2026/1001.json", "orders%2F2026%2F1001.json"])
def test_a_key_with_slashes_is_written_read_replaced_and_deleted(key: str) -> None:
    client = Client("s3")
    for total in (20.5, 21):
        assert client.send("put-object", f"/{key}", {"total": total}).status == 200
    [kept] = client.mock.records("object")
    assert (kept["Key"], kept["total"]) == ("orders/2026/1001.json", 21)
    assert client.send("get-object", f"/{key}").json()["total"] == 21
    client.send("delete-object", f"/{key}")
    assert client.mock.records("object") == []


def test_an_email_is_read_before_it_is_kept() -> None:
    client = Client("gmail")
    email = b"To: ada@example.com\r\nSubject: Hi\r\n\r\nHello\r\n"
    client.send("send-message", "/messages/send", {"raw": base64.urlsafe_b64encode(email).decode()})
    [message] = client.mock.records("message")
    assert (message["to"], message["subject"], message["text"]) == (
        "ada@example.com",
        "Hi",
        "Hello",
    )


def test_events_that_share_a_name_are_told_apart_by_the_payload() -> None:
    mock = Client("github").mock
    headers, body = mock.sample_event("issues.closed")
    assert headers["X-GitHub-Event"] == "issues"
    assert json.loads(body)["action"] == "closed"


def test_a_list_of_ids_says_no_more_and_a_read_has_the_email_in_parts() -> None:
    client = Client("gmail")
    client.mock.create("label", {"id": "Label_7", "name": "Invoices"})
    client.mock.create(
        "message",
        {"id": "m1", "subject": "Hi", "text": "Hello", "snippet": "He", "labels": ["Invoices"],
         "received_at": "2026-11-22T08:00:00Z"},
    )  # fmt: skip
    listed = client.send("list-messages", "/messages").json()
    assert listed["messages"] == [{"id": "m1"}]
    message = client.send("read-message", "/messages/m1").json()
    assert message["labelIds"] == ["Label_7"]
    assert message["payload"]["headers"] == [{"name": "Subject", "value": "Hi"}]
    [part] = message["payload"]["parts"]
    assert base64.urlsafe_b64decode(part["body"]["data"] + "==") == b"Hello"
    assert message["internalDate"] == "1795334400000"
    assert not {"labels", "subject", "text", "received_at"} & set(message)


def test_messages_are_listed_since_a_time_in_seconds() -> None:
    client = Client("gmail")
    for day in (20, 22):
        client.mock.create("message", {"received_at": f"2026-11-{day}T08:00:00Z"})
    path = "/messages?q=after:1795200000"
    assert len(client.send("list-messages", path).json()["messages"]) == 1


def test_a_list_by_post_is_asked_by_its_body() -> None:
    client = Client("notion")
    for day in (20, 21, 22):
        client.mock.create("page", {"last_edited_time": f"2026-11-{day}T08:00:00Z"})
    path = "/v1/data_sources/source/query"
    field = "last_edited_time"
    since = {
        "filter": {"timestamp": field, field: {"on_or_after": "2026-11-21T00:00:00Z"}},
        "sorts": [{"timestamp": field, "direction": "ascending"}],
    }
    first = client.send("list-pages", path, {**since, "page_size": 1}).json()
    assert (len(first["results"]), first["has_more"]) == (1, True)
    position = {"page_size": 1, "start_cursor": first["next_cursor"]}
    second = client.send("list-pages", path, {**since, **position}).json()
    assert (len(second["results"]), second["has_more"]) == (1, False)
    assert client.send("list-pages", f"{path}?page_size=1", {}).status == 400
    assert client.send("list-pages", path, {"filter": {"timestamp": "created"}}).status == 400
