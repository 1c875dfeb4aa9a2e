"""Schedules in plain English."""

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analysts.offline.schedule import read_schedule

CASES = [
    ("every night at 2am", "0 2 * * *"),
    ("at 3:30 am each night", "30 3 * * *"),
    ("every hour", "0 * * * *"),
    ("once an hour", "0 * * * *"),
    ("hourly", "0 * * * *"),
    ("check every 15 minutes", "*/15 * * * *"),
    ("every five minutes", "*/5 * * * *"),
    ("quarter-hourly", "*/15 * * * *"),
    ("every quarter of an hour", "*/15 * * * *"),
    ("every half hour", "*/30 * * * *"),
    ("four times an hour", "*/15 * * * *"),
    ("every other hour", "0 */2 * * *"),
    ("every 6h", "0 */6 * * *"),
    ("twice a day", "0 */12 * * *"),
    ("three times a day", "0 */8 * * *"),
    ("twice a day at 6am and 6pm", "0 6,18 * * *"),
    ("daily at noon", "0 12 * * *"),
    ("every day at midnight", "0 0 * * *"),
    ("daily at 9 and 17", "0 9,17 * * *"),
    ("each morning at 7", "0 7 * * *"),
    ("every evening at 8", "0 20 * * *"),
    ("at half past six every evening", "30 18 * * *"),
    ("weekdays at 9", "0 9 * * 1-5"),
    ("on working days at 17:45", "45 17 * * 1-5"),
    ("Mon-Fri at 08:15", "15 8 * * 1-5"),
    ("on weekends at 10am", "0 10 * * 0,6"),
    ("every Monday 8:30", "30 8 * * 1"),
    ("Mondays and Thursdays at 10pm", "0 22 * * 1,4"),
    ("once a week on Friday at 16:00", "0 16 * * 5"),
    ("every sunday at 11 pm", "0 23 * * 0"),
    ("at 5 past midnight", "5 0 * * *"),
    ("daily at ten to noon", "50 11 * * *"),
    ("every day at 20 past 4pm", "20 16 * * *"),
    ("at 06:00 and 14:00", "0 6,14 * * *"),
    ("daily at 0600", "0 6 * * *"),
    ("every hour on the half hour", "30 * * * *"),
    ("hourly at :05", "5 * * * *"),
    ("business hours 9 to 5, every hour", "0 9-17 * * 1-5"),
    ("weekdays 9-17 hourly", "0 9-17 * * 1-5"),
    ("Sat+Sun 10am", "0 10 * * 0,6"),
    ("Friday 4pm", "0 16 * * 5"),
    ("every 2 weeks on Tuesday 10:00", "0 10 * * 2"),
    ("on the 1st and 15th of every month at 10am", "0 10 1,15 * *"),
    ("monthly, last day, 23:00", "0 23 L * *"),
    ("first of the month", "0 0 1 * *"),
    ("on the 15th of each month at noon", "0 12 15 * *"),
    ("last day of the month at 23:00", "0 23 L * *"),
    ("monthly", "0 0 1 * *"),
    ("hourly during business hours", "0 9-17 * * 1-5"),
    ("every hour between 8am and 6pm on weekdays", "0 8-18 * * 1-5"),
    ("15 minutes past every hour", "15 * * * *"),
    ("run it as 5 4 * * 1", "5 4 * * 1"),
]


@pytest.mark.parametrize(("text", "cron"), CASES)
def test_schedules(text: str, cron: str) -> None:
    schedule = read_schedule(text)
    assert schedule is not None
    assert schedule.cron == cron


@pytest.mark.parametrize(
    "text",
    ["for every new order", "every time a ticket is created", "each customer", "in real time",
     "when 5 orders come in", "yesterday's charges", ""],
)  # fmt: skip
def test_no_schedule(text: str) -> None:
    assert read_schedule(text) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("every Monday 8:30 Europe/Berlin", "Europe/Berlin"),
        ("daily at 5pm PST", "America/Los_Angeles"),
        ("at 9am London time every day", "Europe/London"),
        ("daily at 7 New York time", "America/New_York"),
        ("weekdays at 6 Eastern time", "America/New_York"),
        ("every day at 2am", None),
    ],
)
def test_time_zones(text: str, zone: str | None) -> None:
    schedule = read_schedule(text)
    assert schedule is not None
    assert schedule.timezone == zone


@pytest.mark.parametrize("text", ["nightly", "every 7 minutes", "every 90 minutes", "daily"])
def test_what_the_words_leave_open_is_said(text: str) -> None:
    schedule = read_schedule(text)
    assert schedule is not None
    assert not schedule.exact


@given(st.text(alphabet="every day at 0123456789:amphour minute week of the-,", max_size=60))
def test_whatever_is_read_is_a_cron_expression(text: str) -> None:
    schedule = read_schedule(text)
    assert schedule is None or croniter.is_valid(schedule.cron)
