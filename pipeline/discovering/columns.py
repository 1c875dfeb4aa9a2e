"""Rows are written by position: the columns that a sheet has, compared with those of the plan."""

from collections.abc import Sequence

from pipeline.discovering.account import Account, can_be_mapped
from pipeline.discovering.questions import alike, asked, filled, unmapped
from pipeline.discovering.written import Written
from pipeline.plan.edits import MapField, PlanEdit
from pipeline.plan.model import Question

_SHOWN = 12


def columns_question(
    owner: str, system: str, account: Account, written: Sequence[Written]
) -> Question | None:
    """None where the columns are the plan's, in its order."""
    has = list(account.values)
    ours = [one.mapping.target for one in written]
    if [_plain(name) for name in has[: len(ours)]] == [_plain(name) for name in ours]:
        return None
    text = (
        f"{owner} has the columns {_listed(has)}; the plan writes {_listed(ours)}, in this order. "
        "Should each value go into the column of its name?"
    )
    options = {}
    if all(map(can_be_mapped, has)):
        options["follow the columns"] = _following(has, written)
    identity = f"account-{system}-{written[0].entity}-columns"
    return asked(identity, text, options)


def _following(has: Sequence[str], written: Sequence[Written]) -> list[PlanEdit]:
    """Every mapping anew in the columns' order; a column that nothing fills stays empty."""
    rest = {one.mapping.target: one for one in written}
    edits: list[PlanEdit] = [unmapped(one) for one in written]
    for column in has:
        best = alike(column, list(rest))[:1]
        if best:
            one = rest.pop(best[0])
            edits.append(filled(one, column, one.mapping.constant))
        else:
            edits.append(_empty(written[0], column))
    return edits + [filled(one, name, one.mapping.constant) for name, one in rest.items()]


def _empty(one: Written, column: str) -> MapField:
    return MapField(workflow=one.workflow, write=one.write, target=column, constant="")


def _plain(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(f"“{name}”" for name in names[:_SHOWN]) + more
