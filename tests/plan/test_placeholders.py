"""What a person types for a part of an address."""

import pytest

from pipeline.plan.placeholders import filled_in

SHOP = "https://{shop}.myshopify.com/admin/api/2026-10"
BUCKET = "https://{bucket}.s3.{region}.amazonaws.com"
SHEET = "https://sheets.googleapis.com/v4/spreadsheets/{spreadsheet_id}"


@pytest.mark.parametrize(
    ("base_url", "name", "typed", "value"),
    [
        (SHOP, "shop", "acme", "acme"),
        (SHOP, "shop", "https://acme.myshopify.com/admin", "acme"),
        (SHOP, "shop", "Acme-2.myshopify.com", "Acme-2"),
        (BUCKET, "region", "https://data.s3.eu-west-1.amazonaws.com/x", "eu-west-1"),
        ("https://{store}/wp-json", "store", "https://shop.example.com/", "shop.example.com"),
        (SHEET, "spreadsheet_id", "1AbC_d-e", "1AbC_d-e"),
        ("{base_url}", "base_url", "https://erp.example.com/api", "https://erp.example.com/api"),
        ("postgresql://{host}:{port}/x", "host", "db internal", "db internal"),
        (SHOP, "other", "any / thing", "any / thing"),
    ],
)
def test_a_value_or_the_address_that_holds_it(
    base_url: str, name: str, typed: str, value: str
) -> None:
    assert filled_in(base_url, name, typed) == value


@pytest.mark.parametrize(
    ("base_url", "name", "typed"),
    [
        (SHOP, "shop", "https://acme.example.com/"),
        (SHOP, "shop", "acme shop"),
        (SHOP, "shop", "acme.myshopify.com@evil.example"),
        (SHEET, "spreadsheet_id", "https://docs.google.com/spreadsheets/d/1AbC/edit"),
    ],
)
def test_what_can_not_stand_there(base_url: str, name: str, typed: str) -> None:
    with pytest.raises(ValueError, match=f"stands for {{{name}}}"):
        filled_in(base_url, name, typed)
