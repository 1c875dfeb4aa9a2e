"""The transforms in Python: what the generated TypeScript is held against in its tests.

Missing (None or "") stays missing; what cannot be read raises InvalidValue. Nothing here is shared
with `transforms.ts`, so that a mistake in one of the two shows.
"""

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from email.utils import parsedate_to_datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from pydantic import JsonValue

Scalar: TypeAlias = str | int | float | bool | None

_LARGEST_EXPONENT = 300
_AS_IN_EMAILS = re.compile(
    r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:[+-]\d{4}|GMT)"
)


class InvalidValue(ValueError):
    """A value that cannot be read as what its field needs."""


def is_missing(value: object) -> bool:
    return value is None or value == ""


def to_text(value: Scalar) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def to_number(value: Scalar) -> int | float | None:
    exact = _decimal(value)
    return None if exact is None else _number(exact)


def to_integer(value: Scalar) -> int | float | None:
    return round_to(value, 0)


def to_boolean(value: Scalar) -> bool | None:
    text = to_text(value)
    if text is None:
        return None
    match text.strip().lower():
        case "true" | "1" | "yes":
            return True
        case "false" | "0" | "no":
            return False
    raise InvalidValue(f"{value!r} is not true or false")


def to_date(value: Scalar, timezone: str | None = None) -> str | None:
    text = to_text(value)
    if text is None:
        return None
    time = _time(text)
    if timezone is None or len(text) == 10:
        return time.date().isoformat() if _AS_IN_EMAILS.fullmatch(text) else text[:10]
    return time.astimezone(ZoneInfo(timezone)).date().isoformat()


def to_datetime(value: Scalar) -> str | None:
    text = to_text(value)
    return None if text is None else f"{_time(text).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def from_unix_time(value: Scalar) -> str | None:
    seconds = to_integer(value)
    return None if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def to_unix_time(value: Scalar) -> int | None:
    text = to_text(value)
    return None if text is None else int(_time(text).timestamp() // 1)


def minor_to_major(value: Scalar, digits: int = 2) -> int | float | None:
    exact = _decimal(value)
    return None if exact is None else _number(exact.scaleb(-digits))


def major_to_minor(value: Scalar, digits: int = 2) -> int | float | None:
    exact = _decimal(value)
    return None if exact is None else _number(_rounded(exact.scaleb(digits), 0))


def multiply(value: Scalar, by: Scalar, digits: int = 2) -> int | float | None:
    one, other = _decimal(value), _decimal(by)
    return None if one is None or other is None else _number(_rounded(one * other, digits))


def round_to(value: Scalar, digits: int = 2) -> int | float | None:
    exact = _decimal(value)
    return None if exact is None else _number(_rounded(exact, digits))


def negate(value: Scalar) -> int | float | None:
    exact = _decimal(value)
    return None if exact is None else _number(-exact)


def sum_of(values: Sequence[Scalar]) -> int | float | None:
    exact = [number for value in values if (number := _decimal(value)) is not None]
    return _number(sum(exact, Decimal(0))) if exact else None


def count(values: Sequence[Scalar]) -> int:
    return sum(not is_missing(value) for value in values)


def join(values: Sequence[Scalar], separator: str = " ") -> str | None:
    texts = [(to_text(value) or "").strip() for value in values]
    return separator.join(filter(None, texts)) or None


def first_of(values: Sequence[Scalar]) -> Scalar:
    return next((value for value in values if not is_missing(value)), None)


def first_name(value: Scalar) -> str | None:
    words = (to_text(value) or "").split()
    return " ".join(words[:-1] or words) or None


def last_name(value: Scalar, or_only: bool = False) -> str | None:
    words = (to_text(value) or "").split()
    return words[-1] if len(words) > 1 or (words and or_only) else None


def truncate(value: Scalar, length: int) -> str | None:
    """Length is counted in UTF-16 units, as JavaScript and most APIs written for it do."""
    text = to_text(value)
    if text is None:
        return None
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", errors="ignore")


def translate(value: Scalar, table: Mapping[str, Scalar], fallback: Scalar = None) -> Scalar:
    text = to_text(value)
    if text is None:
        return fallback
    if text in table:
        return table[text]
    if fallback is None:
        raise InvalidValue(f"{value!r} is not one of {', '.join(table)}")
    return fallback


def lower(value: Scalar) -> str | None:
    text = to_text(value)
    return None if text is None else text.lower()


def upper(value: Scalar) -> str | None:
    text = to_text(value)
    return None if text is None else text.upper()


def trim(value: Scalar) -> str | None:
    text = to_text(value)
    return None if text is None else text.strip()


def strip_html(value: Scalar) -> str | None:
    text = to_text(value)
    return None if text is None else " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def strip_prefix(value: Scalar, prefix: str) -> str | None:
    text = to_text(value)
    return None if text is None else text.removeprefix(prefix)


def with_default(value: Scalar, fallback: Scalar) -> Scalar:
    return fallback if is_missing(value) else value


def fill(template: str, values: Mapping[str, Scalar]) -> str | None:
    if all(is_missing(value) for value in values.values()):
        return None
    lines = [_filled(line, values) for line in template.split("\n")]
    return "\n".join(line for line in lines if line)


def _filled(line: str, values: Mapping[str, Scalar]) -> str:
    """A line of a template; "" where none of its fields has a value."""
    names = re.findall(r"\{([^{}]+)\}", line)
    if names and all(is_missing(values.get(name)) for name in names):
        return ""
    filled = re.sub(r"\{([^{}]+)\}", lambda hit: to_text(values.get(hit[1])) or "", line)
    return " ".join(filled.split())


_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)


def _decimal(value: JsonValue) -> Decimal | None:
    if is_missing(value):
        return None
    if isinstance(value, bool) or not _NUMBER.fullmatch(str(value)):
        raise InvalidValue(f"{value!r} is not a number")
    exact = Decimal(str(value).strip())
    if abs(exact.adjusted()) > _LARGEST_EXPONENT:
        raise InvalidValue(f"{value!r} is too large or too small a number")
    return exact


def _rounded(number: Decimal, digits: int) -> Decimal:
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -digits:
        return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return number


def _number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _time(text: str) -> datetime:
    """The instant of a time as APIs write it: ISO 8601, or as emails do (RFC 2822)."""
    try:
        if len(text) == 10:
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        in_email = _AS_IN_EMAILS.fullmatch(text) is not None
        time = parsedate_to_datetime(text) if in_email else datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidValue(f"{text!r} is not an ISO 8601 time") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
