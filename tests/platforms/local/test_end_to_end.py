"""Webhook in, child, egress, answer: with a real runner process and a real Deno child."""

from tests.platforms.local.conftest import Deployed
from tests.platforms.local.projects import SECRET, Books, wait_until


def test_an_event_reaches_the_target_with_the_runners_credential(
    deployed: Deployed, books: Books
) -> None:
    answer = deployed.send("take-order", b'{"id": 7}')

    assert answer.status_code == 202
    event_id = answer.json()["event"]
    wait_until(lambda: deployed.platform.event(event_id).state == "done")
    (method, path, headers, body) = books.requests[0]
    assert (method, path, body) == ("POST", "/api/receipts", b'{"order":7,"version":1}')
    assert headers["x-books-key"] == SECRET
    assert "authorization" not in headers
    assert deployed.platform.event(event_id).result == {"count": 1}


def test_a_synchronous_webhook_answers_with_the_workflows_result(deployed: Deployed) -> None:
    answer = deployed.send("echo", b'{"hello": "world"}')

    assert answer.status_code == 200
    assert answer.json() == {"echoed": {"hello": "world"}, "version": 1}
