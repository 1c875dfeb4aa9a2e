"""SIGKILL between the effect of every command and its record: nothing is made twice."""

from collections import Counter
from pathlib import Path

from store.migrate import upgrade
from tests.platforms.versori.conftest import VersoriSetup
from tests.platforms.versori.person import Person

# Each change that one integration makes on the platform, and how often it must stand there.
EFFECTS = {
    "CreateProject": 1,
    "CloneEnvironment": 1,
    "CreateSystem": 2,
    "UpsertAuthScheme": 3,  # the third names the OAuth app
    "CreateTemplate": 2,
    "SetVariablesSchema": 1,
    "UpdateSystem": 1,
    "CreateConnection": 1,
    "UpdateConnection": 1,  # the same credentials again: that is repeatable
    "SignAssetUrl": 1,
    "Upload": 1,
    "CreateVersion": 1,
    "CreateChannel": 1,
    "CreateNotification": 1,
    "DeployVersion": 1,
}
_MOST_STARTS = 40


def test_killed_after_every_effect(versori: VersoriSetup, tmp_path: Path) -> None:
    upgrade(f"sqlite:///{tmp_path / 'weft.sqlite'}")
    person, kills = Person(versori, tmp_path), Counter[str]()

    def kill(operation: str) -> None:
        if kills[operation] < EFFECTS.get(operation, 0):
            kills[operation] += 1
            person.kill()

    versori.double.effects = kill
    for _ in range(_MOST_STARTS):
        person.advance()
        person.answer()
        if person.now.live:
            break

    assert kills == EFFECTS, (tmp_path / "log").read_text()
    there = versori.double.state
    assert len(there.projects) == 1
    assert [one.name for one in there.environments.values()] == ["production", "development"]
    assert len(there.systems) == len(there.templates) == 2
    assert len(there.connections) == 2
    assert len(there.versions) == len(there.channels) == len(there.notifications) == 1
    made = {step: len(person.store.artifacts(person.id, step)) for step in person.now.steps}
    assert set(made.values()) == {1}, made
    person.leave()
