"""What people do with a live integration. Each may take a while, and says in the thread what came
of it. Who may is checked by who calls. Every method raises UserError, PlatformError, StoreError.
"""

import json
import time
from collections.abc import Callable

from pydantic import JsonValue

from pipeline.catalogue.catalogue import Catalogue
from pipeline.errors import UserError
from pipeline.investigating import investigate
from pipeline.live.capabilities import EventInfo, Pausable
from pipeline.live.cards import card_of, draw_failures_again
from pipeline.live.place import LivePlace, live_place
from pipeline.live.reasons import plain_reason
from pipeline.live.replaying import eventful, kept_events, replay_failed
from pipeline.live.rolling_back import roll_back
from pipeline.live.starting import start, startable, told
from pipeline.live.state import FailureGroup, Frequency
from pipeline.live.summary import subscribe
from pipeline.ports import Clock, IntegrationStore, LogLine, Platform
from pipeline.replies import Said
from pipeline.trial import Tryable, run_trial, shown

_FIELDS_SHOWN = 160  # characters
_LINES_SHOWN = 15
_LINES_READ = 1000


class Operations:
    def __init__(
        self,
        store: IntegrationStore,
        catalogue: Catalogue,
        platform: Callable[[], Platform],
        clock: Clock,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._platform = platform
        self._clock = clock

    def place(self, integration_id: str, environment: str = "") -> LivePlace:
        """Where something is live; without a name, the only such environment."""
        return live_place(
            self._store, self._catalogue, self._platform(), integration_id, environment
        )

    # ---- Looking ------------------------------------------------------------------------------

    def logs(self, integration_id: str, environment: str, group_id: str = "") -> str:
        """The latest lines, or those of a failure's example."""
        place = self.place(integration_id, environment)
        group = self._group(place, group_id)
        lines = place.platform.logs(place.project, place.environment, limit=_LINES_READ)
        if group is not None:
            lines = [line for line in lines if line.execution_id == group.example]
        if not lines:
            what = "of that run any more" if group else f"on {place.environment} yet"
            return f"There are no log lines {what}."
        return "\n".join(_line(line) for line in lines[-_LINES_SHOWN:])

    def investigate(self, integration_id: str, environment: str, group_id: str = "") -> None:
        """Compare a failed event with the plan; an API that changed leads to an edit."""
        place = self.place(integration_id, environment)
        platform, group = eventful(place.platform), self._group(place, group_id)
        waiting = kept_events(platform, place, group)
        if not waiting:
            raise UserError(f"No event that failed on {place.environment} waits any more.")
        event = waiting[-1]
        content = platform.event_payload(event.id)
        investigate(place.case, self._store, event.workflow, event.reason, content)

    # ---- Running ------------------------------------------------------------------------------

    def send_sample(self, integration_id: str, environment: str) -> None:
        """One sample event through every workflow; only mocks are written to."""
        place = self.place(integration_id, environment)
        if not isinstance(place.platform, Tryable):
            raise UserError("Samples need the local platform: it has mocks.")
        for workflow in place.case.plan.workflows:
            tried = shown(run_trial(place.platform, place.case, workflow))
            with self._store.change(integration_id) as integration:
                integration.say(tried)

    def run_now(self, integration_id: str, environment: str, workflow: str = "") -> None:
        place = self.place(integration_id, environment)
        for one in startable(place, workflow):
            key = f"run:{time.time_ns()}"
            self._say(integration_id, f"{one.name} runs on {place.environment}…", key)
            self._say(integration_id, told(place, one, start(place, one)), key)

    def replay(self, integration_id: str, environment: str, group_id: str = "") -> None:
        """Deliver again what failed, all of it or one group's."""
        place = self.place(integration_id, environment)
        count = replay_failed(place, self._group(place, group_id))
        events = "1 event is" if count == 1 else f"{count} events are"
        self._say(integration_id, f"{events} being delivered again on {place.environment}.")

    def replay_event(self, integration_id: str, environment: str, event_id: str) -> str:
        """Deliver one event again; gives the new event's id."""
        place = self.place(integration_id, environment)
        platform = eventful(place.platform)
        event = self.event(place, event_id)
        if event.state != "failed":
            raise UserError("Only an event that failed can be replayed.")
        first = event.replay_of or event.id
        if first not in {one.id for one in kept_events(platform, place, None)}:
            raise UserError("That event was replayed already, or is being replayed.")
        return platform.replay(event.id)

    def event(self, place: LivePlace, event_id: str) -> EventInfo:
        """An event of that place; UserError for any other, forged ids among them."""
        event = eventful(place.platform).event(event_id)
        if (event.project_id, event.environment) != (place.project, place.environment):
            raise UserError("That event is not of this integration.")
        return event

    # ---- What is live -------------------------------------------------------------------------

    def pause(self, integration_id: str, environment: str) -> None:
        self._set_paused(integration_id, environment, paused=True)

    def resume(self, integration_id: str, environment: str) -> None:
        self._set_paused(integration_id, environment, paused=False)

    def roll_back(self, integration_id: str, environment: str, number: int | None = None) -> None:
        """Make a version live again: the one before, or the one of that number."""
        roll_back(self.place(integration_id, environment), self._store, number)

    def summary(self, integration_id: str, every: Frequency | None) -> None:
        with self._store.change(integration_id) as integration:
            text = subscribe(integration, every, self._clock.now())
            integration.say(Said(key=f"summaries:{time.time_ns()}", text=text))

    def _set_paused(self, integration_id: str, environment: str, *, paused: bool) -> None:
        place = self.place(integration_id, environment)
        environment, platform = place.environment, place.platform
        if not isinstance(platform, Pausable):
            raise UserError(f"The platform {platform.name} can't pause a deployment.")
        if place.integration.live[environment].paused == paused:
            raise UserError(f"{environment} is {'paused' if paused else 'running'} already.")
        (platform.pause if paused else platform.resume)(place.project, environment)
        with self._store.change(integration_id) as integration:
            integration.set_live(environment, paused=paused)
            card = card_of(integration, environment, self._store)
            if card is not None:
                integration.say(card.model_copy(update={"paused": paused}))
            draw_failures_again(integration, environment, self._store)
            state = "paused: events are kept, none is delivered" if paused else "running again"
            key = f"pause:{environment}:{time.time_ns()}"
            integration.say(Said(key=key, text=f"{environment} is {state} (ran)."))

    # ---- Parts --------------------------------------------------------------------------------

    def _group(self, place: LivePlace, group_id: str) -> FailureGroup | None:
        """The group of that id. UserError where it is settled and forgotten."""
        if not group_id:
            return None
        watch = place.integration.watched.get(place.environment)
        for group in watch.groups if watch else []:
            if group.id == group_id:
                return group
        raise UserError("Those failures are settled, or older than a day. Look at the events.")

    def _say(self, integration_id: str, text: str, key: str = "") -> None:
        with self._store.change(integration_id) as integration:
            integration.say(Said(key=key or f"told:{time.time_ns()}", text=text))


def _line(line: LogLine) -> str:
    """Time, level, what happened, and the fields by which one finds the record."""
    fields = " ".join(f"{name}={_field(value)}" for name, value in line.fields.items())
    return f"{line.at:%H:%M:%S} {line.level} {line.message} {fields[:_FIELDS_SHOWN]}".rstrip()


def _field(value: JsonValue) -> str:
    """An error by what it says, anything else as it is."""
    if isinstance(value, dict) and isinstance(value.get("message"), str):
        return plain_reason(str(value["message"]))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
