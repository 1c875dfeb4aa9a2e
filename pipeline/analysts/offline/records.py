"""Filling one record: which source field, constant or default each target field gets."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import JsonValue
from rapidfuzz import fuzz

from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.person_names import is_of_names, with_full_name, with_parts
from pipeline.analysts.offline.sides import ACCEPTED, Side
from pipeline.analysts.offline.words import stem
from pipeline.catalogue.schema import FieldInfo
from pipeline.mapping.match import candidates
from pipeline.mapping.transforms import choose
from pipeline.plan.filling import fits
from pipeline.plan.model import Alternative, Mapping, Transform
from pipeline.plan.schemas import demands

OFFERED = 0.72  # below this an optional field is better left empty
_AS_GOOD = 0.05  # a source goes on to other targets that it fits about as well as the best
LAST_RESORT = 0.5  # below this not even a required field is filled by guessing


def fill(source: Side, target: Side, required: Sequence[str] = ()) -> list[Mapping]:
    """Mappings of the plain fields: no references, no arrays, nothing that is read-only."""
    found = candidates(source.schema, target.schema, k=3)
    known = {field.path: field for field in source.fields()}
    needed = {one.path for one in target.fields() if one.required} | set(required)
    labelled = {one.path.rpartition(".")[0] for one in target.fields() if one.reference} - {""}
    filled = []
    for field in target.fields():
        # The name beside a reference (`CustomerRef.name`) is the API's own to fill.
        if field.path.rpartition(".")[0] in labelled or not _writable(field, field.path in needed):
            continue
        options = [one for one in found.get(field.path, []) if usable(known[one.source], field)]
        mapping = _mapping(field, options, known, field.path in needed)
        mapping = mapping or default(field, field.path in needed)
        if mapping is not None:
            filled.append(mapping)
    kept = settled(with_parts(with_full_name(filled, source, target), source, target), needed)
    return [placed(mapping, source, target) for mapping in kept]


def _writable(field: FieldInfo, needed: bool) -> bool:
    """Whether a plain field is ours to fill: ids are given by the API that keeps the record."""
    if field.read_only or field.reference or "[]" in field.path or field.type == "object":
        return False
    return needed or (field.key != "id" and last_name(field.path).lower() != "id")


def usable(source: FieldInfo, target: FieldInfo) -> bool:
    """Whether a source field can fill a plain field at all: one value, of a type that converts."""
    if "[]" in source.path or source.type in ("object", "array"):
        return False
    if source.reference and not {"id", "reference", "external", "ref"} & set(
        name_words(last_name(target.path))
    ):
        return False  # the id of a record over there says nothing here
    if target.enum and _table(source, target) is None:
        return False
    if target.type == "boolean":
        return source.type == "boolean" and _negated(source.path) == _negated(target.path)
    return fits(source, target) or choose(source, target) is not None


def _table(source: FieldInfo, target: FieldInfo) -> dict[str, JsonValue] | None:
    """Each value of the source -> the target's, spelling aside; None where some have none."""
    values = {stem(str(value)): value for value in target.enum}
    known = {str(value): values.get(stem(str(value))) for value in source.enum}
    return None if not known or None in known.values() else known


def _conversion(source: FieldInfo, target: FieldInfo) -> Transform | None:
    table = _table(source, target) if target.enum else None
    if table and any(value != other for value, other in table.items()):
        return Transform(name="enum", args={"map": table})
    return choose(source, target)


_NEGATIONS = {"exempt", "not", "no", "disabled", "inactive", "excluded", "without", "un", "hidden"}


def _negated(path: str) -> bool:
    """Whether a yes/no field says “not”: `tax_exempt` is the contrary of `taxable`."""
    return bool(_NEGATIONS & set(name_words(last_name(path))))


def settled(filled: list[Mapping], needed: set[str]) -> list[Mapping]:
    """Without optional fields whose source fits elsewhere better."""
    best: dict[str, float] = {}
    homes: dict[tuple[str, str], tuple[float, str]] = {}
    for one in filled:
        if one.source is None or is_of_names(one):
            continue
        best[one.source] = max(best.get(one.source, 0.0), one.confidence)
        home = one.target.rpartition(".")[0]
        leaf = (one.source, last_name(one.target))
        homes[leaf] = max(homes.get(leaf, (-1.0, "")), (_kinship(one.source, home), home))
    return [
        one for one in filled
        if one.source not in best or one.target in needed or is_of_names(one) or (
            one.confidence >= best[one.source] - _AS_GOOD
            and homes[one.source, last_name(one.target)][1] == one.target.rpartition(".")[0]
        )
    ]  # fmt: skip


def _kinship(source: str, home: str) -> float:
    """How like the object around a source field is to an object of the target."""
    return fuzz.ratio(stem(source.rpartition(".")[0]), stem(home))


def complete(filled: list[Mapping], target: Side) -> list[Mapping]:
    """Without the fields of optional objects that lack something required of them."""
    demanded = {path for _, required in demands(target.schema) for path in required}
    sure = {one.target for one in filled if one.source is None or one.confidence >= ACCEPTED}
    lacking = [
        target.path(home)
        for home, required in demands(target.schema)
        if home
        and home not in demanded
        and any(not _covered(target.path(path), sure) for path in required)
    ]
    return [one for one in filled if not any(one.target.startswith(f"{path}.") for path in lacking)]


def _covered(path: str, targets: set[str]) -> bool:
    return any(target == path or target.startswith((f"{path}.", f"{path}[]")) for target in targets)


def _mapping(
    target: FieldInfo, options: list[Alternative], known: dict[str, FieldInfo], needed: bool
) -> Mapping | None:
    least = LAST_RESORT if needed else OFFERED
    if not options or options[0].score < least:
        return None
    best = options[0]
    return Mapping(
        target=target.path,
        source=best.source,
        transform=_conversion(known[best.source], target),
        confidence=round(best.score, 2),
        status="auto" if best.score >= ACCEPTED else "needs-review",
        alternatives=[] if best.score >= ACCEPTED else options[1:],
    )


def default(field: FieldInfo, needed: bool) -> Mapping | None:
    """The value that the catalogue knows for a field that has to be filled."""
    value, why = default_of(field)
    if value is None and needed and len(field.enum) == 1:
        value, why = field.enum[0], "the only value allowed"
    if value is None or not (needed or why):
        return None
    return Mapping(target=field.path, constant=value, note=why)


def default_of(field: FieldInfo) -> tuple[JsonValue, str]:
    """A field's default and why it is a good one; (None, "") where it has none."""
    return field.default, field.default_reason


def placed(mapping: Mapping, source: Side, target: Side) -> Mapping:
    """A mapping of two elements as one of the records that hold them."""
    path = mapping.source
    outer = path is None or path.startswith("$")
    return mapping.model_copy(
        update={
            "target": target.path(mapping.target),
            "source": path if outer or path is None else source.path(path),
            "transform": _placed_transform(mapping.transform, source),
            "each": source.prefix or None if "[]" in target.prefix else mapping.each,
            "alternatives": [
                one.model_copy(update={"source": source.path(one.source)})
                for one in mapping.alternatives
            ],
        }
    )


def _placed_transform(transform: Transform | None, source: Side) -> Transform | None:
    if transform is None:
        return None
    args = dict(transform.args)
    for name in ("by", "with"):
        paths = args.get(name)
        if isinstance(paths, str):
            args[name] = source.path(paths)
        if isinstance(paths, list):
            args[name] = [source.path(str(path)) for path in paths]
    return Transform(name=transform.name, args=args)
