"""What a situation is: an expectation, and a way to see whether a workflow meets it."""

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.simulation.scene import Played, Scene


@dataclass(frozen=True)
class Verdict:
    """What was seen, and whether it is what was expected.

    `strict`: that the mock refused a request of its own accord is a fault of the workflow.
    """

    passed: bool
    seen: str
    played: Played
    strict: bool = True


Play = Callable[[Scene], Verdict | None]  # None: this workflow can't come into the situation


@dataclass(frozen=True)
class Situation:
    name: str
    expected: str
    play: Play


def unlike(scene: Scene, played: Played) -> str:
    """What happened instead of what was expected."""
    asked, written = len(scene.asked(played.world)), len(scene.writes(played.world))
    ended = played.error or "it ended as if all were well"
    return (
        f"{ended.rstrip('.')}; {counted(asked, 'attempt')} to write, {written} written, "
        f"{counted(len(played.world.issues), 'issue')} raised"
    )


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
