"""A plausible value for a field, told by the words of its name; the first rule that fits wins."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any, NamedTuple

from pipeline.simulation.kinds import words
from pipeline.simulation.people import PEOPLE, PRODUCTS, Person, Product

_START = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
_SHIPPING_PRICE = Decimal("6.50")

# Money under these words is nothing in a sample, so that its sums stay simple and right.
NOTHING_WORDS = frozenset({
    "tax", "taxes", "discount", "discounts", "duties", "duty", "tip", "gratuity",
    "refund", "refunds", "refunded", "outstanding", "balance", "deposit", "fee", "allocated",
})  # fmt: skip
SHIPPING_WORDS = frozenset({"shipping", "delivery", "freight"})
MONEY_WORDS = frozenset({"price", "amount", "amt", "total", "subtotal", "cost", "rate"})
QUANTITY_WORDS = frozenset({"qty", "quantity"})
_ENDED_WORDS = frozenset({
    "cancelled", "canceled", "cancel", "closed", "deleted", "archived", "voided", "disabled",
})  # fmt: skip
_PRODUCT_WORDS = frozenset({"line", "lines", "item", "items", "product", "products", "variant"})


class Place(NamedTuple):
    """Where a field stands: the words of its name, and those of all that contains it."""

    name: str
    own: frozenset[str]
    around: frozenset[str]
    seed: int  # of the record
    position: int  # in the innermost array
    synonyms: tuple[frozenset[str], ...] = ()  # the words of what else it is called

    @property
    def has_ended(self) -> bool:
        """Whether a value would say that the record is no longer current."""
        return bool(_ENDED_WORDS & self.own)

    @property
    def everything(self) -> frozenset[str]:
        return self.own | self.around

    @property
    def person(self) -> Person:
        """Once all have had their turn, names are combined anew; then generations are counted."""
        turn = self.seed // len(PEOPLE)
        last = PEOPLE[(self.seed + turn) % len(PEOPLE)].last
        generation = turn // len(PEOPLE) + 1
        counted = f"{last}-{generation}" if generation > 1 else last
        return PEOPLE[self.seed % len(PEOPLE)]._replace(last=counted)

    @property
    def product(self) -> Product:
        turn, number = divmod(self.seed + self.position, len(PRODUCTS))
        found = PRODUCTS[number]
        if turn == 0:
            return found
        return found._replace(name=f"{found.name} {turn + 1}", sku=f"{found.sku}-{turn + 1}")

    @property
    def quantity(self) -> int:
        return 1 + self.position % 3

    @property
    def number(self) -> int:
        return 1001 + self.seed * 10 + self.position

    @property
    def about_product(self) -> bool:
        return bool(_PRODUCT_WORDS & self.everything) and not SHIPPING_WORDS & self.everything


def place(path: list[str], seed: int, position: int, synonyms: Iterable[str] = ()) -> Place:
    """`path` has the names from the record down; `currency.value` is about the currency."""
    names = path or ["sample"]
    own = frozenset(words(names[-1]))
    around = frozenset(word for name in names[:-1] for word in words(name))
    if own == {"value"} and len(names) > 1 and "ref" in words(names[-2]):
        own = frozenset(words(names[-2]))
    others = tuple(frozenset(words(name)) for name in synonyms)
    return Place(names[-1], own, around, seed, position, others)


def amount(at: Place) -> Decimal:
    """Money in major units."""
    if NOTHING_WORDS & at.everything:
        return Decimal("0.00")
    if SHIPPING_WORDS & at.everything:
        return _SHIPPING_PRICE
    price = Decimal(at.product.price)
    per_line = {"amount", "amt", "total", "subtotal"} & at.own and "unit" not in at.own
    return price * at.quantity if per_line else price


def moment(at: Place) -> datetime:
    """Later records are later; what was updated was created an hour before."""
    later = timedelta(hours=1) if {"updated", "modified", "update"} & at.own else timedelta()
    return _START + timedelta(days=at.seed) + later


def number(at: Place) -> Decimal | int:
    if {"position", "line"} & at.own and not MONEY_WORDS & at.own:
        return at.position + 1
    if QUANTITY_WORDS & at.own:
        return at.quantity
    if (MONEY_WORDS | NOTHING_WORDS) & at.own and "percent" not in at.own:
        return amount(at)
    return at.number if {"id", "number", "num"} & at.own else 1


def _name(at: Place) -> str:
    if {"tax", "taxes"} & at.around:
        return "Sales tax"
    if SHIPPING_WORDS & at.around and not {"address", "addr"} & at.around:
        return "Standard shipping"
    if at.about_product:
        return at.product.name
    return at.person.full_name


def _region(at: Place) -> str:
    return at.person.region_code if "code" in at.own else at.person.region


Rule = tuple[frozenset[str], Callable[[Place], str]]


def _rule(names: str, make: Callable[[Place], str]) -> Rule:
    return frozenset(names.split()), make


# Every word of one of the alternatives (separated by `|`) in the field's own name.
_RULES: list[Rule] = [
    _rule(alternative, make)
    for alternatives, make in (
        ("email|mail", lambda at: at.person.email),
        ("url|uri|href|link|website", lambda at: f"https://example.com/{at.number}"),
        ("first name|given name|first", lambda at: at.person.first),
        ("middle name", lambda at: "Lee"),
        ("sync token|version|revision", lambda at: "0"),
        ("lat|latitude", lambda at: "40.7128"),
        ("long|longitude|lng", lambda at: "-74.0060"),
        ("last name|family name|surname|last", lambda at: at.person.last),
        ("company|organization|organisation|business|vendor", lambda at: at.person.company),
        ("phone|mobile|fax|telephone|free form number", lambda at: at.person.phone),
        ("address 2|line 2|address 3|line 3|line 4|line 5", lambda at: "Floor 3"),
        ("address 1|line 1|street|address line", lambda at: at.person.street),
        ("city|town|locality", lambda at: at.person.city),
        ("zip|postal|postcode", lambda at: at.person.postal_code),
        ("sub division|subdivision", _region),
        ("country code", lambda at: "US"),
        ("country", lambda at: "United States"),
        ("province|region|state|county", _region),
        ("sku", lambda at: at.product.sku),
        ("variant title|option", lambda at: at.product.option),
        ("currency", lambda at: "USD"),
        ("price|amount|amt|total|subtotal|cost", lambda at: str(amount(at))),
        ("id|gid", lambda at: str(at.number)),
        ("order name", lambda at: f"#{at.number}"),
        ("number|num|no|reference|ref", lambda at: str(at.number)),
        ("locale|language", lambda at: "en"),
        ("timezone|zone", lambda at: "America/New_York"),
        ("ip", lambda at: "192.0.2.10"),
        ("note|memo|comment|message", lambda at: "Please ring the bell"),
        ("name|title|description|label", _name),
    )
    for alternative in alternatives.split("|")
]

_FORMATS: dict[str, Callable[[Place], str]] = {
    "date-time": lambda at: moment(at).isoformat().replace("+00:00", "Z"),
    "date": lambda at: moment(at).date().isoformat(),
    "rfc2822": lambda at: format_datetime(moment(at)),
    "time": lambda at: "09:26:53Z",
    "decimal": lambda at: str(number(at)),
    "email": lambda at: at.person.email,
    "uri": lambda at: f"https://example.com/{at.number}",
    "uuid": lambda at: f"00000000-0000-4000-8000-{at.number:012d}",
    "ipv4": lambda at: "192.0.2.10",
    "hostname": lambda at: "example.com",
}


def text(at: Place, format_name: str | None) -> str:
    """A string for the field, by its name or a synonym; else the words of its name."""
    if format_name in _FORMATS:
        return _FORMATS[format_name](at)
    for own in (at.own, *at.synonyms):
        for names, make in _RULES:
            if names <= own:
                return make(at)
    plain = " ".join(words(at.name)) or "sample"
    return f"{plain} {at.seed + 1}" if at.seed else plain


def is_of_lines(name: str) -> bool:
    """Whether an array of that name has the priced lines of a document."""
    named = frozenset(words(name))
    return bool(_PRODUCT_WORDS & named) and not (SHIPPING_WORDS | NOTHING_WORDS) & named


def truth(at: Place) -> bool:
    """Flags that make a record count are on; those that set it apart are off."""
    return bool({"active", "enabled", "taxable", "paid", "verified", "requires"} & at.own)


def value(kind: str, at: Place, format_name: str | None, unit: str | None) -> Any:
    """A value of a scalar JSON type."""
    if kind == "boolean":
        return truth(at)
    if kind in ("integer", "number"):
        found = Decimal(number(at)) * (100 if unit == "minor" else 1)
        return int(found) if kind == "integer" or found == int(found) else float(found)
    return text(at, format_name)
