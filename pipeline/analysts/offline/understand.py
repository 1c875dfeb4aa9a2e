"""A whole request, understood: which flows, of what, when, and on which conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.analysts.offline.aspects import read_aspect
from pipeline.analysts.offline.columns import Column, read_columns
from pipeline.analysts.offline.ends import read_ends, together, without_looking_up
from pipeline.analysts.offline.entities import System, flow_entities
from pipeline.analysts.offline.filters import read_filters
from pipeline.analysts.offline.keys import Writing, read_writing
from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.pairs import read_pairs
from pipeline.analysts.offline.places import read_places
from pipeline.analysts.offline.request import Ends, Flow, Mention, Pair, Place
from pipeline.analysts.offline.signing_in import read_auth
from pipeline.analysts.offline.starts import Start, changing, read_start, told_entity
from pipeline.analysts.offline.statements import statements
from pipeline.analysts.offline.systems import find_mentions, with_attachments
from pipeline.analysts.offline.tenants import (
    read_tenants,
    without_connecting,
    without_tenants,
)
from pipeline.analysts.offline.wording import plain
from pipeline.analysts.offline.words import Span
from pipeline.catalogue.model import Event, SystemEntry
from pipeline.catalogue.operation import Action
from pipeline.plan.model import AuthType, Filter, Grant
from pipeline.plan.schemas import is_notification

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue
    from pipeline.ports import Request


_WRITES: tuple[Action, ...] = ("create", "update", "upsert")


@dataclass(frozen=True)
class Understanding:
    """What a request says; `catalogue` includes the systems of its attachments."""

    text: str
    catalogue: Catalogue
    mentions: list[Mention]
    ends: Ends
    flows: list[Flow]
    auth: dict[str, tuple[AuthType, Grant | None]] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    writing: Writing = Writing(None, None)
    tenants: list[str] | None = None
    starts: list[Start] = field(default_factory=list)
    trouble: str = ""
    parts: list[Understanding] = field(default_factory=list)  # where the text asks for several

    def part_of(self, flow: Flow) -> Understanding:
        """The part of the request that asks for a flow: what it says is about that flow alone."""
        return next((part for part in self.parts if flow in part.flows), self)

    def mention(self, system: str) -> Mention:
        return next(mention for mention in self.mentions if mention.system == system)


def understand(request: Request, catalogue: Catalogue) -> Understanding:
    """Read a request; nothing is guessed that the text and the catalogue do not carry."""
    catalogue, attached, trouble = with_attachments(catalogue, request)
    text = plain(request.text, catalogue)
    mentions = find_mentions(text, catalogue, attached)
    whole = replace(_read(text, mentions, catalogue), trouble=trouble)
    parts = [
        _read(_only(text, span), [one for one in mentions if span.holds(one.start)], catalogue)
        for span in statements(text, mentions)
    ]
    if len(parts) < 2 or any(part.ends.both_ways for part in parts):
        return whole
    return replace(
        whole,
        parts=parts,
        ends=together([part.ends for part in parts]),
        flows=[flow for part in parts for flow in part.flows],
        starts=[start for part in parts for start in part.starts],
    )


def _only(text: str, span: Span) -> str:
    """The text with all else blanked out, every position kept."""
    return " " * span.start + text[span.start : span.end] + " " * (len(text) - span.end)


def _read(text: str, mentions: list[Mention], catalogue: Catalogue) -> Understanding:
    tenants = read_tenants(text, mentions)
    # “For each of our customers” says who connects, not what is read.
    told = without_tenants(text) if tenants else text
    ends = read_ends(without_tenants(without_connecting(text)) if tenants else text, mentions)
    flows, starts = _flows(told, mentions, ends)
    written = without_looking_up(text) if ends.consulted else text
    return Understanding(
        text=text, catalogue=catalogue, mentions=mentions, ends=ends, flows=flows, starts=starts,
        auth=read_auth(text, mentions), pairs=read_pairs(text, mentions),
        places=read_places(text), columns=read_columns(text),
        writing=read_writing(_without(mentions, written)),
        tenants=tenants,
    )  # fmt: skip


def _flows(text: str, mentions: Sequence[Mention], ends: Ends) -> tuple[list[Flow], list[Start]]:
    entries = {mention.system: mention.entry for mention in mentions}
    pairs = [(source, target) for source in ends.sources for target in ends.targets[:1]]
    if ends.both_ways:
        pairs += [(target, source) for source, target in pairs]
    flows: list[Flow] = []
    starts = []
    for source, target in pairs:
        ends_of = (source, entries[source]), (target, entries[target])
        back = _back(flows, *ends_of) if ends.both_ways else None
        flow, start = _flow(text, mentions, *ends_of, back)
        flows.append(flow)
        starts.append(start)
    return flows, starts


def _back(flows: Sequence[Flow], source: System, target: System) -> tuple[str, str] | None:
    """What goes back where records are the same on both sides: what came, the other way round."""
    came = next((one for one in flows if (one.target, one.source) == (source[0], target[0])), None)
    if came is None or came.aspect is not None or source[1] is None or target[1] is None:
        return None
    read, written = came.target_entity, came.source_entity
    can_read = source[1].operation(read, "list") or any(
        event.entity == read for event in source[1].events
    )
    can_write = any(target[1].operation(written, one) for one in _WRITES)
    return (read, written) if can_read and can_write else None


def _said(event: Event) -> str:
    """What an event says by itself, so that no filter has to: that an order was paid.

    An event of any change says nothing of what changed, whatever people call it.
    """
    phrases = [] if event.action in ("updated", "changed") else event.phrases
    return " ".join([event.name, *phrases])


def _flow(
    text: str, mentions: Sequence[Mention], source: System, target: System,
    entities: tuple[str, str] | None,
) -> tuple[Flow, Start]:  # fmt: skip
    read, written = entities or flow_entities(text, mentions, source, target)
    listed = read_start(text, source[1], read).trigger.kind != "webhook"
    aspect = read_aspect(text, source[1], target[1], listed=listed, named=(read, written))
    told = told_entity(text, source[1]) if source[1] is not None else None
    if aspect is not None and told == read != aspect.read:
        aspect = None  # what changes is named, and has no such figure
    if aspect is not None:
        read, written = aspect.read, aspect.written
    start = read_start(text, source[1], read)
    flow = Flow(source[0], read, target[0], written, start.trigger, start.event,
                trigger_clear=start.clear, aspect=aspect)  # fmt: skip
    bare = _without(mentions, text)
    flow = replace(flow, filters=_filters(bare, source[1], flow, start))
    return _once_reached(flow, start, source[1])


def _once_reached(flow: Flow, start: Start, entry: SystemEntry | None) -> tuple[Flow, Start]:
    """“New paid invoices” start when one is paid: none is, the moment that it is created."""
    if entry is None or start.event is None or start.event.action != "created":
        return flow, start
    for one in flow.filters:
        said = set(name_words(str(one.value))) if one.op == "eq" else set()
        reached = next(
            (event for event in entry.events
             if event.entity == start.event.entity and said
             and said <= set(name_words(event.name)) - set(name_words(start.event.name))), None,
        )  # fmt: skip
        if reached is not None:
            return _started_by(reached, flow, start)
    change = None if start.named else changing(entry, start.event.entity)
    if change is not None and any(_is_passed_through(one) for one in flow.filters):
        return _started_by(change, flow, start)
    return flow, start


def _started_by(event: Event, flow: Flow, start: Start) -> tuple[Flow, Start]:
    trigger = flow.trigger.model_copy(update={"event": event.name})
    return replace(flow, trigger=trigger, event=event), replace(start, trigger=trigger, event=event)


def _is_passed_through(condition: Filter) -> bool:
    """Whether a filter wants a state that a record comes into: its stage, its status."""
    (*_, last) = name_words(last_name(condition.field))
    return condition.op == "eq" and last.endswith(("status", "stage", "state"))


def _without(mentions: Sequence[Mention], text: str) -> str:
    """The text without the systems' names: “paid Acme invoices” are paid invoices."""
    named = [one for one in mentions if not one.stands_in]
    for mention in sorted(named, key=lambda one: -one.start):
        end = mention.start + len(_bare_name(mention, text[mention.start : mention.end]))
        text = f"{text[: mention.start].rstrip(' ')} {text[end:].lstrip(' ')}"
    return text


def _bare_name(mention: Mention, said: str) -> str:
    """A system's name without the thing that is said with it: GitHub of “GitHub issues”."""
    entry = mention.entry
    names = {one.lower() for one in (entry.display_name, *entry.aliases)} if entry else set()
    head = said.rpartition(" ")[0]
    return head if head.lower() in names else said


def _filters(text: str, entry: SystemEntry | None, flow: Flow, start: Start) -> list[Filter]:
    if entry is None or not entry.entities:
        return read_filters(text, {}, [flow.source_entity], "")
    schema = entry.entity(flow.source_entity).record_schema
    event = start.event
    if event is not None and event.record_schema and not is_notification(event, entry):
        schema = event.record_schema
    entity = entry.entity(flow.source_entity)
    said = _said(event) if event else ""
    nouns = [entity.name.replace("-", " "), entity.display_name, *entity.aliases]
    return read_filters(text, schema, nouns, said)
