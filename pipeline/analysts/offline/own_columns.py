"""Where a record's columns are its owner's: a table's row, a form, a payload of one's own."""

from pipeline.analysts.offline.lists import arrays
from pipeline.catalogue.schema import fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.schemas import free_objects

_FEW = 7  # fields beside such columns; a record with more has what matters in these


def columns_home(source: Schema) -> str | None:
    """The object that holds a record's own columns, "" for the record itself; None for no such.

    A bag beside many fields, such as a charge's metadata, or beside a list, such as what a form
    was sent with, is none: what is asked for stands there only by chance.
    """
    free = free_objects(source)
    if not free:
        return None
    home = f"{free[0]}." if free[0] else ""
    beside = [
        one for one in fields(source)
        if "[]" not in one.path and one.path != free[0] and not (home and one.path.startswith(home))
    ]  # fmt: skip
    known = any(one.key == "natural" for one in beside) or bool(arrays(source))
    return None if home and (known or len(beside) > _FEW) else free[0]
