"""What a person typed about a customer: accounts, checked against what each system needs."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue

from bot.listeners.typed_values import InvalidInput, read_config, read_typed
from bot.views.connection import CONFIG, SECRET
from bot.views.customers import ACCOUNTS, MOCK, NAME, VARIABLE, block_of
from pipeline.case import Case
from pipeline.live.customers import Given, credentials_asked, dynamic_systems
from pipeline.plan.model import System


class TypedCustomer(NamedTuple):
    name: str
    given: dict[str, Given]  # system -> accounts; nothing for mocks
    variables: dict[str, JsonValue]


def read_customer(case: Case, values: Mapping[str, str]) -> TypedCustomer:
    """InvalidInput names every field that is missing or of the wrong type."""
    variables = {
        variable.name: read_typed(variable.type, VARIABLE + variable.name, values)
        for variable in case.plan.variables
    }
    given = {}
    if values.get(ACCOUNTS) != MOCK:
        given = {one.name: _account(case, one, values) for one in dynamic_systems(case)}
    return TypedCustomer(
        name=values.get(NAME, ""),
        given=given,
        variables={name: value for name, value in variables.items() if value is not None},
    )


def _account(case: Case, system: System, values: Mapping[str, str]) -> Given:
    blocks = {
        field.name: block_of(SECRET, system.name, field.name)
        for field in credentials_asked(case, system.name)
    }
    needed = [block_of(CONFIG, system.name, item.name) for item in system.config]
    missing = [block for block in (*blocks.values(), *needed) if not values.get(block)]
    if missing:
        raise InvalidInput({block: "Needed for their own account." for block in missing})
    return Given(
        secrets={name: values[block] for name, block in blocks.items()},
        config=read_config(system, values, block_of(CONFIG, system.name, "")),
    )
