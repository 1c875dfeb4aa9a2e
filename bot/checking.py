"""What `weft doctor` finds about one setting or dependency."""

from typing import Literal

from pipeline.model import Value

State = Literal["ok", "missing", "broken"]


class Check(Value):
    name: str
    state: State
    detail: str
    needed: bool = True
