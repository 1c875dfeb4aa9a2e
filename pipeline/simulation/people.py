"""The people, places and products that samples are about; all invented, with reserved domains."""

from typing import NamedTuple


class Person(NamedTuple):
    first: str
    last: str
    company: str
    phone: str
    street: str
    city: str
    region: str
    region_code: str
    postal_code: str

    @property
    def full_name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def email(self) -> str:
        return f"{self.first}.{self.last}@example.com".casefold()


class Product(NamedTuple):
    name: str
    sku: str
    price: str
    option: str


PEOPLE = (
    Person("Amelia", "Hart", "Hart & Daughters", "+12125550143", "12 Orchard Street",
           "New York", "New York", "NY", "10002"),
    Person("Mateo", "Rivera", "Rivera Supply", "+15125550178", "408 Colorado Street",
           "Austin", "Texas", "TX", "78701"),
    Person("Priya", "Nair", "Nair Studio", "+14155550112", "77 Valencia Street",
           "San Francisco", "California", "CA", "94103"),
    Person("Jonas", "Lindqvist", "Northlight", "+12065550135", "901 Pine Street",
           "Seattle", "Washington", "WA", "98101"),
    Person("Zoë", "O'Brien", "O'Brien Interiors", "+16175550164", "5 Beacon Street",
           "Boston", "Massachusetts", "MA", "02108"),
    Person("Grace", "Okafor", "Okafor Textiles", "+13125550127", "230 Wells Street",
           "Chicago", "Illinois", "IL", "60606"),
)  # fmt: skip

PRODUCTS = (
    Product("Linen shirt", "LIN-SHIRT-M", "24.00", "Medium"),
    Product("Walnut tray", "WAL-TRAY-01", "39.50", "Large"),
    Product("Beeswax candle", "BEE-CANDLE", "12.25", "Single"),
    Product("Stoneware mug", "STO-MUG-BLU", "18.00", "Blue"),
    Product("Canvas tote", "CAN-TOTE-NAT", "16.75", "Natural"),
)
