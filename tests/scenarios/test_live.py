"""After deployment: what people hear by themselves, and do by a click or in words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.pages.links import PageLinks
from bot.pages.routes import Pages
from bot.server import create_server
from pipeline.live.summary import summarise
from pipeline.live.watching import Watcher
from pipeline.ports import LogLine
from tests.codegen import matrix
from tests.running import BEGINNING, RunningPlatform
from tests.scenarios.conftest import Scene, served

HOSTILE = "<script>alert(1)</script> & <!channel> `x`"


@pytest.fixture
def platform(scene: Scene) -> RunningPlatform:
    platform = RunningPlatform()
    scene.pipeline.platform = platform
    scene.pipeline.services = replace(scene.pipeline.services, platform=platform)
    return platform


@pytest.fixture
def look(scene: Scene, platform: RunningPlatform) -> Callable[[], None]:
    """The worker looks at what is live, a minute or more after it did so last."""
    clock = scene.pipeline.clock
    watcher = Watcher(scene.pipeline.services.store, lambda: platform, clock)

    def look() -> None:
        clock.time += timedelta(days=2 if clock.now() < BEGINNING else 0, minutes=2)
        watcher.look(scene.integration.id, "development")
        scene.settle()

    return look


def _scheduled(scene: Scene) -> None:
    """Charges of Stripe become rows, by a schedule."""
    plan = matrix.plans(matrix.catalogue())["rows"]
    (workflow,) = plan.workflows
    target = workflow.target.model_copy(update={"method": "POST", "path": "/rows"})
    workflow = workflow.model_copy(update={"target": target})
    scene.pipeline.analyst.plan = plan.model_copy(update={"workflows": [workflow]})


# ---- Failures ----------------------------------------------------------------------------------


def test_failures_come_by_themselves_in_one_message(
    scene: Scene, platform: RunningPlatform, look: Callable[[], None]
) -> None:
    scene.to_live()
    before = len(scene.from_weft())
    for count in range(3):
        failed = platform.end(f"ApiError: No item “SKU-{count}” {HOSTILE}")
        platform.lines = [
            LogLine(
                at=BEGINNING,
                level="error",
                message="Record could not be written",
                fields={"record": "1042"},
                execution_id=failed.id,
            )
        ]
        look()
    added = scene.from_weft()[before:]
    assert len(added) == 1
    assert "3 events failed on development in orders" in added[0]["text"]
    assert "Such as record" in str(added[0]["blocks"])
    scene.click("Logs")
    assert "Record could not be written record=1042" in scene.whispers()[-1]


def test_a_replay_is_counted_and_said_once(
    scene: Scene, platform: RunningPlatform, look: Callable[[], None]
) -> None:
    scene.to_live()
    for _ in range(2):
        platform.end("ApiError: down")
    look()
    scene.click("Replay", scene.jonas)
    assert "Only" in scene.whispers(scene.jonas)[-1]
    assert len(platform.ended) == 2
    scene.click("Replay")
    assert "2 events are being delivered again on development." in scene.texts()
    assert len(platform.ended) == 4
    scene.click("Replay")
    assert "all were replayed" in scene.whispers()[-1]
    look()
    look()
    assert scene.texts().count("orders works again on development") >= 1
    recovered = [one for one in scene.from_weft() if "works again" in one["text"]]
    assert len(recovered) == 1
    assert "2 of 2 events replayed (ran)" in recovered[0]["text"]
    shown = next(one for one in scene.from_weft() if "events failed on" in one["text"])
    assert "actions" not in [block["type"] for block in shown["blocks"]]


def test_investigating_looks_at_the_failure_that_was_clicked(
    scene: Scene, platform: RunningPlatform, look: Callable[[], None]
) -> None:
    scene.to_live()
    platform.end("ApiError: QuickBooks is down")
    look()
    scene.click("Investigate")
    assert "failed with “QuickBooks is down”" in scene.texts()


def test_words_do_what_buttons_do(scene: Scene, platform: RunningPlatform) -> None:
    scene.to_live()
    platform.end("ApiError: down")
    for words in ("pause", "pause on development", "resume", "replay", "daily summary"):
        scene.reply(words)
    assert platform.paused == [True, False]
    assert "development is paused already." in scene.whispers()
    assert len(platform.ended) == 2
    assert scene.integration.summary is not None
    scene.reply("roll back")
    assert "no earlier version" in scene.whispers()[-1]
    scene.reply("logs on production")
    assert "Nothing is live on production. It is live on development." in scene.whispers()


def test_before_anything_is_live_words_say_so(scene: Scene, platform: RunningPlatform) -> None:
    scene.ask()
    scene.reply("run now")
    assert "Nothing is live yet" in scene.whispers()[-1]


def test_resume_goes_on_with_work_that_was_stopped(scene: Scene, platform: RunningPlatform) -> None:
    scene.ask()
    scene.reply("stop")
    scene.reply("resume")
    assert scene.integration.status == "active"


def test_a_summary_by_the_menu(scene: Scene, platform: RunningPlatform) -> None:
    scene.to_live()
    scene.maya.choose("Daily summary")
    scene.settle()
    assert "A summary comes each day" in scene.texts()
    clock = scene.pipeline.clock
    clock.time += timedelta(days=2)
    for _ in range(2):
        summarise(scene.pipeline.services.store, platform, clock, scene.integration.id)
    scene.settle()
    assert scene.texts().count("development, orders: 0 done, 0 failed.") >= 1
    assert len([one for one in scene.from_weft() if one["text"].startswith("Since")]) == 1


# ---- Runs by hand ------------------------------------------------------------------------------


def test_what_events_start_is_not_started_by_hand(scene: Scene, platform: RunningPlatform) -> None:
    scene.to_live()
    scene.reply("run now")
    assert "It runs when Shopify sends an event" in scene.whispers()[-1]
    assert "Run now" not in scene.texts()


def test_running_now(scene: Scene, platform: RunningPlatform) -> None:
    _scheduled(scene)
    scene.to_live()
    scene.click("Run now")
    assert "is done: 2 records went through (mocked)" in scene.texts()
    assert len(platform.started) == 1


def test_a_backfill_says_what_it_will_do_and_is_done_once(
    scene: Scene, platform: RunningPlatform
) -> None:
    _scheduled(scene)
    scene.to_live()
    scene.reply("backfill from someday")
    assert "is no date that I can read" in scene.whispers()[-1]
    scene.reply("backfill from 2026-01-31")
    assert "whose created is 2026-01-31 or later" in scene.texts()
    assert platform.started == []
    scene.click("Backfill", scene.jonas)
    assert platform.started == []
    scene.click("Backfill")
    ((_, data),) = platform.started
    assert data == {"since": 1769817600}  # as Stripe writes times
    assert "went through (mocked)" in scene.texts()
    assert "Leave it" not in scene.texts()


def test_a_backfill_by_the_form(scene: Scene, platform: RunningPlatform) -> None:
    _scheduled(scene)
    scene.to_live()
    scene.maya.choose("Backfill from a date")
    scene.settle()
    scene.maya.submit({"since": {"value": "2026-01-31"}})
    scene.settle()
    assert "Backfill development from 2026-01-31?" in scene.texts()
    scene.click("Leave it")
    assert platform.started == []
    assert "Left as it is by" in scene.texts()


# ---- Elsewhere, and gone -----------------------------------------------------------------------


def test_promoting_takes_the_same_version_through_its_steps(
    scene: Scene, platform: RunningPlatform
) -> None:
    scene.to_live()
    scene.reply("promote to nowhere")
    assert "There is no environment “nowhere”" in scene.whispers()[-1]
    scene.reply("promote to production")
    assert "goes live on production, unchanged" in scene.texts()
    assert list(scene.integration.live) == ["development"]
    scene.click("Promote")
    live = scene.integration.live
    assert list(live) == ["development", "production"]
    assert live["development"].project_digest == live["production"].project_digest
    scene.reply("promote to production")
    assert "is live on production already" in scene.whispers()[-1]


def test_promoting_after_a_rejection(scene: Scene, platform: RunningPlatform) -> None:
    scene.to_code()
    scene.click("Approve code")
    scene.click("Not yet")
    scene.reply("ask again")
    scene.click("development")
    scene.reply("promote to production")
    scene.click("Promote")
    assert list(scene.integration.live) == ["development", "production"]


def test_deleting_says_what_goes_and_what_stays(scene: Scene, platform: RunningPlatform) -> None:
    scene.to_live()
    scene.reply("delete this integration")
    assert "Kept: this thread, the plan, the code" in scene.texts()
    assert platform.removed == []
    scene.click("Delete")
    assert len(platform.removed) == 1
    assert platform.live == {}
    assert scene.integration.status == "deleted"
    assert "it is stopped everywhere" in scene.texts()
    assert "Request changes" not in scene.texts()
    scene.reply("logs")
    assert "was deleted" in scene.whispers()[-1]


# ---- The page ----------------------------------------------------------------------------------


@pytest.fixture
def pages(scene: Scene, platform: RunningPlatform) -> Pages:
    links: PageLinks = scene.surface.links
    return Pages(links, scene.pipeline.services.store, scene.surface.operations)


def _link(scene: Scene, base: str) -> str:
    scene.click("Events")
    address = next(word for word in scene.whispers()[-1].split() if "/live/" in word)
    return base + address[address.index("/live/") :].rstrip(">")


def test_the_page_shows_events_and_replays_one(
    scene: Scene, platform: RunningPlatform, pages: Pages
) -> None:
    scene.to_live()
    server = create_server(scene.app, lambda: None, pages.routes())
    with served(server) as base, httpx.Client(follow_redirects=True) as browser:
        link = _link(scene, base)
        assert "The first event will stand here" in browser.get(link).text
        failed = platform.end(HOSTILE)
        platform.lines = [
            LogLine(
                at=BEGINNING,
                level="error",
                message=HOSTILE,
                fields={"record": HOSTILE},
                execution_id=failed.id,
            )
        ]
        page = browser.get(link)
        assert "failed; kept to be replayed" in page.text
        assert "<script>" not in page.text
        assert page.headers["cache-control"] == "no-store"
        one = browser.get(f"{link}events/{failed.id}")
        assert "Replay this event" in one.text
        assert "<script>" not in one.text
        logs = browser.get(f"{link}logs", params={"record": HOSTILE})
        assert "<script>" not in logs.text
        assert "Level" in logs.text
        assert "None of the latest 1 lines" in browser.get(f"{link}logs?record=9").text
        replayed = browser.post(f"{link}events/{failed.id}/replay")
        assert "Started by" in replayed.text
        assert "replay of" in replayed.text.replace("\n", " ")
        twice = browser.post(f"{link}events/{failed.id}/replay")
        assert twice.status_code == 409
        assert len(platform.ended) == 2


def test_the_page_goes_on_where_a_page_ends(
    scene: Scene, platform: RunningPlatform, pages: Pages
) -> None:
    scene.to_live()
    for _ in range(60):
        platform.end()
    with served(create_server(scene.app, lambda: None, pages.routes())) as base:
        link = _link(scene, base)
        first = httpx.get(link).text
        assert first.count('class="fate') == 50
        older = next(part for part in first.split('"') if "before=" in part)
        assert httpx.get(link + older.removeprefix("./")).text.count('class="fate') == 10
        assert "No event of that kind" in httpx.get(f"{link}?state=kept").text


def test_links_are_sealed_and_end(scene: Scene, platform: RunningPlatform, pages: Pages) -> None:
    scene.to_live()
    with served(create_server(scene.app, lambda: None, pages.routes())) as base:
        link = _link(scene, base)
        assert httpx.get(link).status_code == 200
        assert httpx.get(f"{base}/live/forged/").status_code == 403
        assert httpx.get(link[:-3] + "AA/").status_code == 403
        assert httpx.get(f"{base}/live/style.css").status_code == 200
        clock = scene.pipeline.clock
        clock.time += timedelta(hours=2)
        late = httpx.get(link)
        assert (late.status_code, "too old" in late.text) == (403, True)
