"""Due times of cron expressions in their time zones, clock changes among them.

An expression that names hours (`30 2 * * *`) is due once a day by the clock on the wall: at the
change where that time is skipped, and the first time where it comes twice. One of every hour
(`0 * * * *`) follows the time that passes.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import CroniterBadCronError, croniter

from pipeline.errors import PlatformError

_FIELDS_WITHOUT_SECONDS = 5
_MOST_COUNTED = 1000


def latest_due(cron: str, timezone: str | None, now: datetime) -> datetime:
    """The last time (UTC) up to now at which the expression was due in its zone (UTC by default).

    PlatformError where the expression or the zone is none.
    """
    moment = now.replace(microsecond=0)
    if len(cron.split()) <= _FIELDS_WITHOUT_SECONDS:
        moment = moment.replace(second=0)
    return _latest_due(cron, timezone or "UTC", moment)


def due_between(cron: str, timezone: str | None, after: datetime, upto: datetime) -> int:
    """How often it was due after one time, up to another; at most 1,000 are counted."""
    due, count = upto, 0
    while (due := latest_due(cron, timezone, due)) > after and count < _MOST_COUNTED:
        due, count = due - timedelta(seconds=1), count + 1
    return count


@lru_cache(4096)
def _latest_due(cron: str, timezone: str, moment: datetime) -> datetime:
    try:
        zone = ZoneInfo(timezone)
        # croniter looks strictly before its start: one second on, for what is due right now.
        times = croniter(cron, (moment + timedelta(seconds=1)).astimezone(zone))
        due: datetime = times.get_prev(datetime)
        while _comes_again(cron, due):
            due = times.get_prev(datetime)
    except (ZoneInfoNotFoundError, CroniterBadCronError, ValueError) as error:
        raise PlatformError(
            f"“{cron}” ({timezone}) is no usable schedule: mend it and deploy again."
        ) from error
    return due.astimezone(UTC)


def _comes_again(cron: str, due: datetime) -> bool:
    """Whether it is the second time that the clock shows an hour that the expression names."""
    hours = "*" if cron == "@hourly" else cron.split()[1] if " " in cron else "0"
    is_second = due.utcoffset() != due.replace(fold=0).utcoffset()
    return is_second and "*" not in hours
