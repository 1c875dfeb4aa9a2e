"""What becomes of 10,000 events while the child, the runner and the bot are each killed once."""

from pathlib import Path
from tempfile import TemporaryDirectory

EVENTS, CALM = 10_000, 2_000


def main(events: int = EVENTS) -> None:
    # Imported here: the processes of the soak are modules of this package, and need none of it.
    from tests.bench.soak import processes
    from tests.bench.soak.course import FAULTS, Course

    calm = min(CALM, events // 2)
    with TemporaryDirectory() as home, processes.target(FAULTS) as target_url:
        fates = Course(Path(home), target_url).run(events, calm)
    print(f"{events} events into a mock that spoils {FAULTS:.0%} of its calls; one SIGKILL each of")
    print("the child, the runner and the bot's worker in the middle:")
    for name, count in (
        ("deliveries accepted", fates.sent),
        ("sent again by their sender", fates.resent),
        ("delivered once", fates.once),
        ("delivered more than once", len(fates.doubled)),
        ("lost", len(fates.lost)),
        ("without an end", fates.unfinished),
        ("kept as failed, with a reason", fates.dead.total()),
    ):
        print(f"{count:8,} {name}")
    for reason, count in fates.dead.most_common(5):
        print(f"{count:12,} × {reason[:90]}")
    print(f"the worker's integration {'went on' if fates.bot_went_on else 'did not go on'}")
    print(
        f"events a second: {fates.calm_per_second:.0f} through Weft, {fates.bare_per_second:.0f} ",
        end="",
    )
    print(f"through a bare Deno.serve, {fates.killed_per_second:.0f} through Weft with the kills")
    print(f"Weft has {fates.calm_per_second / fates.bare_per_second:.2f} times the bare one's rate")
