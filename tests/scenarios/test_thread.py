"""A thread from the request to a live integration."""

from tests.scenarios.conftest import Scene


def test_from_the_request_to_live_by_clicks(scene: Scene) -> None:
    scene.ask()
    scene.click("Approve plan")
    scene.click("Approve set-up")
    scene.click("Use the mock")
    scene.click("Use the mock")
    scene.click("Approve code")
    scene.click("development")
    assert list(scene.integration.live) == ["development"]
    texts = scene.texts()
    assert "Live on development" in texts
    assert texts.count("*Approved* by <@U0OPS00001>") >= 4
