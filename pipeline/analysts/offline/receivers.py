"""To whom a message goes: an address that the text names, or whom the record is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.analysts.offline.lexicon import listed
from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.words import singular
from pipeline.catalogue.schema import FieldInfo

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])(?:\+|00)\d[\d ()/-]{5,18}\d")
_TOLD = re.compile(
    r"\b(?:to|text|sms|e-?mail|mail|message|notify|tell|inform|thank|welcome|remind|write)s?\s+"
    r"(?P<words>(?:(?!(?:via|when|if|through|with|about|using|every|on|from|and)\b)"
    r"[\w'-]+\s*){1,5})",
    re.I,
)
_OURS = {"our", "my", "us", "me"}
_KINDS = {
    "email": {"email", "mail"},
    "phone": {"phone", "mobile", "telephone", "cell"},
}


@dataclass(frozen=True)
class Receiver:
    """`address` as the text has it; else whether it is the person of the record, or one of ours."""

    address: str | None
    of_record: bool
    of_ours: bool = False


def receives(field: FieldInfo) -> bool:
    """Whether a field says to whom something is sent."""
    names = {last_name(field.path).lower(), *field.synonyms}
    return bool(names & {"to", "recipient", "recipients"})


def sends(field: FieldInfo) -> bool:
    """Whether a field says who sends something, which is the same for all."""
    return last_name(field.path).lower() in ("from", "sender", "reply_to")


def address_kind(field: FieldInfo) -> str | None:
    """`email` or `phone`, by what a field is called; None where it is neither."""
    own = set(name_words(last_name(field.path)))
    others = {word for synonym in field.synonyms for word in name_words(synonym)}
    for words in (own, others):
        for kind, names in _KINDS.items():
            if words & names or (kind == "email" and field.format == "email"):
                return kind
    return None


def receiver(text: str, kind: str | None) -> Receiver:
    """Who is told, as far as the text says it."""
    named = (_PHONE if kind == "phone" else _EMAIL).search(text)
    if named:
        return Receiver(named[0].strip(), of_record=False)
    said = {_whose(match) for match in _TOLD.finditer(text)}
    return Receiver(None, "record" in said, "ours" in said)


def _whose(match: re.Match[str]) -> str | None:
    for word in re.findall(r"[\w-]+", match["words"].lower()):
        if word in _OURS:
            return "ours"
        if singular(word) in listed("persons_of_records"):
            return "record"
    return None


def addresses(kind: str, known: list[FieldInfo]) -> list[FieldInfo]:
    """The record's fields with an address of that kind, the plainest first."""
    own = [
        one
        for one in known
        if one.type in ("string", "any", "number", "integer")
        and set(name_words(last_name(one.path))) & _KINDS[kind]
        and one.path.count("[]") < 2
    ]
    return sorted(own, key=lambda one: (one.path.count("[]"), one.path.count(".")))
