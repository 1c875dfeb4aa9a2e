"""Conditions by what a record is: “paid invoices”, “skip test orders”, “moves to closed won”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import JsonValue

from pipeline.analysts.offline.conditions import HAPPENINGS, STATE_NAMES, Conditions, opposite
from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.words import PARTICIPLE, of_noun, singular, words
from pipeline.plan.model import Filter

_CHANGED = re.compile(
    r"\b(?:moves?|moved|changes?|changed|go(?:es)?|switch(?:es)?|transitions?|turns?|advances?|"
    r"is set|gets? set|is moved|is marked|gets? marked|becomes?|marked|enters?|reach(?:es)?|set)\s+"
    r"(?:to|into|as|from \w+ to)?\s*(?:the )?(?:\"(?P<quoted>[^\"]+)\"|'(?P<single>[^']+)'|"
    r"(?P<bare>[\w-]+(?: (?!in\b|on\b|and\b|then\b|we\b|i\b|create|send|post|add|open)[\w-]+)?))",
    re.I,
)
_LEFT_OUT = re.compile(
    r"\b(?:skip(?:ping)?|ignor(?:e|ing)|exclud(?:e|ing)|except(?: for)?|but not|not|without|"
    r"leave out|omit(?:ting)?|drop|no)\s+(?:any |the |all )?(?P<word>[\w-]+)\s+(?P<noun>\w+)",
    re.I,
)
_LEFT_OUT_ALONE = re.compile(
    r"\b(?:skip(?:ping)?|ignor(?:e|ing)|exclud(?:e|ing)|except(?: for)?|but not|not|leave out|"
    r"omit(?:ting)?|no)\s+(?:any |the |all )?(?P<word>[\w-]{4,})(?=\s*(?:$|[.,;)!]))",
    re.I,
)
_AND = re.compile(r"\b(?:and|or)\s+(?:any |the )?(?P<word>[\w-]+)\s+(?P<noun>\w+)", re.I)
_STATE_BEHIND = re.compile(
    r"\b(?:that|which|who)\s+(?:(?:are|is|were|was|have been|has been|have|has|got|get)\s+"
    r"(?P<not>not )?|(?=\w+ed\b))(?P<word>[\w-]+(?: [\w-]+)?)",
    re.I,
)
_KINDS = ("type", "role", "kind")  # in the names of fields that say what a record is
_GOT_INTO = re.compile(r"moves?\b|moved|reach|is |gets? |becomes|turns|marked as|enters", re.I)


def changes(about: Conditions) -> Iterator[Filter]:
    """A state that the record gets into: “moves to closed won”, “is marked solved”."""
    for match in _CHANGED.finditer(about.text):
        value = next(value for value in match.groups() if value)
        if set(name_words(value)) <= about.event:
            continue
        state = about.state(value)
        moved = re.match(r"moves?|moved|reach", match[0], re.I) is not None
        field = about.named(STATE_NAMES) if moved and state is None else None
        if not about.fields and _GOT_INTO.match(match[0]):
            yield Filter(field="status", op="eq", value=value.split()[0])
        if field is not None and not field.enum:
            yield Filter(field=field.path, op="eq", value=value)
        elif state is not None or (state := about.state(value.split()[0])) is not None:
            yield state


def left_out(about: Conditions) -> Iterator[Filter]:
    """“Skip test orders”, “no archived contacts”, “ignore drafts and cancelled ones”."""
    joined = [one for one in _AND.finditer(about.text) if about.leaves_out(one.start("word"))]
    for match in [*_LEFT_OUT.finditer(about.text), *joined]:
        if not set(name_words(match["noun"])) & about.nouns:
            continue
        state = about.state(match["word"])
        if state is not None:
            yield opposite(state)
    for match in _LEFT_OUT_ALONE.finditer(about.text):
        state = about.state(singular(match["word"]))
        if state is not None:
            yield opposite(state)


def adjectives(about: Conditions) -> Iterator[Filter]:
    """A word before the entity that names a state of it: “paid invoices”."""
    for noun in sorted(about.nouns | about.phrases):
        for match in re.finditer(rf"([\w'-]+(?: [\w'-]+)?)\s+{of_noun(noun)}\b",
                                 about.text, re.I):  # fmt: skip
            yield from _described(about, match[1], match.start())
    for match in _STATE_BEHIND.finditer(about.text):
        state = about.state_of(match["word"]) if about.fields else None
        if state is not None:
            refused = bool(match["not"]) or about.leaves_out(match.start())
            yield opposite(state) if refused else state


def _described(about: Conditions, said: str, position: int) -> Iterator[Filter]:
    parts = said.lower().split()
    first = position + (len(said) - len(parts[-1]) if len(parts) > 1 else 0)
    if about.leaves_out(position) or about.leaves_out(first):
        return
    for phrase in ([" ".join(parts)] if len(parts) > 1 else []) + [parts[-1]]:
        if set(name_words(phrase)) <= about.event:
            continue
        state = about.state(phrase)
        if state is None and not about.fields and PARTICIPLE.fullmatch(phrase):
            state = about.state_of(phrase)
        if state is None and about.free and _chosen(about, phrase, first):
            state = Filter(field="status", op="eq", value=said.split()[-1])
        if state is not None:
            yield state
            return


def _chosen(about: Conditions, word: str, position: int) -> bool:
    """Whether rows of one's own are told apart by a word alone: “only Approved ones”."""
    only = re.search(r"\bonly\s+(?:the\s+)?$", about.text[:position], re.I)
    return bool(PARTICIPLE.fullmatch(word) and word not in HAPPENINGS and only)


def kinds(about: Conditions) -> Iterator[Filter]:
    """A name of the records that is a kind of them: “bugs” are the issues of that type."""
    said = {singular(word) for word in words(about.text)}
    spoken = {noun for noun in about.phrases if re.search(of_noun(noun), about.text, re.I)}
    for noun in sorted(about.nouns & said | spoken):
        for one in about.fields:
            usual = [*one.enum, *one.examples]
            kind = len(usual) > 1 and any(name in one.path.lower() for name in _KINDS)
            value = next((value for value in usual if _spoken(value) == noun), None)
            if kind and value is not None and "[]" not in one.path:
                found = Filter(field=one.path, op="eq", value=value)
                yield opposite(found) if _is_left_out(about, noun) else found


def _spoken(value: JsonValue) -> str:
    return str(value).lower().replace("_", " ").replace("-", " ")


def _is_left_out(about: Conditions, noun: str) -> bool:
    match = re.search(of_noun(noun), about.text, re.I)
    return match is not None and about.leaves_out(match.start())


def become(about: Conditions) -> Iterator[Filter]:
    """A state that the record is said to be in: “an order is completed”, “deals won”."""
    for noun in sorted(about.nouns):
        for match in re.finditer(
            rf"\b{of_noun(noun)}\s+(?:(?:in|from|of|with) (?:[\w'#-]+ ){{1,3}})?"
            r"(?P<verb>(?:(?:is|are|gets?|got|was|were|has been|have been|goes|went|go)\s+)?"
            r"(?:(?:still|already|now|currently)\s+)?)"
            r"(?P<word>[\w-]+(?: [\w-]+)?)", about.text, re.I,
        ):  # fmt: skip
            first = match["word"].split()[0]
            said = match["verb"] or PARTICIPLE.fullmatch(first)
            if not said or set(name_words(first)) & about.event or first.lower() in HAPPENINGS:
                continue
            whole = match["verb"] or about.state(match["word"]) is not None
            state = about.state_of(match["word"] if whole else first)
            if state is not None and state.op in ("eq", "ne", "exists", "missing"):
                yield state


def beside(about: Conditions) -> Iterator[Filter]:
    """An allowed value next to its field's name: “priority urgent”, “high priority tickets”."""
    for one in about.fields:
        names = [" ".join(name_words(last_name(one.path))), *one.synonyms]
        name = f"(?:{'|'.join(map(re.escape, names))})"
        for value in [*one.enum, *one.examples]:
            said = re.escape(str(value)).replace("_", "[ _-]")
            match = isinstance(value, str) and re.search(
                rf"\b(?:{said}[ -]{name}|{name}(?: (?:of|is|as|set to)|:|=| =)? ?[\"']?{said})\b",
                about.text, re.I,
            )  # fmt: skip
            if match:
                found = Filter(field=one.path, op="eq", value=value)
                refused = about.leaves_out(match.start())
                yield opposite(found) if refused else found
