"""Canaries find a mock that is not strict."""

from typing import Any

import pytest

from pipeline.catalogue.model import SystemEntry
from pipeline.simulation.canary import check_canaries
from pipeline.simulation.mock import MockSystem


def _system(properties: dict[str, Any]) -> MockSystem:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    thing = {"name": "thing", "display_name": "Thing", "record_schema": schema}
    create = {
        "id": "create", "entity": "thing", "action": "create", "method": "POST", "path": "/things",
    }  # fmt: skip
    return MockSystem(
        SystemEntry.model_validate(
            {"name": "x", "display_name": "X", "entities": [thing], "operations": [create]}
        )
    )


def test_canaries_are_derived_where_the_catalogue_has_none(mock: MockSystem) -> None:
    results = {result.operation: result for result in check_canaries(mock)}
    assert set(results) == {"create-customer", "update-customer", "create-receipt"}
    assert all(result.holds for result in results.values()), results


@pytest.mark.parametrize(("schema", "holds"), [({"type": "string"}, True), ({}, False)])
def test_a_schema_that_takes_anything_is_found_out(schema: dict[str, Any], holds: bool) -> None:
    [result] = check_canaries(_system({"name": schema}))
    assert (result.accepted, result.rejected) == (True, holds)
    assert result.holds is holds


def test_trying_canaries_leaves_no_trace(mock: MockSystem) -> None:
    check_canaries(mock)
    assert (mock.records("customer"), mock.exchanges.all()) == ([], [])
