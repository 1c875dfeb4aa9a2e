"""The situations that production has, in the order in which people read them."""

from pipeline.simulation.situations import changes, failures, pages, usual
from pipeline.simulation.situations.situation import Situation, Verdict

ALL: tuple[Situation, ...] = (
    *usual.SITUATIONS,
    *pages.SITUATIONS,
    *failures.SITUATIONS,
    *changes.SITUATIONS,
)

__all__ = ["ALL", "Situation", "Verdict"]
