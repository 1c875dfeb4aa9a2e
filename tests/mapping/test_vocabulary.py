import pytest

from pipeline.mapping.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("custAddr.zip_code", ("customer", "address", "postal code")),
        ("BillEmail.Address", ("billing", "email")),
        ("createdAt", ("created at",)),
        ("UpdatedDateUTC", ("updated at",)),
        ("firstname", ("first name",)),
        ("numberofemployees", ("number", "employee")),
        ("line_items[].sku", ("line item", "sku")),
        ("addresses", ("address",)),
        ("status", ("status",)),
        ("at", ("at",)),
        ("", ()),
        ("🙂", ()),
        ("qwertyuiop", ("qwertyuiop",)),
    ],
)
def test_a_name_has_one_form(name: str, terms: tuple[str, ...]) -> None:
    assert vocabulary().terms(name) == terms


def test_of_a_contrast_only_one_can_be_meant() -> None:
    contrast = vocabulary().contrast
    assert contrast(frozenset({"billing", "city"}), frozenset({"shipping", "city"}))
    assert not contrast(frozenset({"billing", "city"}), frozenset({"city"}))
    assert not contrast(frozenset({"billing"}), frozenset({"billing"}))


def test_neighbours_are_graded() -> None:
    near = vocabulary().neighbours(["price"], ["price", "amount", "unit price", "colour"])["price"]
    assert near["price"] == 1
    assert 0 < near["amount"] < 1
    assert "colour" not in near
