"""Effects: done once as far as their class allows, also after a crash between effect and record."""

import pytest

from pipeline.cancellation import Cancellation
from pipeline.catalogue.operation import EffectClass
from pipeline.effects import Effects
from pipeline.errors import AmbiguousEffect, PlatformError, Stopped
from tests.pipeline.conftest import Pipeline


class Outside:
    """Something outside that counts; `crash` loses the answer after the effect."""

    def __init__(self) -> None:
        self.things: list[str] = []
        self.crash = False

    def create(self) -> str:
        self.things.append("thing")
        if self.crash:
            self.crash = False
            raise KeyboardInterrupt
        return "thing"

    def find(self) -> str | None:
        return "thing" if self.things else None


@pytest.fixture
def effects(pipeline: Pipeline) -> Effects:
    pipeline.start()
    return Effects(pipeline.services.store, pipeline.id, Cancellation())


def test_a_recorded_effect_is_not_repeated(effects: Effects) -> None:
    outside = Outside()
    for _ in range(3):
        assert effects.perform("key", "repeatable", outside.create) == "thing"
    assert len(outside.things) == 1


def test_looked_for_before_it_is_created_again(effects: Effects) -> None:
    outside = Outside()
    outside.crash = True
    with pytest.raises(KeyboardInterrupt):
        effects.find_or_create("key", outside.find, outside.create)
    assert effects.find_or_create("key", outside.find, outside.create) == "thing"
    assert len(outside.things) == 1


@pytest.mark.parametrize("effect_class", ["repeatable", "idempotency-key"])
def test_what_may_be_repeated_is_done_again(effects: Effects, effect_class: EffectClass) -> None:
    outside = Outside()
    outside.crash = True
    with pytest.raises(KeyboardInterrupt):
        effects.perform("key", effect_class, outside.create)
    effects.perform("key", effect_class, outside.create)
    assert len(outside.things) == 2


def test_what_nobody_can_know_stops_for_a_person(effects: Effects) -> None:
    outside = Outside()
    outside.crash = True
    with pytest.raises(KeyboardInterrupt):
        effects.perform("key", "ambiguous", outside.create)
    with pytest.raises(AmbiguousEffect, match="retry"):
        effects.perform("key", "ambiguous", outside.create)
    assert len(outside.things) == 1


def test_a_refusal_is_known_not_to_have_happened(effects: Effects) -> None:
    def refused() -> str:
        raise PlatformError("400")

    with pytest.raises(PlatformError):
        effects.perform("key", "ambiguous", refused)
    assert effects.perform("key", "ambiguous", Outside().create) == "thing"


def test_nothing_begins_after_a_stop(pipeline: Pipeline) -> None:
    pipeline.start()
    cancellation = Cancellation()
    cancellation.cancel()
    outside = Outside()
    with pytest.raises(Stopped):
        Effects(pipeline.services.store, pipeline.id, cancellation).perform(
            "key", "repeatable", outside.create
        )
    assert outside.things == []
