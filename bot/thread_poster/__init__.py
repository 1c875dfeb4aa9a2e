"""The way out to Slack: the Announcer, its gateway, and the loop that empties the outbox."""

from bot.thread_poster.announcer import SlackAnnouncer
from bot.thread_poster.gateway import Gateway
from bot.thread_poster.pace import Pace
from bot.thread_poster.poster import Poster
from bot.thread_poster.uploads import Uploads

__all__ = ["Gateway", "Pace", "Poster", "SlackAnnouncer", "Uploads"]
