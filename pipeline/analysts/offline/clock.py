"""Times of day and time zones, as people write them."""

import re
from functools import cache
from zoneinfo import available_timezones

from pipeline.analysts.offline.lexicon import table

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
           "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15,
           "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90}  # fmt: skip
NUMBER = r"(?:\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r")"

_ABBREVIATIONS = {
    "utc": "UTC", "gmt": "UTC", "z": "UTC", "cet": "Europe/Berlin", "cest": "Europe/Berlin",
    "bst": "Europe/London", "uk": "Europe/London", "est": "America/New_York",
    "edt": "America/New_York", "et": "America/New_York", "eastern": "America/New_York",
    "cst": "America/Chicago", "cdt": "America/Chicago", "central": "America/Chicago",
    "mst": "America/Denver", "mountain": "America/Denver", "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles", "pacific": "America/Los_Angeles",
    "ist": "Asia/Kolkata", "jst": "Asia/Tokyo", "aest": "Australia/Sydney",
}  # fmt: skip
_NAMED_ZONE = re.compile(r"\b([A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?|UTC)\b")
_SHORT_ZONE = re.compile(
    r"(?:\d|(?<![a-z])(?:am|pm|noon|midnight))\s*\(?(?:in )?("
    + "|".join(_ABBREVIATIONS)
    + r")\b(?: time)?|\b("
    + "|".join(word for word in _ABBREVIATIONS if len(word) > 2)
    + r")(?: standard| daylight)? time\b|\bUS[- ](central|eastern|mountain|pacific)\b",
    re.I,
)
_PLACE = r"([a-z]{3,}(?:[ _][a-z]{3,})?)"
_CITIES = [
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_PLACE}(?:'s)?(?: local)? time(?:zone)?\b",
        r"(?:\d\s?(?:[ap]\.?m\.?)?|\b(?:noon|midnight|o'?clock))\s*,?\s*\(?(?:in )?" + _PLACE,
    )
]
_CLOCK = re.compile(
    rf"""(?:(?:\bat\ )?\b(?P<past>half|quarter|{NUMBER}(?=\ past\b|\ min|\ \w+\ (?:midnight|noon)))
      (?:\ min(?:ute)?s?)?\ (?P<side>past|after|to|before)\ (?P<past_hour>{NUMBER}|midnight|noon)
      (?:\ ?(?P<past_half>[ap]m))?\b(?!\ *(?:min|hour|day|record|row|%))
    | (?:\b|(?<=@))(?P<word>noon|midday|midnight)\b
    | (?<![\w:./#$€£-])(?P<hour>\d{{1,2}})(?:[:.h](?P<minute>[0-5]\d))?\s*(?P<half>[ap]\.?m\b\.?)
    | (?<![\w:./#$€£-])(?P<hour24>[01]?\d|2[0-3])[:h](?P<minute24>[0-5]\d)(?!\d)
    | (?<![\w:./#$€£-])(?P<hour4>[01]\d|2[0-3])(?P<minute4>[0-5]\d)
      (?=\s*(?:utc|gmt|h|hrs|hours|z)\b)
    | (?:\bat|@)\s*(?P<early>0\d)(?P<minute_early>[0-5]\d)\b
    | (?:\bat|@|\baround|\bby)\s*(?P<bare>\d{{1,2}}|{"|".join(NUMBERS)})(?:\s*o'?clock|h\b)?
      (?![:.]?\w|\s*(?:[ap]\.?m\b|%|min|hour|days?\b|record|item|row|times|second))
    )(?:\s+in\ the\ (?P<part>morning|afternoon|evening)|\s+(?P<night>at\ night))?""",
    re.I | re.X,
)


def number(text: str) -> int:
    """A number in digits or words."""
    return int(text) if text.isdigit() else NUMBERS[text.lower()]


def times_of_day(text: str) -> list[tuple[int, int]]:
    """Every (hour, minute) named in the text, in order, each once."""
    found: list[tuple[int, int]] = []
    for match in _CLOCK.finditer(text):
        time = _time(match)
        if time is not None and time not in found:
            found.append(time)
    return found + [later for later in _further(text, found) if later not in found]


def _time(match: re.Match[str]) -> tuple[int, int] | None:
    if match["word"]:
        return (0, 0) if match["word"].lower() == "midnight" else (12, 0)
    if match["past"]:
        hour, minute = _beside_hour(match)
    else:
        hour = number(_first(match, "hour", "hour24", "hour4", "early", "bare"))
        minute = int(_first(match, "minute", "minute24", "minute4", "minute_early"))
    half = _first(match, "half", "past_half").lower()
    late = half.startswith("p") or (match["part"] or "") in ("afternoon", "evening")
    late = late or bool(match["night"] and hour > 5)
    if late and hour < 12:
        hour += 12
    if hour == 12 and (half.startswith("a") or match["part"] == "morning"):
        hour = 0
    return (hour, minute) if hour < 24 else None


def _first(match: re.Match[str], *groups: str) -> str:
    """The first of these groups that matched; 0 where none did."""
    return next((match[group] for group in groups if match[group]), "0")


def _beside_hour(match: re.Match[str]) -> tuple[int, int]:
    """“Half past seven”, “5 past midnight”, “ten to noon”."""
    whole = {"midnight": 0, "noon": 12}
    said, hour = match["past"].lower(), match["past_hour"].lower()
    minutes = {"half": 30, "quarter": 15}.get(said) or number(said)
    after = match["side"].lower() in ("past", "after")
    start = whole[hour] if hour in whole else number(hour)
    return divmod((start * 60 + (minutes if after else -minutes)) % 1440, 60)


def _further(text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """“at 9 and 17”: hours that follow a named one without a word of their own."""
    if not found:
        return []
    match = re.search(r"\bat \d{1,2}(?:,\s*\d{1,2})*(?:,? and \d{1,2})\b(?![:\w])", text, re.I)
    hours = [int(hour) for hour in re.findall(r"\d{1,2}", match[0])] if match else []
    return [(hour, 0) for hour in hours if hour < 24]


def time_zone(text: str) -> str | None:
    """The IANA name of a zone named in the text: by name, abbreviation or city."""
    for match in _NAMED_ZONE.finditer(text):
        if match[1] in _zones():
            return match[1]
    short = _SHORT_ZONE.search(text)
    if short:
        return _ABBREVIATIONS[(short[1] or short[2] or short[3]).lower()]
    named = (match[1].lower() for pattern in _CITIES for match in pattern.finditer(text))
    tried = (part for name in named for part in (name, name.split()[-1], name.split()[0]))
    return next((_cities()[one] for one in tried if one in _cities()), None)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _cities() -> dict[str, str]:
    named = sorted(zone for zone in _zones() if "/" in zone and not zone.startswith(("Etc", "US/")))
    own = {zone.rsplit("/", 1)[1].replace("_", " ").lower(): zone for zone in named}
    return {**own, **table("zones")}
