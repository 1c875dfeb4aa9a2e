"""When what comes in is not what its schema promised."""

from pipeline.catalogue.schema import field_at
from pipeline.simulation.altering import longest, without
from pipeline.simulation.faults import Fault, FaultKind
from pipeline.simulation.scene import Played, Scene
from pipeline.simulation.situations.situation import Play, Situation, Verdict, unlike


def missing_field(*, renamed: bool) -> Play:
    """A field that the target needs is called otherwise, or is null."""

    def play(scene: Scene) -> Verdict | None:
        path = _needed(scene)
        if path in {one.field for one in scene.workflow.filters}:
            return None  # what lacks it is not wanted
        if path is None or (path == scene.source_kind.id_field.path and scene.by_notice):
            return None  # what an event only names is read by its id
        grouped = scene.workflow.group_by is not None
        records = [
            without(record, path, renamed=renamed, grouped=grouped) for record in scene.records()
        ]
        if records == scene.records():
            return None
        return _named(scene, scene.play(scene.world(records), records), path)

    return play


def _needed(scene: Scene) -> str | None:
    """The first source field without which the target's record can't be made, else its id.

    Rows without what they are grouped by are no part of any record.
    """
    schema = scene.target.entity(scene.workflow.target.entity).record_schema
    for mapping in scene.workflow.mappings:
        info = field_at(schema, mapping.target)
        mapped = mapping.source is not None and not mapping.source.startswith("$")
        if mapped and info is not None and info.required:
            return None if mapping.source == scene.workflow.group_by else mapping.source
    return scene.source_kind.id_field.path if scene.workflow.group_by is None else None


def _named(scene: Scene, played: Played, path: str) -> Verdict:
    """It fails by that field's name before anything wrong is written, or does without it."""
    name = path.rpartition(".")[2].removesuffix("[]")
    written = scene.writes(played.world)
    if played.ok:
        passed = scene.as_plain(played)
        return Verdict(passed, f"written without {path}", played)
    names = [name, "id"] if path == scene.source_kind.id_field.path else [name]
    passed = not written and any(one.casefold() in played.said.casefold() for one in names)
    seen = f"kept; the error names {name}" if passed else unlike(scene, played)
    return Verdict(passed, seen, played, strict=False)


def changed_answer(kind: FaultKind) -> Play:
    """What a look-up finds lacks its id: nothing may be written that refers to nothing."""

    def play(scene: Scene) -> Verdict | None:
        found = [
            one for system, one in scene.reads
            if system == scene.target.name and one.entity != scene.workflow.target.entity
        ]  # fmt: skip
        if not found or not scene.by_event:
            return None
        first = scene.plainly()
        before = len(scene.writes(first.world))
        id_path = first.world.mocks[scene.target.name].kind(found[0].entity).id_field.path
        fault = Fault(kind, found[0].id, times=9, field=id_path)
        first.world.mocks[scene.target.name].faults.add(fault)
        again = scene.play(first.world, [scene.sibling(first.world)])
        written = scene.writes(again.world)[before:]
        wrong = [one for one in written if "undefined" in one.exchange.body]
        passed = not wrong and (again.ok or not written)
        seen = "written without it" if again.ok else "kept, nothing written"
        return Verdict(passed, seen if passed else unlike(scene, again), again, strict=False)

    return play


def long_texts(scene: Scene) -> Verdict:
    """Texts as long as the source lets them be fit into the target."""
    records = [
        longest(scene.source, scene.target, scene.workflow, record) for record in scene.records()
    ]
    played = scene.play(scene.world(records), records)
    passed = played.ok and len(scene.writes(played.world)) == scene.count
    seen = "cut to fit" if passed else unlike(scene, played)
    return Verdict(passed, seen, played)


SITUATIONS = (
    Situation("texts as long as they may be", "they fit, or are cut", long_texts),
    Situation("a renamed field", "kept, with its name", missing_field(renamed=True)),
    Situation("a null not promised", "kept, or done without", missing_field(renamed=False)),
    Situation(
        "an answer with a renamed field",
        "nothing wrong is written",
        changed_answer("renamed-field"),
    ),
    Situation("an answer with a null", "nothing wrong is written", changed_answer("null-field")),
)
