"""What starts a workflow: an event, a schedule, or a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.analysts.offline.clauses import trigger_clauses
from pipeline.analysts.offline.lexicon import table
from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.nouns import nouns_of
from pipeline.analysts.offline.schedule import Schedule, read_schedule
from pipeline.analysts.offline.words import singular, words
from pipeline.catalogue.model import Event, SystemEntry
from pipeline.catalogue.schema import fields
from pipeline.plan.model import Trigger
from pipeline.plan.triggers import usual_event

# “We copy them by hand today” says how it is, not how it should be.
_BY_HAND = re.compile(
    r"\b(?:on demand|one[- ]?(?:off|time|shot)|(?:just|only) (?:once|this once)|back ?fill|"
    r"(?<!at )once(?=\s*(?:[.,;!)]|$|only\b|and done|and for all))|"
    r"migrat\w*|when (?:i|we|someone) (?:says?|asks?|press(?:es)?|clicks?)|"
    r"manual(?:ly)? (?:trigger|run|start|sync|import|export|launch)\w*|"
    r"(?:run|start|trigger|launch|kick|fire|execute|do|sync|import)\w*\b[^.;,]{0,30}\b"
    r"(?:manually|by hand))\b|^manual\w*\b",
    re.I,
)
_PUSHED = re.compile(
    r"\b(?:web ?hooks?|real[- ]?time|live|instant(?:ly|aneously)?|immediate(?:ly)?|straight away|"
    r"right away|as (?:soon as|it happens)|as they (?:come|arrive|happen)|event[- ]driven|"
    r"triggers?(?:ed)? (?:on|by|when)|announc\w*|notif\w*|alert(?:s|ed)?|ping(?:s|ed)?)\b",
    re.I,
)
_NEW = re.compile(r"\b(?:new|newly|incoming|fresh)\b", re.I)
_ACTIONS: dict[str, re.Pattern[str]] = {
    "deleted": re.compile(r"\b(?:delet\w*|remov\w*|trash\w*|is gone)\b", re.I),
    "updated": re.compile(
        r"\b(?:updat\w*|chang\w*|edit\w*|modif\w*|mov(?:es?|ed|ing) (?:to|into)|"
        r"(?:is|gets|are|was|been) (?:tagged|labell?ed|assigned)|"
        r"(?:goes|gets|is|are|becomes?|switch\w*|turns?|set|marked|reach\w*) (?:set |moved |"
        r"marked )?(?:to|into|as)|becomes|transition\w*|enters?)\b",
        re.I,
    ),
    "created": re.compile(
        r"\b(?:new|newly|creat\w*|add(?:s|ed)|open(?:s|ed)|submit\w*|plac(?:es|ed)|com(?:es|ing) "
        r"in|"
        r"came in|arriv\w*|register\w*|sign(?:s|ed)? up|receiv\w*|gets in|book(?:s|ed)|"
        r"rais(?:es|ed)|fil(?:es|ed)|insert\w*|each|every|incoming)\b",
        re.I,
    ),
}
_TELLING = 2  # words of an event's phrase that say which record it is of
_THEN = re.compile(r"\b(?:and|then|to|into|as|so|in|becomes?)\b|[,;→]", re.I)
_ANY = ("created", "updated")  # happenings that “every order” may mean too
_FALLBACK_CRON = "*/15 * * * *"


@dataclass(frozen=True)
class Start:
    """`clear` is False where the text does not say when to run, `no_event` where nobody tells."""

    trigger: Trigger
    event: Event | None = None
    clear: bool = True
    schedule: Schedule | None = None
    no_event: bool = False
    named: bool = False  # the text says which event it is


def read_start(text: str, entry: SystemEntry | None, entity: str) -> Start:
    """What starts the workflow that reads this entity of this system."""
    schedule = read_schedule(text)
    if schedule is not None:
        return Start(_scheduled(schedule), schedule=schedule)
    if _BY_HAND.search(text):
        return Start(Trigger(kind="manual"))
    clear = bool(_PUSHED.search(text) or trigger_clauses(text) or _NEW.search(text))
    if entry is None or not entry.entities:
        return Start(Trigger(kind="webhook"), clear=clear)
    named = named_event(text, entry, entity)
    event = named or usual_event(entry, entity)
    if event is None:
        return Start(_every_quarter_hour(), clear=clear, no_event=True)
    clear = clear or (named is not None and named.action not in _ANY)
    return Start(Trigger(kind="webhook", event=event.name), event, clear, named=named is not None)


def _scheduled(schedule: Schedule) -> Trigger:
    return Trigger(kind="schedule", cron=schedule.cron, timezone=schedule.timezone or "UTC")


def _every_quarter_hour() -> Trigger:
    return Trigger(kind="schedule", cron=_FALLBACK_CRON, timezone="UTC")


def told_entity(text: str, entry: SystemEntry, named: Sequence[str] = ()) -> str | None:
    """The entity of the event whose phrase the clauses hold that say when: “payment fails”.

    Where they name a thing (`named`), the phrase has to be about that thing.
    """
    about = _roots(" ".join(named))
    said = [_roots(text[span.start : span.end]) for span in trigger_clauses(text)]
    fitting = [
        (len(roots), -index, event.entity)
        for index, event in enumerate(entry.events)
        for roots in map(_roots, event.phrases)
        if len(roots) >= _TELLING
        and any(roots <= one for one in said)
        and (not about or about & roots)
    ]
    return max(fitting)[2] if fitting else None


def named_event(text: str, entry: SystemEntry, entity: str) -> Event | None:
    """The event that a text names: by its own name, by a phrase, or by what happens."""
    lower = text.lower()
    for event in sorted(entry.events, key=lambda one: -len(one.name)):
        if re.search(rf"(?<![\w./-]){re.escape(event.name.lower())}(?![\w/-])", lower):
            return event
    clauses = [text[span.start : span.end] for span in trigger_clauses(text)]
    clauses = clauses or [_about(text, entry, entity)]
    own = [event for event in entry.events if event.entity == entity]
    clause = " ".join(clauses)
    states = _states_said(clause, entry, entity)
    scored = [
        (_fit(event, clause) + (2.0 if states & set(name_words(event.name)) else 0.0), -index)
        for index, event in enumerate(own)
    ]
    best = max(scored, default=(0.0, 0))
    return own[-best[1]] if best[0] > 0 else None


def changing(entry: SystemEntry, entity: str) -> Event | None:
    """The event of any change of an entity."""
    event = named_event(f"when the {entity.replace('-', ' ')} is updated", entry, entity)
    return event if event is not None and event.action in ("updated", "changed") else None


def _about(text: str, entry: SystemEntry, entity: str) -> str:
    """What a text says of an entity, without what is to be made of it."""
    nouns = [one for one in nouns_of(text, entry) if one.entity == entity]
    first = nouns[0].start if nouns else 0
    stop = _THEN.search(text, first)
    return text[: stop.start()] if stop else text


def _states_said(clause: str, entry: SystemEntry, entity: str) -> set[str]:
    """The fields of which a clause names an allowed value: “changes to solved” is of the status."""
    said = set(words(clause))
    return {
        word
        for one in fields(entry.entity(entity).record_schema)
        if said & {str(value).lower() for value in one.enum}
        for word in name_words(last_name(one.path))
    }


def _fit(event: Event, clause: str) -> float:
    """How well an event fits a clause: all words of one of its phrases, or its kind of action."""
    said = _roots(clause)
    phrases = [_roots(phrase) for phrase in (*event.phrases, event.name)]
    whole = max((len(phrase) for phrase in phrases if phrase and phrase <= said), default=0)
    pattern = _ACTIONS.get("updated" if event.action == "changed" else event.action)
    acted = 1.0 if pattern is not None and pattern.search(clause) else 0.0
    # “when a ticket is updated” names every ticket too: what happens says more than “every”.
    said_more = {"deleted": 0.3, "updated": 0.2, "changed": 0.1}.get(event.action, 0.0)
    return whole + (acted + said_more if acted else 0.0)


def _roots(text: str) -> set[str]:
    """The words of a text without their endings: fails and failed are one, paid and payment too."""
    return {_root(singular(word)) for word in words(text)}


def _root(word: str) -> str:
    return table("roots").get(word) or re.sub(r"(?<=\w\w\w)(?:ed|e|d)$", "", word)
