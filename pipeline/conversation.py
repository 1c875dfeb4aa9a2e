"""What an event from outside changes: each method is one transaction of milliseconds, never work.

Every method takes the key of the outside event, so that one delivered twice changes nothing the
second time (AlreadyHandled). A UserError says, in words for the person, why nothing changed.
"""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from pipeline.artifacts import STEP_LABELS, STEPS
from pipeline.case import load_case
from pipeline.catalogue.catalogue import Catalogue
from pipeline.commands import Command, parse_command
from pipeline.deciding import decide, grant, meant, open_connections
from pipeline.errors import AlreadyHandled, UserError
from pipeline.gatekeeping import refuse_stranger, reopen
from pipeline.gates import Decision, Gate
from pipeline.intake import Intake, take_in
from pipeline.integration import (
    Attachment,
    Integration,
    Message,
    TestCase,
    new_id,
)
from pipeline.masking import mask
from pipeline.model import Value
from pipeline.plan.apply import apply_edit
from pipeline.plan.edits import AnswerQuestion
from pipeline.ports import Clock, IntegrationStore, Vault
from pipeline.progress import progress
from pipeline.replies import Said
from pipeline.revising import revise


class Thread(Value):
    """Where an integration is built. In a terminal, the channel is `terminal`."""

    team: str
    channel: str
    thread: str

    @classmethod
    def of(cls, integration: Integration) -> "Thread":
        return cls(team=integration.team, channel=integration.channel, thread=integration.thread)


class Conversation:
    def __init__(
        self, store: IntegrationStore, vault: Vault, clock: Clock, catalogue: Catalogue
    ) -> None:
        self._store = store
        self._vault = vault
        self._clock = clock
        self._catalogue = catalogue

    # ---- Starting and talking ------------------------------------------------------------------

    def start(
        self,
        thread: Thread,
        actor: str,
        text: str,
        attachments: Sequence[Attachment] = (),
        environments: Sequence[str] = (),
        event_key: str | None = None,
    ) -> Integration:
        """Begin an integration; a thread that has one already keeps it, and it is given back."""
        taken = take_in(text, attachments, self._catalogue)
        request = self._message(event_key or "request", actor, taken)
        integration = Integration(
            id=new_id("int"),
            **thread.model_dump(),
            requester=actor,
            created_at=self._clock.now(),
            request=request,
            test_cases=taken.test_cases,
        )
        if environments:
            integration.environments = list(environments)
        _say_notes(integration, request, taken.notes)
        if self._store.add(integration):
            return integration
        existing = self._store.find(thread.team, thread.channel, thread.thread)
        assert existing is not None
        return existing

    def say(
        self,
        integration_id: str,
        actor: str,
        text: str,
        attachments: Sequence[Attachment] = (),
        event_key: str | None = None,
    ) -> None:
        """A message in the thread: a command is done at once, anything else waits to be read."""
        command = parse_command(text)
        if command is not None and not attachments:
            self._obey(integration_id, actor, command, event_key)
            return
        taken = take_in(text, attachments, self._catalogue)
        message = self._message(event_key or new_id("msg"), actor, taken)
        with self._store.change(integration_id, event_key) as integration:
            if message.id == integration.request.id:
                raise AlreadyHandled("That is what the integration was started with.")
            refuse_stranger(integration, actor)
            integration.test_cases = [*integration.test_cases, *taken.test_cases]
            integration.messages = [*integration.messages, message]
            _say_notes(integration, message, taken.notes)

    def edit(
        self, integration_id: str, actor: str, message_id: str, text: str, event_key: str
    ) -> None:
        """A person corrected what they had said; an edit is read, and never decides anything."""
        taken = take_in(text, [], self._catalogue)
        message = self._message(event_key, actor, taken)
        with self._store.change(integration_id, event_key) as integration:
            refuse_stranger(integration, actor)
            revise(integration, message_id, message)
            _say_notes(integration, message, taken.notes)

    def show_again(self, integration_id: str, event_key: str | None = None) -> None:
        """Say once more what waits for an answer, for a place that Weft had no way into."""
        with self._store.change(integration_id, event_key) as integration:
            integration.say(progress(integration))
            for key in dict.fromkeys(gate.message for gate in integration.open_gates()):
                shown = self._store.last_reply(integration_id, key)
                if shown is not None:
                    integration.say(shown)

    def _message(self, message_id: str, actor: str, taken: Intake) -> Message:
        return Message(
            id=message_id,
            actor=actor,
            text=taken.text,
            at=self._clock.now(),
            attachments=taken.specs,
        )

    # ---- Decisions -----------------------------------------------------------------------------

    def decide(
        self,
        integration_id: str,
        gate_id: str,
        actor: str,
        decision: Decision,
        event_key: str | None = None,
    ) -> Gate:
        """A click on a gate's button."""
        with self._store.change(integration_id, event_key) as integration:
            return self._decide(integration, gate_id, actor, decision)

    def supply(
        self,
        integration_id: str,
        gate_id: str,
        actor: str,
        secrets: Mapping[str, str],
        config: Mapping[str, JsonValue],
        event_key: str | None = None,
    ) -> Gate:
        """Credentials for one system: into the vault first, then the connection is approved."""
        integration = self._store.get(integration_id)
        gate = integration.gate(gate_id)
        if gate is None or gate.kind != "connection":
            raise UserError("That is not a connection of this integration.")
        reference = self._vault.put(integration.team, integration_id, gate.subject, secrets)
        try:
            with self._store.change(integration_id, event_key) as integration:
                closed = self._decide(integration, gate_id, actor, "approved")
                grant(integration, closed, reference)
                named = {f"{gate.subject}.{name}": value for name, value in config.items()}
                integration.config = {**integration.config, **named}
                return closed
        except BaseException:
            self._vault.delete(reference)  # nothing refers to it
            raise

    def use_mock(
        self, integration_id: str, gate_id: str, actor: str, event_key: str | None = None
    ) -> Gate:
        """Connect a system to its built-in mock instead of the real one."""
        with self._store.change(integration_id, event_key) as integration:
            return self._mock(integration, gate_id, actor)

    def consented(self, integration_id: str, system: str, event_key: str | None = None) -> None:
        """A person has consented at an OAuth system: the connection can be tried again."""
        with self._store.change(integration_id, event_key) as integration:
            if integration.steps["connections"].status == "needs-person":
                integration.set_step("connections", status="waiting", inputs_digest=None)
                integration.say(progress(integration))

    def answer(
        self,
        integration_id: str,
        actor: str,
        answers: Mapping[str, str],
        event_key: str | None = None,
    ) -> None:
        """Answers to the plan's questions: question id -> answer. InvalidEdit for others."""
        edits = [
            AnswerQuestion(question=question, answer=mask(answer)[0])
            for question, answer in answers.items()
        ]
        case = load_case(self._store, integration_id, self._catalogue)
        plan = case.plan
        for edit in edits:
            plan = apply_edit(plan, edit, case.catalogue)
        with self._store.change(integration_id, event_key) as integration:
            refuse_stranger(integration, actor)
            integration.edits = [*integration.edits, *edits]
            integration.repairs = 0

    def add_test_case(
        self, integration_id: str, actor: str, case: TestCase, event_key: str | None = None
    ) -> None:
        with self._store.change(integration_id, event_key) as integration:
            refuse_stranger(integration, actor)
            others = [item for item in integration.test_cases if item.name != case.name]
            integration.test_cases = [*others, case]

    # ---- Commands ------------------------------------------------------------------------------

    def stop(self, integration_id: str, actor: str, event_key: str | None = None) -> None:
        self._obey(integration_id, actor, Command(verb="stop"), event_key)

    def resume(self, integration_id: str, actor: str, event_key: str | None = None) -> None:
        self._obey(integration_id, actor, Command(verb="resume"), event_key)

    def retry(self, integration_id: str, actor: str, event_key: str | None = None) -> None:
        self._obey(integration_id, actor, Command(verb="retry"), event_key)

    def _obey(
        self, integration_id: str, actor: str, command: Command, event_key: str | None
    ) -> None:
        with self._store.change(integration_id, event_key) as integration:
            refuse_stranger(integration, actor)
            if command.verb in ("approve", "reject", "deploy"):
                gate = meant(integration, command)
                decision: Decision = "rejected" if command.verb == "reject" else "approved"
                self._decide(integration, gate.id, actor, decision)
            elif command.verb == "mock":
                for gate in open_connections(integration, command.subject):
                    self._mock(integration, gate.id, actor)
            elif command.verb == "stop":
                _stop(integration)
            else:
                self._try_again(integration)

    def _try_again(self, integration: Integration) -> None:
        if integration.status == "stopped":
            integration.status = "active"
        for step, state in integration.steps.items():
            if state.status in ("failed", "stopped", "needs-person"):
                integration.set_step(step, status="waiting", inputs_digest=None)
        for gate in integration.gates:
            if gate.answer is not None and not gate.approved:
                reopen(integration, gate, self._store)
        integration.say(progress(integration))

    # ---- Parts of a transaction ----------------------------------------------------------------

    def _decide(
        self, integration: Integration, gate_id: str, actor: str, decision: Decision
    ) -> Gate:
        return decide(integration, gate_id, actor, decision, self._store, self._clock.now())

    def _mock(self, integration: Integration, gate_id: str, actor: str) -> Gate:
        gate = self._decide(integration, gate_id, actor, "approved")
        grant(integration, gate, reference=None)
        return gate


def _say_notes(integration: Integration, message: Message, notes: Sequence[str]) -> None:
    if notes:
        integration.say(Said(key=f"note:{message.id}", text="\n".join(notes)))


def _stop(integration: Integration) -> None:
    integration.status = "stopped"
    states = integration.steps
    done = [STEP_LABELS[step] for step in STEPS if states[step].status == "done"]
    live = f"Live on {' and '.join(integration.live)}, as before." if integration.live else ""
    integration.say(progress(integration))
    integration.say(
        Said(
            key=f"stopped:{integration.revision}",
            text=f"Stopped. Finished: {', '.join(done) or 'nothing'}. "
            f"{live or 'Nothing is live.'} Everything is kept; say “resume” to go on.",
        )
    )
