"""Who decides in a terminal: the answers file and `--yes`, or a person at the keyboard."""

from collections.abc import Callable
from dataclasses import dataclass, field

import typer
from rich.console import Console

from bot.terminal.answers import Answers
from pipeline.case import load_case
from pipeline.conversation import Conversation
from pipeline.errors import UsageError, UserError
from pipeline.gates import Gate
from pipeline.integration import Integration
from pipeline.plan.model import Plan, Question, System
from pipeline.services import Services

ACTOR = "terminal"


@dataclass
class Prepared:
    """Gives what the answers file says; with `--yes`, approves the rest and uses mocks."""

    conversation: Conversation
    services: Services
    answers: Answers
    approve_all: bool
    _given: set[str] = field(default_factory=set)
    _connected: set[str] = field(default_factory=set)  # digests of what was once connected

    def decide(self, integration: Integration) -> bool:
        if self._answer_questions(integration):
            return True
        done = [self._decide_gate(integration, gate) for gate in integration.open_gates()]
        return any(done)

    def _answer_questions(self, integration: Integration) -> bool:
        """Give the file's answers once the plan has questions; UsageError for unknown ones."""
        if (
            self._given
            or not self.answers.answers
            or integration.steps["research"].artifact is None
        ):
            return False
        plan = _plan(self.services, integration)
        found = {_question(plan, key).id: text for key, text in self.answers.answers.items()}
        self.conversation.answer(integration.id, ACTOR, found)
        self._given = set(found)
        return True

    def _decide_gate(self, integration: Integration, gate: Gate) -> bool:
        if gate.kind == "connection":
            return self._connect(integration, gate)
        if not self.approve_all or gate.blocked_by:
            return False
        if gate.kind == "deploy" and gate.subject != self._environment(integration):
            return False
        self.conversation.decide(integration.id, gate.id, ACTOR, "approved")
        return True

    def _environment(self, integration: Integration) -> str:
        return self.answers.environment or integration.environments[0]

    def _connect(self, integration: Integration, gate: Gate) -> bool:
        """The same again would be refused again: the second time, nothing is given."""
        if gate.digest in self._connected:
            return False
        secrets = self.answers.secrets(gate.subject)
        if secrets:
            config = self.answers.config_of(gate.subject)
            self.conversation.supply(integration.id, gate.id, ACTOR, secrets, config)
        elif self.approve_all:
            self.conversation.use_mock(integration.id, gate.id, ACTOR)
        else:
            return False
        self._connected.add(gate.digest)
        return True


@dataclass
class Keyboard:
    """Asks for one thing at a time; what is typed instead of a decision is said in the thread."""

    conversation: Conversation
    services: Services
    prepared: Prepared
    console: Console
    _ask: Callable[..., str] = typer.prompt

    def decide(self, integration: Integration) -> bool:
        if self.prepared.decide(integration):
            return True
        gates = integration.open_gates()
        if not gates:
            return False
        try:
            self._ask_about(integration, gates)
        except UserError as error:
            self.console.print(str(error), highlight=False)
        return True

    def _ask_about(self, integration: Integration, gates: list[Gate]) -> None:
        gate = gates[0]
        if gate.kind == "connection":
            self._ask_credentials(integration, gate)
            return
        if gate.kind == "deploy":
            names = ", ".join(other.subject for other in gates)
            said = self._ask(f"Environment ({names}), a change in words, or “stop”")
            chosen = next((other for other in gates if other.subject == said.strip()), None)
        else:
            said = self._ask(f"Approve the {gate.kind}? “approve”, a change in words, or “stop”")
            chosen = gate if said.strip().lower() in ("approve", "yes", "y") else None
        if chosen is not None:
            self.conversation.decide(integration.id, chosen.id, ACTOR, "approved")
        else:
            self.conversation.say(integration.id, ACTOR, said)

    def _ask_credentials(self, integration: Integration, gate: Gate) -> None:
        system = _plan(self.services, integration).system(gate.subject)
        self.console.print(
            f"[bold]{system.display_name}[/] — leave the first field empty for the mock"
        )
        secrets = self._ask_fields(system)
        if not secrets:
            self.conversation.use_mock(integration.id, gate.id, ACTOR)
            return
        config = {item.name: self._ask(item.label, default=item.default) for item in system.config}
        self.conversation.supply(integration.id, gate.id, ACTOR, secrets, config)

    def _ask_fields(self, system: System) -> dict[str, str]:
        secrets: dict[str, str] = {}
        for item in system.auth.fields:
            value = self._ask(item.label, default="", show_default=False, hide_input=item.secret)
            if not value:
                return {}
            secrets[item.name] = value
        return secrets


def _plan(services: Services, integration: Integration) -> Plan:
    return load_case(services.store, integration.id, services.catalogue).plan


def _question(plan: Plan, key: str) -> Question:
    for question in plan.questions:
        if key in (question.id, question.text):
            return question
    known = ", ".join(question.id for question in plan.questions) or "none"
    raise UsageError(f"The plan has no question “{key}”. It has: {known}.")
