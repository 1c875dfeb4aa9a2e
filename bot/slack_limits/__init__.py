"""Slack's limits: every payload is brought under them, and looked at, before it is sent."""

from bot.slack_limits.checks import message_problems, view_problems
from bot.slack_limits.messages import fit_message, fit_view

__all__ = ["fit_message", "fit_view", "message_problems", "view_problems"]
