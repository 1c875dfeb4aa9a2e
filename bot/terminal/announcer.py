"""Two announcers of a terminal: one for people, one that writes a JSON object a line."""

import json
from typing import IO

from pydantic import JsonValue
from rich.console import Console
from rich.status import Status
from rich.text import Text

from bot.terminal.rendering import render, step_line
from pipeline.artifacts import StepName
from pipeline.gates import Gate
from pipeline.integration import Integration
from pipeline.replies import (
    CodeShown,
    ConnectionShown,
    DeployAsked,
    Deployed,
    Failed,
    FindingsShown,
    OutOfScope,
    PlanShown,
    Progress,
    Reply,
    SetUpShown,
    StepLine,
)


class ConsoleAnnouncer:
    """Prints each reply once; the running step is a spinner that goes when it is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._finished: dict[StepName, StepLine] = {}
        self._spinner = Status("", console=console)

    def post(
        self, integration: Integration, reply: Reply, message_ref: str | None, *, again: bool
    ) -> str:
        if isinstance(reply, Progress):
            self._show_progress(reply)
        elif _outcome(reply):
            self._console.print(Text(_outcome(reply), style="dim"))
        else:
            self._console.print(render(reply), highlight=False)
            self._console.print()
        return reply.key

    def close(self) -> None:
        self._spinner.stop()

    def _show_progress(self, reply: Progress) -> None:
        running = None
        for line in reply.lines:
            if line.status in ("done", "failed", "stopped"):
                if self._finished.get(line.step) != line:
                    self._finished[line.step] = line
                    self._console.print(step_line(line), highlight=False)
            elif line.status == "running":
                running = line
        if running is None:
            self._spinner.stop()
        else:
            self._spinner.update(step_line(running))
            self._spinner.start()


class JsonAnnouncer:
    """One JSON object a line: `{"step", "status": "started|done|waiting|failed", …}`."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._seen: dict[StepName, StepLine] = {}

    def post(
        self, integration: Integration, reply: Reply, message_ref: str | None, *, again: bool
    ) -> str:
        if isinstance(reply, Progress):
            for line in reply.lines:
                self._show_step(line)
        else:
            for row in _rows(reply):
                self._write(row)
        return reply.key

    def close(self) -> None:
        self._stream.flush()

    def _show_step(self, line: StepLine) -> None:
        before = self._seen.get(line.step)
        if line.status not in ("running", "done", "failed") or before == line:
            return
        self._seen[line.step] = line
        if before is None or before.status != "running":
            self._write({"step": line.step, "status": "started"})
        if line.status == "done":
            row: dict[str, JsonValue] = {"step": line.step, "status": "done", "fact": line.fact}
            self._write({**row, "seconds": line.seconds})

    def _write(self, row: dict[str, JsonValue]) -> None:
        self._stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._stream.flush()


def _gates(reply: Reply) -> list[Gate]:
    if isinstance(reply, DeployAsked):
        return reply.gates
    if isinstance(reply, PlanShown | SetUpShown | ConnectionShown | CodeShown):
        return [reply.gate]
    return []


def _outcome(reply: Reply) -> str:
    """What became of a question, where it was answered or replaced; empty while it is open."""
    gates = _gates(reply)
    answered = [gate for gate in gates if gate.answer is not None]
    for gate in answered:
        assert gate.answer is not None
        name = f"{gate.kind} {gate.subject}".strip()
        shown = f"  {name}: {gate.answer.decision} by {gate.answer.actor}"
        evidence = getattr(reply, "evidence", [])
        facts = "; ".join(f"{item.claim} ({item.word})" for item in evidence)
        if isinstance(reply, SetUpShown):
            done = [item for item in reply.commands if item.outcome]
            return "\n".join([shown, *(f"    {item.text} → {item.outcome}" for item in done)])
        return f"{shown} — {facts}" if facts and gate.kind == "connection" else shown
    if gates and all(gate.state == "superseded" for gate in gates):
        return f"  {gates[0].kind}: replaced by a newer question"
    return ""


_STEP_OF_GATE: dict[str, StepName] = {
    "plan": "research",
    "set-up": "systems",
    "connection": "connections",
    "code": "deployment",
    "deploy": "deployment",
}


def _rows(reply: Reply) -> list[dict[str, JsonValue]]:
    if isinstance(reply, Failed):
        return [{"step": reply.step, "status": "failed", "error": reply.happened}]
    if isinstance(reply, FindingsShown):
        findings: list[JsonValue] = [finding.model_dump(mode="json") for finding in reply.findings]
        return [{"step": "verification", "status": "failed", "findings": findings}]
    if isinstance(reply, OutOfScope):
        scope = reply.scope.model_dump(mode="json")
        return [{"step": "scope", "status": "failed", "out_of_scope": True, "scope": scope}]
    if isinstance(reply, Deployed):
        return [{"step": "deployment", "status": "done", **reply.model_dump(mode="json")}]
    return _gate_rows(reply)


def _gate_rows(reply: Reply) -> list[dict[str, JsonValue]]:
    rows: list[dict[str, JsonValue]] = []
    for gate in _gates(reply):
        row: dict[str, JsonValue] = {
            "step": _STEP_OF_GATE[gate.kind],
            "gate": gate.kind,
            "subject": gate.subject,
        }
        if gate.state == "open":
            rows.append({**row, "status": "waiting", "blocked_by": [*gate.blocked_by]})
        elif gate.answer is not None:
            evidence = [item.model_dump(mode="json") for item in getattr(reply, "evidence", [])]
            decided: dict[str, JsonValue] = {**row, "status": "done"}
            if isinstance(reply, SetUpShown):
                decided["commands"] = [item.model_dump(mode="json") for item in reply.commands]
            if isinstance(reply, CodeShown):
                decided["dry_run"] = [[*row] for row in reply.requests]
            rows.append({**decided, "decision": gate.answer.decision, "evidence": evidence})
    return rows
