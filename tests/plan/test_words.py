"""What people read in place of the plan's own notation."""

import pytest

from pipeline.plan.model import Mapping, Transform
from pipeline.plan.words import show_entity, show_mapping, show_path, show_transform, show_value


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("$lookup.inventory_item.id", "id of the inventory item found"),
        ("$lookup.customer", "the customer found"),
        ("$write.target.number", "number of the record written"),
        ("$variable.income_account", "the variable income_account"),
        ("line_items[].price", "line_items[].price"),
        ("$5 off", "$5 off"),
    ],
)
def test_paths_are_said_in_words(path: str, words: str) -> None:
    assert show_path(path) == words


def test_entities_and_values_are_said_in_words() -> None:
    assert show_entity("sales-receipt") == "sales receipt"
    assert show_value({"true": "TAX", "false": "NON"}) == "true → TAX, false → NON"
    table = Transform(name="enum", args={"map": {"true": "TAX"}})
    assert show_transform(table) == "true → TAX"
    mapping = Mapping(target="CustomerRef.value", source="$lookup.customer.Id")
    assert show_mapping(mapping)[0] == "Id of the customer found"
