"""What to ask of one field that an account lacks, or of a value that it does not offer."""

from collections.abc import Sequence

from pydantic import JsonValue
from rapidfuzz import process
from rapidfuzz.utils import default_process

from pipeline.discovering.account import Account, can_be_mapped
from pipeline.discovering.written import Written
from pipeline.plan.edits import MapField, PlanEdit, UnmapField
from pipeline.plan.model import Question
from pipeline.plan.paths import parse

_KEEP = "leave it as it is"
_LEAVE_OUT = "leave it out"
_OFFERED = 3
_ALIKE = 60.0  # of 100


def question(
    owner: str, system: str, account: Account, one: Written, prefix: str
) -> Question | None:
    """What to ask of one mapping; None where the account takes it."""
    target, constant = one.mapping.target, one.mapping.constant
    identity = f"account-{system}-{one.entity}-{target}".lower()
    own = target.removeprefix(prefix)
    name = own if own in account.values else parse(own).steps[0].name
    if name not in account.values:
        text = f"{owner} has no field “{own}” in this account. What should be done with it?"
        return asked(identity, text, _instead(one, account, prefix))
    values = account.values[name]
    if constant is None or not values or constant in values:
        return None
    offered = [value for value in values if isinstance(value, str)]
    chosen = alike(str(constant), offered) or offered[:_OFFERED]
    text = f"{owner} does not offer “{constant}” for {own} in this account. Which value is it?"
    return asked(identity, text, {value: [filled(one, target, value)] for value in chosen})


def _instead(one: Written, account: Account, prefix: str) -> dict[str, list[PlanEdit]]:
    """What may be done with a field that the account lacks."""
    emptied: list[PlanEdit] = [] if one.required else [unmapped(one)]
    options = {_LEAVE_OUT: emptied} if emptied else {}
    for name in alike(
        one.mapping.target.removeprefix(prefix), list(filter(can_be_mapped, account.values))
    ):
        moved = filled(one, prefix + name, one.mapping.constant)
        options[f"use {name}"] = [*emptied, moved]
    return options


def unmapped(one: Written) -> UnmapField:
    return UnmapField(workflow=one.workflow, write=one.write, target=one.mapping.target)


def filled(one: Written, target: str, constant: JsonValue) -> PlanEdit:
    """The mapping again, with another target or another constant."""
    mapping = one.mapping
    transform = mapping.transform
    return MapField(
        workflow=one.workflow,
        write=one.write,
        target=target,
        source=mapping.source,
        constant=constant,
        transform=transform.name if transform else None,
        transform_args=transform.args if transform else {},
        custom=transform.custom if transform else None,
        each=mapping.each,
    )


def alike(name: str, names: Sequence[str]) -> list[str]:
    """The names most like it, best first; case and signs do not matter."""
    found = process.extract(
        name, names, processor=default_process, limit=_OFFERED, score_cutoff=_ALIKE
    )
    return [str(best) for best, _, _ in found]


def asked(identity: str, text: str, options: dict[str, list[PlanEdit]]) -> Question:
    """A question that changes the plan as its answers say; until then nothing changes."""
    return Question(
        id=identity,
        text=text,
        importance="high",
        options=[*options, _KEEP],
        assumption=_KEEP,
        edits={
            name: [edit.model_dump(mode="json") for edit in edits]
            for name, edits in options.items()
        },
    )
