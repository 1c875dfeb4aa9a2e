"""When nothing is wrong, and when the same comes more than once."""

from pipeline.simulation.scene import Scene
from pipeline.simulation.situations.situation import Situation, Verdict, counted, unlike


def plain(scene: Scene) -> Verdict:
    played = scene.plainly()
    scene.learn(played)
    wanted = len(scene.records())
    passed = played.ok and scene.count == wanted and not played.world.issues
    seen = f"{counted(scene.count, 'record')} written"
    return Verdict(passed, seen if passed else unlike(scene, played), played)


def unknown_reference(scene: Scene) -> Verdict | None:
    created = {one.entity for one in scene.workflow.lookups if one.on_missing == "create"}
    if not created:
        return None
    played = scene.plainly()
    order = [sent.exchange.entity for sent in played.world.sent if sent.effective]
    made = [entity for entity in dict.fromkeys(order) if entity in created]
    target = scene.workflow.target.entity
    first = all(order.index(one) < order.index(target) for one in made if target in order)
    passed = played.ok and bool(made) and first
    seen = f"{' and '.join(made)} created first"
    return Verdict(passed, seen if passed else unlike(scene, played), played)


def known_reference(scene: Scene) -> Verdict | None:
    """Another record that refers to the same: that is found, not created again."""
    if not any(one.on_missing == "create" for one in scene.workflow.lookups) or not scene.by_event:
        return None
    played = scene.plainly()
    before = len(played.world.sent)
    again = scene.play(played.world, [scene.sibling(played.world)])
    made = [one.exchange.entity for one in again.world.sent[before:] if one.effective]
    passed = again.ok and made == [scene.workflow.target.entity]
    seen = f"only the {scene.workflow.target.entity} was created"
    return Verdict(passed, seen if passed else unlike(scene, again), again)


def twice(scene: Scene) -> Verdict:
    played = scene.plainly()
    sent, kept = len(scene.writes(played.world)), scene.kept(played.world)
    again = scene.once_more(played)
    repeated = len(scene.writes(again.world)) - sent
    updates = scene.workflow.write_mode in ("upsert", "update")
    passed = again.ok and scene.kept(again.world) == kept and (updates or repeated == 0)
    seen = f"{counted(repeated, 'update')}, nothing new" if repeated else "nothing sent twice"
    return Verdict(passed, seen if passed else unlike(scene, again), again)


def twice_at_once(scene: Scene) -> Verdict:
    records = scene.records()
    played = scene.play(scene.world(records), records, times=2)
    passed = played.ok and scene.as_plain(played)
    return Verdict(passed, "written once" if passed else unlike(scene, played), played)


SITUATIONS = (
    Situation("a usual record", "it is written, and nothing else", plain),
    Situation("an unknown reference", "it is created before it is needed", unknown_reference),
    Situation("a known reference", "it is found, not created again", known_reference),
    Situation("the same event twice", "nothing is sent twice", twice),
    Situation("the same event twice at once", "it is written once", twice_at_once),
)
