"""The routing table: which of Slack's events and interactions goes where."""

import re

from slack_bolt import App

from bot.installations import SlackInstallations
from bot.listeners.attachments import Downloads
from bot.listeners.clicks import ClickListener
from bot.listeners.commands import COMMAND, CommandListener
from bot.listeners.edits import EditListener
from bot.listeners.forms import FormListener
from bot.listeners.live import LiveListener
from bot.listeners.membership import MembershipListener
from bot.listeners.messages import MessageListener
from bot.listeners.reactions import ReactionListener
from bot.listeners.submissions import SubmissionListener
from bot.surface import Surface
from bot.views import actions
from bot.views.connection import CREDENTIALS_FORM
from bot.views.customers import CUSTOMER_CREDENTIALS_FORM
from bot.views.forms import BACKFILL_FORM, CHANGE_FORM, TEST_CASE_FORM
from bot.views.questions import ANSWERS_FORM

_LIVE = {
    actions.SAMPLE: "sample",
    actions.LOGS: "logs",
    actions.EVENTS: "events",
    actions.INVESTIGATE: "investigate",
    actions.REPLAY: "replay",
    actions.RUN: "run",
    actions.PAUSE: "pause",
    actions.RESUME: "resume",
    actions.ROLL_BACK: "roll back confirmed",
    actions.CUSTOMER_MOCK: "mock customer",
    actions.CUSTOMER_CONNECT: "connect customer",
    actions.REMOVE_CUSTOMER: "remove customer",
    actions.CONFIRM: "confirm",
    actions.DECLINE: "decline",
}


def register(
    app: App, surface: Surface, downloads: Downloads, installations: SlackInstallations
) -> None:
    forms = FormListener(surface)
    live = LiveListener(surface, forms)
    _register_events(app, surface, downloads, installations, live)
    _register_buttons(app, surface, live)
    _register_forms(app, surface, forms)
    app.command(COMMAND)(CommandListener(surface).integrate)


def _register_events(
    app: App,
    surface: Surface,
    downloads: Downloads,
    installations: SlackInstallations,
    live: LiveListener,
) -> None:
    messages = MessageListener(surface, downloads, live)
    edits = EditListener(surface, messages)
    membership = MembershipListener(surface, installations)
    app.event({"type": "message", "subtype": "message_changed"})(edits.changed)
    app.event({"type": "message", "subtype": "message_deleted"})(edits.deleted)
    app.event("message")(messages.heard)
    app.event("app_mention")(messages.heard)
    app.event("reaction_added")(ReactionListener(surface).added)
    app.event("member_joined_channel")(membership.joined)
    app.event("member_left_channel")(membership.left)
    app.event("app_uninstalled")(membership.uninstalled)
    app.event("tokens_revoked")(membership.revoked)


def _register_buttons(app: App, surface: Surface, live: LiveListener) -> None:
    clicks = ClickListener(surface)
    routes = {
        actions.APPROVE: clicks.approve,
        actions.REJECT: clicks.reject,
        actions.MOCK: clicks.mock,
        actions.SIGN_IN: clicks.link,
        actions.SIGNED_IN: clicks.signed_in,
        actions.ANSWER: clicks.answer,
        actions.STOP: clicks.stop,
        actions.RETRY: clicks.retry,
        actions.MORE: live.more,
        **{action: live.button(verb) for action, verb in _LIVE.items()},
    }
    for action, handler in routes.items():
        app.action(re.compile(rf"^{action}(:.*)?$"))(handler)


def _register_forms(app: App, surface: Surface, forms: FormListener) -> None:
    submissions = SubmissionListener(surface)
    app.action(actions.CONNECT)(forms.credentials)
    app.action(actions.QUESTIONS)(forms.questions)
    app.action(actions.MAPPING)(forms.mapping)
    app.action(actions.CHANGE)(forms.change)
    app.action(actions.TEST_CASE)(forms.test_case)
    app.action(actions.EXPLAIN)(forms.explain)
    app.action(actions.ADD_CUSTOMER)(forms.add_customer)
    app.action(actions.CUSTOMER_FORM)(forms.customer)
    app.view(CUSTOMER_CREDENTIALS_FORM)(submissions.customer)
    app.view(CREDENTIALS_FORM)(submissions.credentials)
    app.view(ANSWERS_FORM)(submissions.answers)
    app.view(CHANGE_FORM)(submissions.change)
    app.view(BACKFILL_FORM)(submissions.backfill)
    app.view(TEST_CASE_FORM)(submissions.test_case)
