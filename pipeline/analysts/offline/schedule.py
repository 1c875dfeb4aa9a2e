"""Schedules in plain English, as cron expressions of five fields."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.analysts.offline.clauses import trigger_clauses
from pipeline.analysts.offline.clock import NUMBER, number, time_zone, times_of_day
from pipeline.plan.triggers import valid_cron

_DAYS = {"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6,
         "sunday": 0, "mon": 1, "tue": 2, "tues": 2, "wed": 3, "thu": 4, "thur": 4, "thurs": 4,
         "fri": 5, "sat": 6, "sun": 0}  # fmt: skip
_DAY = r"(?:" + "|".join(sorted(_DAYS, key=len, reverse=True)) + r")"
_UNITS = {"minute": r"min(?:ute)?s?", "hour": r"(?:hour|hr|h)s?", "day": r"days?",
          "week": r"w(?:ee)?ks?", "month": r"months?"}  # fmt: skip
_EACH = r"(?:every|each|once (?:an?|per|every)|per|an?)"
_FIELD = r"(?:\*|\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*|[A-Z]{3}(?:-[A-Z]{3})?)(?:/\d+)?"
_CRON = re.compile(rf"(?<![\w*/])({_FIELD}(?:\s+(?:{_FIELD}|L)){{4}})(?![\w*/])")
_HOUR = r"(\d{1,2}(?::\d\d)?\s?(?:[ap]m\b)?)"
_NEAR = 40  # characters behind “at” in which a time belongs to it
_ONCE = re.compile(r"\b(?:today|tomorrow|tonight|once|just)\b", re.I)


@dataclass(frozen=True)
class Schedule:
    """`exact` is False where the words left the time open, or cron can't say it."""

    cron: str
    timezone: str | None
    words: str
    exact: bool = True


def read_schedule(text: str) -> Schedule | None:
    """The schedule that a text asks for; None where it names none."""
    literal = _CRON.search(text)
    if literal and valid_cron(literal[1]):
        return Schedule(literal[1], time_zone(text), literal[1])
    for pattern, build in _RULES:
        match = pattern.search(text)
        if match is None:
            continue
        times = times_of_day(_around(text, match))
        cron, exact = build(match, times, text)
        return Schedule(cron, time_zone(text), match[0].strip(), exact)
    return _at_a_time(text)


def _at_a_time(text: str) -> Schedule | None:
    """“At 06:00 and 14:00 …”: each day, unless something else starts it."""
    match = re.search(r"(?:\bat|@)\s+(?=\S)", text, re.I)
    if match is None or trigger_clauses(text):
        return None
    start = max(text.rfind(sign, 0, match.start()) for sign in (". ", "\n", "; ")) + 1
    times = times_of_day(text[match.start() : match.start() + _NEAR])
    if not times or _ONCE.search(text[start:]):
        return None
    clock, _ = _clock(times, 0)
    return Schedule(f"{clock} * * *", time_zone(text), match[0].strip(), exact=False)


def _around(text: str, match: re.Match[str]) -> str:
    """The sentence of a match: a time elsewhere says something else."""
    start = max(text.rfind(sign, 0, match.start()) for sign in (". ", "\n", "; "))
    ends = [text.find(sign, match.end()) for sign in (". ", "\n", "; ")]
    return text[start + 1 : min([end for end in ends if end >= 0], default=len(text))]


Times = list[tuple[int, int]]
Built = tuple[str, bool]
Build = Callable[[re.Match[str], Times, str], Built]


def _clock(times: Times, default: int) -> Built:
    """The first two cron fields, and whether the time was named."""
    if not times:
        return f"0 {default}", False
    minutes = {minute for _, minute in times}
    if len(minutes) > 1:  # one cron can't say 6:00 and 18:30
        return f"{times[0][1]} {times[0][0]}", False
    return f"{times[0][1]} {','.join(str(hour) for hour, _ in sorted(times))}", True


def _every_minutes(match: re.Match[str], times: Times, text: str) -> Built:
    return every_minutes(number(match["n"]) if match["n"] else 1, text)


def every_minutes(count: int, text: str) -> Built:
    """Every so many minutes, in the hours and on the days that the text names."""
    if count >= 60:
        return every_hours(count // 60, text, exact=count % 60 == 0)
    minute = "*" if count <= 1 else f"*/{count}"
    hours, days = _hours(text), _weekdays(text)
    return f"{minute} {hours or '*'} * * {days or '*'}", 60 % max(count, 1) == 0


def every_hours(count: int, text: str, exact: bool = True) -> Built:
    """Every so many hours, in the hours and on the days that the text names."""
    minute = _minute_past(text)
    if count >= 24:
        return f"{minute} 0 */{count // 24} * *".replace("*/1 ", "* "), exact and count % 24 == 0
    within = _hours(text)
    hours = within or "*"
    if count > 1:
        hours = f"{within or '*'}/{count}"
    return f"{minute} {hours} * * {_weekdays(text) or '*'}", exact and 24 % max(count, 1) == 0


def _minute_past(text: str) -> int:
    """At which minute of the hour: “10 past every hour”, “on the half hour”, “hourly at :05”."""
    if re.search(r"\b(?:on the|at) half(?:[ -]hour| past)", text, re.I):
        return 30
    past = re.search(r"(\d{1,2}|quarter)(?: minutes?)? (?:past|after) (?:the|each|every) hour|"
                     r"\bat minute (\d{1,2})|(?:\bat|@) ?:(\d\d)\b", text, re.I)  # fmt: skip
    said = next((group for group in past.groups() if group), "0") if past else "0"
    return 15 if said.lower() == "quarter" else int(said) % 60


def _every_hours(match: re.Match[str], times: Times, text: str) -> Built:
    return every_hours(number(match["n"]) if match["n"] else 1, text)


def _hours(text: str) -> str | None:
    """“between 8am and 6pm” or “business hours” as a range of hours."""
    if re.search(r"\b(?:business|office|working|work) hours\b", text, re.I):
        return "9-17"
    match = re.search(rf"\b{_HOUR}\s*(?:and|to|until|till|-)\s*{_HOUR}(?!\s*(?:min|%|record|row))",
                      text, re.I)  # fmt: skip
    ends = [times_of_day(f"at {part}".replace(".", "")) for part in match.groups()] if match else []
    if len(ends) != 2 or not all(ends):
        return None
    first, last = ends[0][0][0], ends[1][0][0]
    last += 12 if last <= first and last < 12 else 0  # “9 to 5”
    return f"{first}-{last}" if first < last else None


def _weekdays(text: str) -> str | None:
    """Days of the week named in a text, as cron's fifth field."""
    if re.search(
        r"\b(?:week ?days?|(?:business|working|work|office) ?(?:days?|hours))\b", text, re.I
    ):
        return "1-5"
    if re.search(r"\bweekends?\b", text, re.I):
        return "0,6"
    span = re.search(rf"\b({_DAY})s?\s*(?:-|to|through|thru|until)\s*({_DAY})s?\b", text, re.I)
    if span:
        first, last = _DAYS[span[1].lower()], _DAYS[span[2].lower()] or 7
        return f"{first}-{last}"
    named = re.findall(rf"\b({_DAY})s?\b", text, re.I)
    days = sorted({_DAYS[name.lower()] for name in named if name[0].isupper() or len(name) > 4})
    return ",".join(map(str, days)) or None


def _times_a_day(match: re.Match[str], times: Times, text: str) -> Built:
    count = 2 if match["n"].lower() == "twice" else number(match["n"])
    unit = match["unit"].lower()
    if unit.startswith(("hour", "hr")):
        return every_minutes(60 // max(1, min(count, 60)), text)
    if len(times) == count and len({minute for _, minute in times}) == 1:
        clock, _ = _clock(times, 0)
        return f"{clock} * * {_weekdays(text) or '*'}", True
    step = max(1, 24 // max(1, count))
    return f"0 */{step} * * {_weekdays(text) or '*'}", 24 % max(1, count) == 0


def _days_of_week(match: re.Match[str], times: Times, text: str) -> Built:
    clock, exact = _clock(times, 9)
    return f"{clock} * * {_weekdays(match[0]) or _weekdays(text) or '1'}", exact


def _daily(match: re.Match[str], times: Times, text: str) -> Built:
    word = match[0].lower()
    parts = {"night": 2, "morning": 8, "afternoon": 14, "evening": 18, "noon": 12}
    default = next((hour for part, hour in parts.items() if part in word), 0)
    late = [(hour + 12, minute) if 12 > hour > 3 and "evening" in word else (hour, minute)
            for hour, minute in times]  # fmt: skip
    clock, exact = _clock(late, default)
    return f"{clock} * * {_weekdays(text) or '*'}", exact


def _end_of_day(match: re.Match[str], times: Times, text: str) -> Built:
    clock, exact = _clock(times, 23)
    return f"{clock} * * {_weekdays(text) or '*'}", exact


def _every_days(match: re.Match[str], times: Times, text: str) -> Built:
    clock, exact = _clock(times, 0)
    count = 2 if match["n"].lower() in ("other", "second") else number(match["n"])
    return f"{clock} */{count} * *", exact and count == 1


def _monthly(match: re.Match[str], times: Times, text: str) -> Built:
    clock, exact = _clock(times, 0)
    last = re.search(r"\b(?:last day|end)(?: of (?:the|each|every)(?: month)?)?\b", text, re.I)
    day = match.groupdict().get("day") or ("last" if last else "1")
    also = re.search(r"(?:\d{1,2}(?:st|nd|rd|th)|first)(?:,? and |, | & )(?:the )?$",
                     text[: match.start()], re.I)  # fmt: skip
    day = "L" if day.lower() == "last" else re.sub(r"\D", "", day) or "1"
    day = f"{re.sub(r'[^0-9]', '', also[0]) or '1'},{day}" if also else day
    return f"{clock} {day} * *", exact


def _monthly_by_day(match: re.Match[str], times: Times, text: str) -> Built:
    """Cron can't say the first Monday: the first or last day, which the plan says openly."""
    return _clock(times, 0)[0] + (" L * *" if match["day"].lower() == "last" else " 1 * *"), False


def _fortnightly(match: re.Match[str], times: Times, text: str) -> Built:
    """Cron can't say every other week: each week, which the plan says openly."""
    clock, _ = _clock(times, 9)
    return f"{clock} * * {_weekdays(text) or '1'}", False


def _every_seconds(match: re.Match[str], times: Times, text: str) -> Built:
    return every_minutes(1, text)[0], False


def _rarely(months: str) -> Build:
    def build(match: re.Match[str], times: Times, text: str) -> Built:
        clock, exact = _clock(times, 0)
        return f"{clock} 1 {months} *", exact

    return build


def _half_hourly(match: re.Match[str], times: Times, text: str) -> Built:
    return every_minutes(30, text)


def _quarter_hourly(match: re.Match[str], times: Times, text: str) -> Built:
    return every_minutes(15, text)


def _other_hour(match: re.Match[str], times: Times, text: str) -> Built:
    return every_hours(2, text)


_ORDINAL = r"(?:the )?(?P<day>last|first|\d{1,2}(?:st|nd|rd|th))"
_MONTH = r"(?:the|each|every|a) month\b"
# The first rule that fits wins, so the more particular stand first.
_RULES: list[tuple[re.Pattern[str], Build]] = [
    (re.compile(pattern, re.I), build)
    for pattern, build in [
        (rf"\b{_ORDINAL}(?: (?:(?:business|working|work|calendar) )?day)? (?:of|in) {_MONTH}",
         _monthly),
        (r"\b(?:quarterly|(?:every|each|once a|once per) quarter)\b(?![ -]*(?:of an )?hour)",
         _rarely("1,4,7,10")),
        (r"\b(?:yearly|annually|(?:every|each|once a) year)\b", _rarely("1")),
        (r"\b(?:monthly|(?:every|each|once a|once per) month)\b", _monthly),
        (rf"\b{_ORDINAL} {_DAY} of {_MONTH}", _monthly_by_day),
        (r"\bquarter[ -]?hourly\b|\b(?:every|each) quarter(?:[ -]of an)?[ -]hour", _quarter_hourly),
        (r"\bhalf[ -]?hourly\b|\b(?:every|each) half(?:[ -]an)?[ -]hour|\bhalf-hour", _half_hourly),
        (r"\b(?:every|each) (?:other|second) hour\b", _other_hour),
        (rf"\b(?P<n>twice|{NUMBER}(?= times| x|x))(?: times| ?x)? "
         r"(?:an?|per|each|every) (?P<unit>hour|day)\b", _times_a_day),
        (rf"\b(?P<n>twice|{NUMBER}(?= times))(?: times)? (?P<unit>daily|hourly)\b", _times_a_day),
        (rf"\b(?:every|each)\s+(?:{NUMBER}[ -]?)?sec(?:ond)?s?\b(?!\s+\w*day)", _every_seconds),
        (rf"\b(?:fortnightly|bi-?weekly)\b|\bevery (?:other|second|2nd|two|2) (?:weeks?|{_DAY})\b"
         rf"|\bevery (?:fortnight|other week)\b", _fortnightly),
        (rf"\b(?:every|each)\s+(?P<n>{NUMBER})?[ -]?{_UNITS['minute']}\b", _every_minutes),
        (r"\b(?:by the|once a|once per|per)\s+(?P<n>)?minute\b", _every_minutes),
        (rf"\b(?:every|each|once (?:an?|per|every)|per)\s+(?P<n>{NUMBER})?[ -]?{_UNITS['hour']}\b",
         _every_hours),
        (r"\b(?P<n>)hourly\b|\bon the hour\b", _every_hours),
        (rf"\b(?:every|each)\s+(?P<n>other|second|{NUMBER})\s+days?\b", _every_days),
        (r"\b(?:every|each|on|all) (?:week ?days?|(?:business|working|work) ?days?|weekends?)\b"
         r"|\bweek ?days\b|\bweekdaily\b", _days_of_week),
        (rf"\b(?:(?:every|each|on|weekly,?|weekly on)\s+)(?:{_DAY})s?\b"
         rf"(?:\s*(?:,|and|&|-|to|through)+\s*{_DAY}s?\b)*", _days_of_week),
        (rf"\b(?:{_DAY})s?\s*(?:-|to|through)\s*(?:{_DAY})s?\b"
         rf"|\b{_DAY}s\b(?:\s*(?:,|and|&)+\s*{_DAY}s?\b)*"
         rf"|\b{_DAY}s?\b(?:\s*(?:,|and|&|\+)+\s*{_DAY}s?\b)+"
         rf"|\b{_DAY}\b(?=,?\s+(?:at\s+)?\d{{1,2}}(?::\d\d|\s?[ap]m))", _days_of_week),
        (r"\b(?:weekly|(?:every|each|once a|once per) week)\b", _days_of_week),
        (r"\b(?:end of (?:the |each |every )?day|EOD)\b", _end_of_day),
        (r"\b(?:every|each) (?:single )?(?:night|morning|afternoon|evening|noon|midnight|day)\b"
         r"|\b(?:nightly|daily|overnight)\b|\bonce (?:a|per|every) (?:day|night|morning)\b"
         r"|\b(?:a|per) day\b(?= at)", _daily),
    ]
]  # fmt: skip
