"""Which entities a flow reads and writes: named, of the same name, or the best match."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.analysts.offline.clauses import trigger_clauses
from pipeline.analysts.offline.counterparts import Usable, counterpart, origin, stand_in
from pipeline.analysts.offline.lexicon import listed
from pipeline.analysts.offline.naming import says
from pipeline.analysts.offline.nouns import (
    beside,
    is_meant,
    nouns_of,
    same_entity,
    source_entity,
    target_entity,
)
from pipeline.analysts.offline.places import read_places
from pipeline.analysts.offline.request import MESSENGERS, Mention
from pipeline.analysts.offline.starts import told_entity
from pipeline.analysts.offline.words import PARTICIPLE, singular
from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Action
from pipeline.catalogue.schema import fields
from pipeline.mapping.match import candidates
from pipeline.plan.apply import slugged
from pipeline.plan.schemas import free_objects

_THING_THERE = re.compile(
    r"\b(?:the|that|its|their|matching|corresponding|an?)\s+(?P<thing>[a-z]+)\s+(?:in|on)\s+"
    r"(?:our |the )?$",
    re.I,
)
_MANY_CANDIDATES = 12
_FREE_COVERAGE = 0.5
_PER_REFERENCE = 0.15
_WAYS_IN: tuple[Action, ...] = ("create", "upsert")
_WAYS_BACK: tuple[Action, ...] = ("read", "list", "find")

System = tuple[str, SystemEntry | None]


def flow_entities(
    text: str, mentions: Sequence[Mention], source: System, target: System
) -> tuple[str, str]:
    """The entities of a flow: named, else the usual one for the other, else the best match."""
    from_entry, to_entry = source[1], target[1]
    read = written = None
    if to_entry is not None:
        written = target_entity(text, mentions, to_entry, None)
    if from_entry is not None:
        read = _held(source_entity(text, mentions, from_entry, written), from_entry)
        read = _of_event(text, from_entry, read) or read
    named = read is not None
    if read is None:
        read = _fallback_source(text, source, mentions, to_entry, written)
    written = written or _beside_target(text, mentions, from_entry, target)
    same = _usual(from_entry, to_entry, read)
    if written is None or (
        same != written and named and _only_source_noun(text, to_entry, from_entry, read, mentions)
    ):
        written = same or written
    if written is None and (to_entry is None or not to_entry.entities):
        written = _named_target(text, target[0], mentions)
    written = written or _any_noun(text, to_entry)
    return read, written or _fallback_target(text, from_entry, to_entry, read)


def _held(read: str | None, entry: SystemEntry) -> str | None:
    """What a named thing is there to hold, unless the system tells of such things themselves."""
    holds = entry.entity(read).holds if read is not None and entry.entities else ""
    told = any(event.entity == read for event in entry.events)
    return holds if holds and not told else read


def _beside_target(
    text: str, mentions: Sequence[Mention], from_entry: SystemEntry | None, target: System
) -> str | None:
    """What another word for it is kept as there: “the customer in Acme” is Acme's contact."""
    name, entry = target
    kind = from_entry.kind if from_entry else ""
    for mention in mentions:
        match = _THING_THERE.search(text[: mention.start])
        if entry is None or mention.system != name or match is None:
            continue
        found = counterpart(singular(match["thing"].lower()), kind, entry, _writable(entry))
        if found is not None:
            return found
    return None


def _of_event(text: str, entry: SystemEntry, read: str | None) -> str | None:
    """The entity of what happens, where the clause that says when names no other of its own.

    What happens to the one that is named may be another one: a payment that is disputed.
    """
    clauses = trigger_clauses(text)
    nouns = [one for one in nouns_of(text, entry) if any(span.holds(one.start) for span in clauses)]
    named = [one.text for one in nouns if one.entity == read]
    return told_entity(text, entry, named)


def _any_noun(text: str, entry: SystemEntry | None) -> str | None:
    """The first noun of a system that can be written, wherever it stands in the text."""
    nouns = nouns_of(text, entry) if entry is not None else []
    places = read_places(text)
    for one in nouns:
        placed = any(place.holds(one.start) for place in places)
        writable = entry and entry.operation(one.entity, "create") and is_meant(text, one, entry)
        if writable and not placed:
            return one.entity
    return None


def _only_source_noun(
    text: str, to_entry: SystemEntry | None, from_entry: SystemEntry | None, read: str,
    mentions: Sequence[Mention],
) -> bool:  # fmt: skip
    """Whether the target's noun is but the source's noun over again (“orders” in both)."""
    if to_entry is None or from_entry is None:
        return False
    mine = {(one.start, one.end) for one in nouns_of(text, from_entry) if one.entity == read}
    nouns = nouns_of(text, to_entry)
    # Between the names of both (“Acme accounts to Ledgerly”) it is as much the source's.
    if any(beside(text, one, mentions, to_entry.name) >= 1 for one in nouns):
        return False
    theirs = {(one.start, one.end) for one in nouns}
    return bool(theirs) and theirs <= mine


def _usual(from_entry: SystemEntry | None, to_entry: SystemEntry | None, read: str) -> str | None:
    """The entity as which a record is usually kept, else one of the same name."""
    if to_entry is None or not to_entry.entities:
        return None
    usual = counterpart(read, from_entry.kind if from_entry else "", to_entry, _writable(to_entry))
    if usual is not None:
        return usual
    aliases: list[str] = []
    if from_entry is not None and from_entry.entities:
        aliases = from_entry.entity(read).aliases
    same = same_entity(to_entry, read, aliases)
    return same.name if same is not None and to_entry.operation(same.name, "create") else None


def _fallback_source(
    text: str, source: System, mentions: Sequence[Mention], other: SystemEntry | None,
    written: str | None,
) -> str:  # fmt: skip
    entry = source[1]
    if entry is None or not entry.entities:
        named = _noun_before(text, source[0], mentions) or _noun_behind(text, source[0], mentions)
        return named or _noun_in_text(text) or written or "record"
    if written is not None and other is not None:
        usual = origin(written, other.kind, entry, _readable(entry))
        if usual is not None:
            return usual
        same = same_entity(entry, written, other.entity(written).aliases)
        if same is not None:
            return same.name
    evented = [event.entity for event in entry.events]
    listed = [one.entity for one in entry.operations if one.action == "list"]
    known = [entity.name for entity in entry.entities]
    return next(name for name in (*evented, *listed, *known) if name in known)


def _fallback_target(
    text: str, from_entry: SystemEntry | None, entry: SystemEntry | None, read: str
) -> str:
    """The entity whose fields the source fills best, where the text names none."""
    if entry is None or not entry.entities:
        return read
    can_be_written = _writable(entry)
    created = [one for one in entry.entities if can_be_written(one.name)]
    told = [one for one in created if says(one.name)]
    if told and entry.kind in MESSENGERS:
        return told[0].name
    noted = stand_in(entry, can_be_written)
    if noted is not None:
        return noted
    # What can't be read back is a part of something else: a tag, a comment.
    whole = [one for one in created if any(entry.operation(one.name, way) for way in _WAYS_BACK)]
    writable = (whole or created)[:_MANY_CANDIDATES]
    if not writable:
        return entry.entities[0].name
    if from_entry is None or not from_entry.entities:
        return writable[0].name
    schema = from_entry.entity(read).record_schema

    def coverage(name: str) -> float:
        into = entry.entity(name).record_schema
        if free_objects(into):
            return _FREE_COVERAGE  # it takes whatever the source has
        found = candidates(schema, into, k=1).values()
        scores = [options[0].score if options else 0.0 for options in found]
        # A match in a tiny record says little; a record that needs others is a link between them.
        needed = sum(one.required and one.reference is not None for one in fields(into))
        return sum(scores) / max(len(scores), 4) - _PER_REFERENCE * needed

    return max(writable, key=lambda one: coverage(one.name)).name


def _writable(entry: SystemEntry) -> Usable:
    return lambda name: any(entry.operation(name, one) for one in _WAYS_IN)


def _readable(entry: SystemEntry) -> Usable:
    evented = {event.entity for event in entry.events}
    return lambda name: name in evented or entry.operation(name, "list") is not None


def _noun_before(text: str, system: str, mentions: Sequence[Mention]) -> str | None:
    """The things that a system's name is said of: “tickets from Acme”."""
    for mention in mentions:
        match = re.search(
            r"\b(?P<noun>[a-z]{3,}s)\s+(?:from|in|out of|of)\s+(?:our |the |my )?$",
            text[: mention.start],
        )
        if mention.system == system and match is not None and _is_thing(match["noun"]):
            return slugged(singular(match["noun"]))
    return None


def _noun_behind(text: str, system: str, mentions: Sequence[Mention]) -> str | None:
    """The word or two behind a system's name that say what is meant of it: “an Acme ticket”."""
    for mention in mentions:
        match = re.match(r"\s+([a-z]{3,})(?:\s+([a-z]{3,}))?", text[mention.end :])
        if mention.system != system or match is None or not _is_thing(match[1]):
            continue
        second = match[2] if match[2] and _is_thing(match[2]) else None
        if second and singular(second) != second and PARTICIPLE.fullmatch(match[1]):
            return slugged(singular(second))  # “won deals” are deals
        compound = second is not None and singular(second) != second and not match[1].endswith("s")
        return slugged(
            f"{match[1]} {singular(second)}" if compound and second else singular(match[1])
        )
    return None


def _noun_in_text(text: str) -> str | None:
    """The thing that is moved, in a system without entities: “new orders”, “every lead”."""
    match = re.search(
        r"\b(?:(?:new|all|open|every) )?"
        r"(?:new|every|each|all|(?:[Ww]hen(?:ever)?|[Oo]nce|[Ii]f|[Aa]fter|[Aa]s soon as|"
        r"[Ee](?:very|ach) ?time) (?:an?|the|some)|our|[Ss]ync|[Cc]opy|[Ss]end|[Pp]ush|"
        r"[Ii]mport|[Ee]xport)"
        r"\s+(?:new\s+)?(?:[A-Z]\w+\s+)*(?P<noun>[a-z]{3,}(?: [a-z]{3,}s)?)\b",
        text,
    )
    noun = match["noun"] if match else ""
    return (
        slugged(singular(noun))
        if noun and noun.split()[0] not in listed("function", "not_things")
        else None
    )


def _named_target(text: str, system: str, mentions: Sequence[Mention]) -> str | None:
    """What a system without entities is to get: “as invoices”, “create a lead”, “an Acme list”."""
    plain = re.split(r"\bback\b", text)[0]
    match = re.search(
        r"\bas\s+(?:an?\s+|new\s+)?(?P<noun>[a-z]{3,}(?:[ -][a-z]{3,}s?)?)\b(?=[\s.,;?!]|$)", plain
    ) or re.search(
        r"\b(?:create|add|open|make)s?\s+(?:(?:an?|the|new)\s+|(?=[a-z]+s\b))(?:new\s+)?"
        r"(?:[A-Z]\w+\s+)*"
        r"(?P<noun>[a-z]{3,}(?: (?:order|receipt|note|item|entry|request|ticket|record|event)s?)?)",
        plain,
    )
    if match is None or not _is_thing(match["noun"].split()[0]):
        return _noun_behind(text, system, mentions)
    words = match["noun"].lower().split()
    words = words[:1] if not _is_thing(words[-1]) else words
    return "-".join([*words[:-1], singular(words[-1])])


def written_entity(
    text: str, mentions: Sequence[Mention], from_entry: SystemEntry | None, entry: SystemEntry,
    read: str,
) -> str:  # fmt: skip
    """The entity of a further target: named, else of the same name, else the best match."""
    named = target_entity(text, mentions, entry, read)
    return (
        named or _usual(from_entry, entry, read) or _fallback_target(text, from_entry, entry, read)
    )


def _is_thing(word: str) -> bool:
    """Whether a word may name what is moved: no small word, no verb, no “webhook”."""
    return not {word, singular(word)} & listed("function", "not_things")
