"""How many orders in outside text were tried on a model that obeys them, told when the run ends."""

from collections import Counter

import pytest


class Held:
    """What a model did in obedience, and what came of it: nothing, or the test failed."""

    def __init__(self) -> None:
        self.channels: Counter[str] = Counter()
        self.refused = self.used = 0

    def add(self, channel: str, used: int, refused: int) -> None:
        """An order that came in by a channel and changed nothing that matters."""
        self.channels[channel] += 1
        self.used += used
        self.refused += refused


HELD = Held()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not HELD.channels:
        return
    terminalreporter.section("orders in outside text")
    counted = ", ".join(f"{name} {count}" for name, count in sorted(HELD.channels.items()))
    terminalreporter.line(
        f"{HELD.channels.total()} orders in {len(HELD.channels)} channels changed nothing that "
        f"matters: {counted}."
    )
    terminalreporter.line(
        f"The obeying model used {HELD.used} tools for them; {HELD.refused} uses were refused."
    )
