"""When a list has more than one page, or none."""

from pipeline.catalogue.operation import Operation
from pipeline.simulation.faults import Fault
from pipeline.simulation.scene import Scene
from pipeline.simulation.situations.situation import Situation, Verdict, counted, unlike

_SHORT_PAGE = 2


def second_page(scene: Scene) -> Verdict | None:
    listing = _listing(scene)
    if listing is None or listing.pagination.style == "none":
        return None
    short = listing.pagination.style not in ("page", "offset") or bool(listing.pagination.more_path)
    size = _SHORT_PAGE if short else listing.pagination.page_size or _SHORT_PAGE
    records = scene.records(size + 1)
    world = scene.world(records)
    if short:
        world.mocks[scene.source.name].limit_pages(_SHORT_PAGE)
    played = scene.play(world, records)
    if not short and played.ok and len(scene.writes(played.world)) < len(records):
        played = scene.play(world, records)  # a whole page may be all that one run takes
    written = len(scene.writes(played.world))
    passed = played.ok and written == len(records)
    seen = f"{counted(written, 'record')} of {len(records)} written, from 2 pages"
    return Verdict(passed, seen if played.ok else unlike(scene, played), played)


def empty_page(scene: Scene) -> Verdict | None:
    listing = _listing(scene)
    if listing is None:
        return None
    played = scene.plainly(Fault("empty-page", listing.id, times=9), scene.source.name)
    passed = played.ok and not scene.writes(played.world)
    return Verdict(passed, "nothing to do" if passed else unlike(scene, played), played)


def _listing(scene: Scene) -> Operation | None:
    """The list that a run reads its records from."""
    if scene.by_event:
        return None
    lists = [one for system, one in scene.reads if system == scene.source.name]
    return next((one for one in lists if one.action == "list"), None)


SITUATIONS = (
    Situation("a second page", "every record of every page is written", second_page),
    Situation("an empty page", "nothing is written, and nothing fails", empty_page),
)
