"""What the webhook ingress takes, refuses, keeps and answers."""

from tests.platforms.local.conftest import Deployed
from tests.platforms.local.projects import Books, wait_until


def test_a_wrong_signature_is_refused_and_nothing_is_stored(deployed: Deployed) -> None:
    answer = deployed.send("take-order", b'{"id": 1}', **{"X-Shop-Signature": "d3Jvbmc="})

    assert answer.status_code == 401
    assert deployed.states() == []


def test_a_missing_signature_is_refused(deployed: Deployed) -> None:
    answer = deployed.send("take-order", b'{"id": 1}', **{"X-Other": "1"})

    assert answer.status_code == 401


def test_a_signature_of_another_body_is_refused(deployed: Deployed) -> None:
    stolen = deployed.signature(b'{"id": 1}')

    assert deployed.send("take-order", b'{"id": 2}', **stolen).status_code == 401


def test_a_huge_body_is_refused(deployed: Deployed) -> None:
    answer = deployed.send("take-order", b"x" * (5 * 1024 * 1024 + 1))

    assert answer.status_code == 413
    assert deployed.states() == []


def test_an_unknown_workflow_is_not_found(deployed: Deployed) -> None:
    assert deployed.send("no-such", b"{}").status_code == 404


def test_an_unknown_project_is_not_found(deployed: Deployed) -> None:
    deployed.project_id, known = "prj_unknown", deployed.project_id
    try:
        assert deployed.send("take-order", b"{}").status_code == 404
    finally:
        deployed.project_id = known


def test_the_wrong_method_is_refused(deployed: Deployed) -> None:
    assert deployed.request("PUT", "take-order", b"{}").status_code == 405


def test_a_body_that_is_no_json_reaches_the_workflow_as_text(deployed: Deployed) -> None:
    assert deployed.send("echo", "naïve 🙂".encode()).json()["echoed"] == "naïve 🙂"


def test_an_empty_body_reaches_the_workflow(deployed: Deployed) -> None:
    assert deployed.send("echo", b"").status_code == 200


def test_bytes_that_are_no_text_are_taken(deployed: Deployed) -> None:
    assert deployed.send("echo", b"\xff\xfe\x00").status_code == 200


def test_a_paused_deployment_keeps_events_until_it_goes_on(
    deployed: Deployed, books: Books
) -> None:
    deployed.platform.pause(deployed.project_id, "test")
    assert deployed.send("take-order", b'{"id": 1}').status_code == 202
    assert deployed.send("echo", b'{"id": 1}').status_code == 202
    assert deployed.states() == ["pending", "pending"]

    deployed.platform.resume(deployed.project_id, "test")

    wait_until(lambda: deployed.states() == ["done", "done"])
    assert books.orders == [1]


def test_a_stopped_deployment_has_no_address(deployed: Deployed) -> None:
    deployed.platform.stop(deployed.project_id, "test")

    assert deployed.send("take-order", b"{}").status_code == 404
    assert deployed.platform.deployment(deployed.project_id, "test") is None


def test_a_failed_event_keeps_its_reason_and_can_be_replayed(
    deployed: Deployed, books: Books
) -> None:
    books.status = 500
    event_id = deployed.send("take-order", b'{"id": 1}').json()["event"]
    wait_until(lambda: deployed.platform.event(event_id).state == "failed")
    assert "receipts: 500" in deployed.platform.event(event_id).reason

    books.status = 201
    again = deployed.platform.replay(event_id)

    wait_until(lambda: deployed.platform.event(again).state == "done")
    assert deployed.platform.event(again).replay_of == event_id
    assert deployed.platform.event(event_id).state == "failed"


def test_a_failing_synchronous_webhook_answers_500(deployed: Deployed, books: Books) -> None:
    answer = deployed.send("pry", b'{"paths": 5}')

    assert answer.status_code == 500


def test_many_events_at_once_all_arrive_once(deployed: Deployed, books: Books) -> None:
    for number in range(40):
        assert deployed.send("take-order", b'{"id": %d}' % number).status_code == 202

    wait_until(lambda: deployed.platform.event_counts(deployed.project_id, "test") == {"done": 40})
    assert sorted(books.orders) == list(range(40))
