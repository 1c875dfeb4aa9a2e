"""What one record of the target is made of: a record, an element of its list, or several rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.analysts.offline.lists import arrays
from pipeline.analysts.offline.naming import last_name, name_words
from pipeline.analysts.offline.words import sentences, singular, stem
from pipeline.catalogue.schema import FieldInfo, fields
from pipeline.catalogue.shape import Schema
from pipeline.plan.schemas import free_objects

_LINE_WORDS = {"line", "item", "product", "position", "article", "entry", "detail"}
_ROW_WORDS = {"row", "line", "record", "entry", "item", "position", "transaction", "one", "them"}
_TIMES = {"minute", "hour", "day", "night", "morning", "week", "month", "quarter", "year", "run"}
_OF = r"(?P<of>[A-Za-z_][\w#]*(?:[ -][A-Za-z_][\w#]*){0,2})"
_OWN = r"(?:separate|individual|own|single|distinct|different)"
_PER = re.compile(
    rf"\b(?:per|for (?:each|every|all(?: of)?(?: the)?)|each|every)\s+(?:{_OWN}\s+)?"
    rf"(?:of (?:the|its) )?{_OF}",
    re.I,
)
_ONE_PER = re.compile(
    rf"\b(?:one|a single|single)\s+(?:[\w-]+\s+){{1,3}}?(?:per|for (?:each|every))\s+{_OF}", re.I
)
_APART = re.compile(
    r"\b(?:split|explode|expand|flatten|unroll|unnest|break(?: out| up| down)?)\w*\s+"
    rf"(?:out |up )?(?:the |its |all |each )*{_OF}",
    re.I,
)
_EACH_ITS_OWN = re.compile(
    rf"\b(?:each|every|all|the|its)\s+(?:of the )?{_OF}\s+"
    r"(?:as|in|into|to|on|gets?|becomes?|is|are|has|should be|goes (?:in|to)|with)\s+"
    rf"(?:(?:its|their|a|an|one|in|on)\s+)*{_OWN}\s+\w+",
    re.I,
)
_TOGETHER = re.compile(
    r"\b(?:group|bundle|combin|merg|collaps|roll|aggregat|consolidat|bunch|batch|join)\w*\b"
    r"(?P<what>(?:\s+(?!by\b|on\b)[\w-]+){0,5}?)\s+"
    r"(?:by|on|per|that share|sharing|(?:with|of|having|that have) the same)\s+"
    rf"(?:the |their |its |an? )?(?:same )?{_OF}",
    re.I,
)
_SAME = re.compile(
    r"\b(?P<what>[a-z]+)\s+"
    r"(?:with|having|sharing|that (?:share|have)|share|of|for|from|under)\s+"
    rf"(?:the|a|an)?\s*(?:same|common|identical|matching)\s+{_OF}",
    re.I,
)
_ONE = re.compile(
    r"\b(?:one|a single|single|1|into an?|become an?|together|combin\w+|merg\w+)\b", re.I
)
_STOP = {"to", "in", "into", "and", "with", "from", "on", "as", "at", "of", "becomes", "become",
         "get", "gets", "is", "are", "goes", "that", "or", "for", "by", "should", "create", "add",
         "write", "make", "append", "so", "when", "it", "new", "please",
         "instead", "too", "now"}  # fmt: skip
_NUMBERS = ("", "number", "no", "id", "code", "ref", "reference", "name", "key")


@dataclass(frozen=True)
class Grain:
    """`each` is an array of the source (`line_items[]`), `group_by` a field of its rows."""

    each: str | None = None
    group_by: str | None = None


def read_grain(text: str, source: Schema, entity: Sequence[str], target: Schema) -> Grain:
    """What the text says of it; `entity` are the names of what is read."""
    each = _each(text, source, target)
    if each is not None:
        return Grain(each=each)
    return Grain(group_by=_group(text, source, {singular(one) for one in entity}, target))


def _each(text: str, source: Schema, target: Schema) -> str | None:
    """The array of whose elements each is written; a document takes them as its own lines."""
    patterns = [_EACH_ITS_OWN, _APART] if arrays(target) else [_EACH_ITS_OWN, _APART, _PER]
    for pattern in patterns:
        for match in pattern.finditer(text):
            for phrase in _shorter(match["of"]):
                found = _array(phrase, source)
                if found is not None:
                    return found
    return None


def _array(phrase: str, source: Schema) -> str | None:
    """The list of the source that goes by these words; “lines” are whatever lines it has."""
    said = set(map(singular, name_words(phrase)))
    if not said:
        return None
    for array in arrays(source):
        own = set(name_words(last_name(array.path)))
        names = [own, *(set(name_words(one)) for one in array.node.get("x-weft-synonyms", []))]
        if said in names or (said <= _LINE_WORDS and own & _LINE_WORDS and own <= _LINE_WORDS):
            return array.path
    return None


def _group(text: str, source: Schema, entity: set[str], target: Schema) -> str | None:
    """The field by which rows are put together, where they are flat and the target has lines."""
    if arrays(source) or not arrays(target):
        return None
    free, known = free_objects(source), entity | _ROW_WORDS | _TIMES
    for phrase, is_said in _group_phrases(text, entity):
        names = [one for one in _shorter(phrase) if singular(one) not in known]
        found = next((path for one in names if (path := _field(one, source))), None)
        if found is not None:
            return found
        if names and is_said and free:  # a column that its owner named
            return f"{free[0]}.{names[0]}" if free[0] else names[0]
    return None


def _group_phrases(text: str, entity: set[str]) -> Iterator[tuple[str, bool]]:
    """What follows the words for it, and whether these leave no doubt that rows are grouped."""
    for span in sentences(text):
        said = text[span.start : span.end]
        for pattern in (_TOGETHER, _SAME):
            for match in pattern.finditer(said):
                what = {singular(word) for word in re.findall(r"\w+", match["what"])}
                grouped = match[0].lower().startswith("group")
                if grouped or (what & (entity | _ROW_WORDS) and _ONE.search(said)):
                    yield match["of"], True
        yield from ((match["of"], True) for match in _ONE_PER.finditer(said))
        yield from ((match["of"], False) for match in _PER.finditer(said))


def _field(words: str, source: Schema) -> str | None:
    """The field of these words, or the number, id or name of what they name."""
    known = {stem(last_name(one.path)): one for one in fields(source) if _is_plain(one)}
    found = next(
        (known[stem(words) + more] for more in _NUMBERS if stem(words) + more in known), None
    )
    return found.path if found else None


def _is_plain(field: FieldInfo) -> bool:
    return "[]" not in field.path and field.type not in ("object", "array")


def _shorter(phrase: str) -> Iterator[str]:
    """The words before a small word, then fewer and fewer of them."""
    words = re.split(r"[ -]", phrase)
    end = next((place for place, word in enumerate(words) if word.lower() in _STOP), len(words))
    for length in range(end, 0, -1):
        yield " ".join(words[:length])
