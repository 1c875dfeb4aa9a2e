"""Which entity is read and which is written, from the nouns that a text uses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.analysts.offline.clauses import CREATE, trigger_clauses
from pipeline.analysts.offline.lexicon import listed
from pipeline.analysts.offline.naming import likeness, name_words, says
from pipeline.analysts.offline.places import read_places
from pipeline.analysts.offline.request import MESSENGERS, Mention, Noun, Place
from pipeline.analysts.offline.words import singular
from pipeline.catalogue.model import Entity, SystemEntry

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_AS = re.compile(r"(?<!soon )\b(?:as|becomes?|into)\s+(?:an?\s+)?(?:new\s+)?$", re.I)
_INTO = re.compile(r"\b(?:to|into|onto|in|on)\s+(?:an?|the|our|my)?\s*(?:\w+\s+)?$", re.I)
_MADE = re.compile(
    rf"\b(?:{'|'.join(CREATE)}|send|push|get|update)(?:s|ed|ing)?\s+(?:it |them )?"
    r"(?:an?|the|corresponding|new|one|matching)?\s*(?:new\s+)?(?:[\w-]+\s+){0,2}$",
    re.I,
)
_ACTED = re.compile(r"\s+(?:them|him|her|us|me|everyone|everybody)\b", re.I)  # “tag them”
_CREATED = re.compile(
    r"\b(?:create|add|open|make|set up)s?\s+(?:an?|the)\s+(?:[\w-]+\s+){0,2}$", re.I
)
_BY = re.compile(r"\b(?:match\w*|keyed|key|merg\w*)\s+(?:on|by|via)\s+(?:the )?$|\bby\s+$", re.I)
_PUT_ON = re.compile(r"\s+(?:on|onto)\s+(?:the|its|that|an?|each|every)\b", re.I)
_FOR_EACH = re.compile(r"\s+(?:per|for (?:each|every|any))\b", re.I)  # “a note per refund”
_SET = re.compile(r"(?:\s+\w+)?\s*=\s*\"", re.I)  # “campaign source = "Fair"” is a field
_NAMED = re.compile(r"\s+(?:called |named )?\"")  # “from vendor "Acme"” says which orders
_WITH = re.compile(r"\bwith\s+(?:an?\s+|the\s+)?$", re.I)  # “a member with tag buyer”
_TAKEN = re.compile(
    r"\b(?:new|every|each|all|any|when(?:ever)?|incoming|our|their|yesterday's|the|paid|open|"
    r"latest|recent|from|per)\s+(?:an?\s+)?(?:new\s+)?(?:\w+\s+)?$",
    re.I,
)


def nouns_of(text: str, system: SystemEntry) -> list[Noun]:
    """Where a text names entities of a system; of overlapping names the longest counts."""
    tokens = [(singular(match[0]), match.start(), match.end()) for match in _WORD.finditer(text)]
    names = {
        tuple(words): entity.name
        for entity in reversed(system.entities)
        for name in (entity.name, entity.display_name, *entity.aliases)
        if (words := [singular(word) for word in _WORD.findall(name)])
    }
    longest = max(map(len, names), default=0)
    found: list[Noun] = []
    taken = -1
    for index in range(len(tokens)):
        for length in range(longest, 0, -1):
            window = tokens[index : index + length]
            entity = names.get(tuple(word for word, _, _ in window))
            if entity is None or len(window) < length or index <= taken:
                continue
            if _ACTED.match(text[window[-1][2] :]):
                continue
            start, end = window[0][1], window[-1][2]
            found.append(Noun(system.name, entity, start, end, text[start:end]))
            taken = index + length - 1
            break
    return found


def source_entity(
    text: str, mentions: Sequence[Mention], system: SystemEntry, written: str | None
) -> str | None:
    """The entity that is read; None where the text names none of this system."""
    return _best(text, mentions, system, reading=True, other=written)


def target_entity(
    text: str, mentions: Sequence[Mention], system: SystemEntry, read: str | None
) -> str | None:
    """The entity that is written; None where the text names none of this system."""
    return _best(text, mentions, system, reading=False, other=read)


def _best(
    text: str,
    mentions: Sequence[Mention],
    system: SystemEntry,
    *,
    reading: bool,
    other: str | None,
) -> str | None:
    triggers = trigger_clauses(text)
    named: list[Mention | Place] = [
        *mentions,
        *read_places(text),
    ]  # “project OPS” is a place, not what is written
    scored = []
    for noun in nouns_of(text, system):
        if any(_covers(one, noun, system) for one in named) or _BY.search(text[: noun.start]):
            continue
        if _SET.match(text[noun.end :]) or (reading and _NAMED.match(text[noun.end :])):
            continue
        if not reading and not (can_write(system, noun.entity) and is_meant(text, noun, system)):
            continue
        score = _role(text, noun, reading)
        inside = any(span.holds(noun.start) for span in triggers)
        score += (1.5 if inside else 0) if reading else (-2.0 if inside else 0.5)
        score += beside(text, noun, mentions, system.name)
        scored.append((score, -noun.start, noun.entity))
    return max(scored)[2] if scored and max(scored)[0] > 0 else None


def _covers(named: Mention | Place, noun: Noun, system: SystemEntry) -> bool:
    """Whether a noun is but part of a name; one that stands for its system is a noun still."""
    own = isinstance(named, Mention) and named.system == system.name
    # “An Acme repo” is a repo, “our Acme store” is but Acme.
    beyond = noun.text.lower() not in {*system.display_name.lower().split(), *listed("not_things")}
    stands_in = isinstance(named, Mention) and (named.stands_in or (own and beyond))
    return named.start <= noun.start < named.end and not stands_in


def _role(text: str, noun: Noun, reading: bool) -> float:
    left = text[max(0, noun.start - 50) : noun.start]
    left = re.split(r"[.;!?\n(]", left)[-1]
    if _AS.search(left):
        return -2.0 if reading else 4.0
    if not reading and _WITH.search(left):
        return -2.0
    made = bool(_MADE.search(left))
    taken = bool(_TAKEN.search(left))
    if reading:
        return 1.0 + (1.0 if taken else 0.0) - (1.0 if made and not taken else 0.0)
    behind = text[noun.end :]
    put_on = 2.0 if not made and (_PUT_ON.match(behind) or _FOR_EACH.match(behind)) else 0.0
    return 0.5 + (2.0 if made else put_on) + (1.0 if _INTO.search(left) else 0.0)


def beside(text: str, noun: Noun, mentions: Sequence[Mention], system: str) -> float:
    """A noun next to a system's name belongs to it: “Shopify orders”, “orders from Shopify”."""
    score = 0.0
    for mention in mentions:
        before = 0 <= noun.start - mention.end <= 12 and not re.search(
            r"[.,;:→]|\b(?:for|with|and|from|to|into|of)\b", text[mention.end : noun.start], re.I
        )
        after = 0 <= mention.start - noun.end <= 18 and re.fullmatch(
            r"\s+(?:is |are )?(?:created |added )?(?:from|in|of|on|to|into|within)\s+(?:\w+\s+)?",
            text[noun.end : mention.start],
        )
        within = mention.start <= noun.start < mention.end  # “Acme payments” may be its name
        if before or after or within:
            # “deals to Acme” may be of either, “deals in Acme” are Acme's.
            moved = after and re.match(r"\s+(?:is |are )?(?:\w+ )?(?:to|into)\b", after[0])
            score += 2.0 if mention.system == system else 0.0 if moved else -1.5
    return score


def can_write(system: SystemEntry, entity: str) -> bool:
    """Whether any operation writes the entity; so it is where no operation is known at all."""
    if not system.operations:
        return True
    return any(
        one.entity == entity and one.action in ("create", "upsert", "update", "action")
        for one in system.operations
    )


def is_meant(text: str, noun: Noun, system: SystemEntry) -> bool:
    """Whether a noun of a messenger is what is written: its channels are mostly where to."""
    if system.kind not in MESSENGERS or says(noun.entity):
        return True
    return _CREATED.search(text[max(0, noun.start - 50) : noun.start]) is not None


def same_entity(system: SystemEntry, name: str, aliases: Sequence[str]) -> Entity | None:
    """The entity of another system that goes by the same name: contacts to contacts."""
    wanted = {" ".join(name_words(one)) for one in (name, *aliases)}
    for entity in system.entities:
        if {" ".join(name_words(one)) for one in (entity.name, *entity.aliases)} & wanted:
            return entity
    best = max(system.entities, key=lambda one: likeness(name_words(name), one.name), default=None)
    return best if best and likeness(name_words(name), best.name) >= 0.5 else None
