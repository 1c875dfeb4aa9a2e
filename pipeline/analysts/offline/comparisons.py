"""Conditions on values: “tagged bug”, “over $500”, “where status is not draft”, “in Germany”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.analysts.offline.conditions import (
    HAPPENINGS,
    STATE_NAMES,
    Conditions,
    opposite,
    typed,
)
from pipeline.analysts.offline.lexicon import listed, table
from pipeline.analysts.offline.naming import last_name, resolve
from pipeline.analysts.offline.words import stem
from pipeline.catalogue.schema import FieldInfo
from pipeline.plan.model import Filter, Operator

_VALUE = r"(?:\"(?P<quoted>[^\"]+)\"|'(?P<single>[^']+)'|(?P<bare>[\w$€£#.@%-]+(?:,\d{3})*))"
_MONEY_NAMES = ("total", "totalprice", "amount", "totalamt", "totalamount", "grandtotal", "value",
                "price", "amountdue", "amounttotal", "currenttotalprice")  # fmt: skip
_CURRENCY_NAMES = ("currency", "currencycode", "currencyisocode", "presentment_currency")
_TAG_NAMES = ("tags", "tag", "labels", "label", "keywords", "labelids")
_TAGGED = re.compile(
    rf"\b(?:tagged|labell?ed)\s+(?:with\s+|as\s+)?(?:the (?:tag|label)\s+)?{_VALUE}|"
    rf"\b(?:with|from|in|under|has|have|having|gets?|given) (?:the |an? )?(?:\w+ )?"
    r"(?:tag|label)\s+"
    rf"(?:of |called |named )?{_VALUE.replace('?P<', '?P<also_')}|"
    r"\b(?:with|from|in|under|has|have|having|gets?|given) (?:the |an? )?(?:\"(?P<behind>[^\"]+)\"|"
    r"'(?P<behind_single>[^']+)'|(?P<behind_bare>[\w-]+)) (?:tag|label)\b",
    re.I,
)
_WORDED = (
    r"is not|isn't|are not|!=|is one of|is at least|is over|is above|is more than|"
    r"is greater than|is under|is below|is less than|is|are|equals|=|==|of at least|of|over|above|"
    r"greater than|more than|at least|under|below|less than|at most|contains|includes|containing|"
    r">=|<=|>|<"
)
_COMPARED = re.compile(
    r"\b(?P<lead>where|whose|with|if|and|when|only if|having|unless)\s+"
    r"(?:an?\s+|the\s+|their\s+|its\s+)?(?P<field>[a-z][\w .]{1,40}?)\s*"
    rf"(?:\b|(?<=\s))(?P<op>{_WORDED})\s*{_VALUE}",
    re.I,
)
_SIGNED = re.compile(
    r"(?P<field>[a-z][\w.]*(?: [a-z][\w.]*){0,2}?)\s*(?P<op>!=|>=|<=|==|=|>|<)\s*" + _VALUE, re.I
)
_AMOUNT = re.compile(
    r"\b(?P<op>over|above|more than|greater than|exceeding|at least|under|below|less than|at most)"
    r"\s+(?P<sign>[$€£]|usd|eur|gbp)?\s?(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<kilo>k\b)?"
    r"(?P<unit>\s*(?:[$€£]|dollars?\b|usd\b|eur(?:os?)?\b|gbp\b|pounds?\b|bucks\b))?",
    re.I,
)
_NAMED_STATE = re.compile(
    r"\b(?P<lead>with|has|have|having)?\s*(?:an?\s+|the\s+)?"
    r"\b(?P<field>status|state|stage|priority|severity|type|category|phase|lifecycle stage|level|"
    r"rating|tier|segment)\s+"
    r"(?P<other>(?:is |are )?(?:not|!=|other than|except|anything but)\s+)?"
    r"(?:(?P<verb>is|are|becomes?|changes? to|changed to|moves? to|moved to|goes to|set to|"
    r"turns?(?: to)?|equals|gets)\s+(?:set to |changed to )?|of\s+|[=:]\s*)?"
    r"(?:\"(?P<quoted>[^\"]+)\"|(?P<bare>(?-i:[A-Z])[\w-]+(?: (?-i:[A-Z])[\w-]+)?|"
    r"(?(lead)[\w-]+|(?!))))",
    re.I,
)
_LACKING = re.compile(
    r"\b(?:without|with no|missing|lacking|that (?:have|has) no|who have no|have no)\s+(?:an?\s+|"
    r"any\s+|the\s+)?(?P<lacking>[a-z][\w]*(?: (?!to\b|into\b|in\b|from\b|and\b|every\b)\w+)?)|"
    r"\b(?:that|who|which) (?:have|has)\s+an?\s+(?P<having>[a-z]\w*(?: "
    r"(?!to\b|into\b|in\b|from\b|and\b|every\b)\w+)?)",
    re.I,
)
_QUOTED = re.compile(
    r"\b(?:from|of|by|for|with|whose|where|has|have|having|and|in|only)\s+(?:the\s+|an?\s+)?"
    r"(?P<field>[a-z]\w*(?: \w+){0,2}?)\s+(?:is\s+|are\s+|called\s+|named\s+)?"
    r"\"(?P<value>[^\"]+)\"",
    re.I,
)
_OR_MORE = re.compile(
    r"\b(?P<number>\d{1,9})\s+(?P<field>[a-z]\w*)\s+(?:or|and)\s+"
    r"(?P<side>more|above|higher|less|fewer|below|lower|under)\b",
    re.I,
)
_DURATIONS = ("duration", "callduration", "length")
_SECONDS = {"sec": 1, "min": 60, "hou": 3600}
_LONGER = re.compile(
    r"\b(?P<side>longer|shorter) than (?P<number>\d{1,6}) ?(?P<unit>sec\w*|min\w*|hour\w*)", re.I
)
_OPERATORS: dict[str, Operator] = {
    "is not": "ne", "isn't": "ne", "are not": "ne", "!=": "ne", "over": "gt", "above": "gt",
    "more than": "gt", "greater than": "gt", "exceeding": "gt", ">": "gt", "at least": "gte",
    "of at least": "gte", ">=": "gte", "under": "lt", "below": "lt", "less than": "lt", "<": "lt",
    "at most": "lte", "<=": "lte", "contains": "contains", "includes": "contains",
    "containing": "contains",
}  # fmt: skip
_SURE = 0.85  # a field that is only said beside a sign or a “without” must be named
_NO_FIELDS = {"it", "they", "this", "that", "there", "record", "row", "one", "he", "she", "we",
              "you", "i"}  # fmt: skip


def tags(about: Conditions) -> Iterator[Filter]:
    for match in _TAGGED.finditer(about.text):
        value = next(value for value in match.groups() if value)
        field = about.named(_TAG_NAMES) or about.under(_TAG_NAMES)
        of_records = re.match(r"tagged|label", match[0], re.I) is not None
        if field is None and not of_records and about.fields and not about.free:
            continue  # it is the target that is to be tagged
        yield _kept(about, match, Filter(field=field.path if field else "tags", op="contains",
                                         value=value))  # fmt: skip


def comparisons(about: Conditions) -> Iterator[Filter]:
    """“where status is draft”, “with amount >= 500”; a row's own columns as they are called."""
    for match in _COMPARED.finditer(about.text):
        value = _value(match)
        field = resolve(match["field"], about.schema, least=0.6) if about.fields else None
        happens = stem(value) in HAPPENINGS and match["field"].lower() in about.nouns
        if happens or stem(value) in ("a", "an", "the", "created", "updated", "not"):
            continue
        if field is None:
            yield from _of_own_column(about, match, value)
        else:
            found = Filter(field=field.path, op=_operator(match["op"]), value=typed(value, field))
            refused = match["lead"].lower() == "unless"
            yield _kept(about, match, opposite(found) if refused else found)


def _of_own_column(about: Conditions, match: re.Match[str], value: str) -> Iterator[Filter]:
    asked = match["lead"].lower() in ("where", "whose", "having") or not match["op"][0].isalpha()
    asked = asked or (match["lead"].lower() == "with" and isinstance(_plain(value), (int, float)))
    words = match["field"].lower().split()
    if about.free and asked and not set(words) & (_NO_FIELDS | about.nouns):
        found = Filter(field="_".join(words), op=_operator(match["op"]), value=_plain(value))
        yield _kept(about, match, found)


def signed(about: Conditions) -> Iterator[Filter]:
    """“lifecycle stage = customer”, “amount > 100”: with = only for a value that is usual there."""
    for match in _SIGNED.finditer(about.text):
        value = _value(match)
        words = match["field"].split()
        tails = [" ".join(words[start:]) for start in range(len(words))]
        fits = (resolve(tail, about.schema, least=_SURE) for tail in tails) if about.fields else ()
        field = next((one for one in fits if one is not None), None)
        if field is None:
            continue
        usual = {stem(str(one)) for one in (*field.enum, *field.examples)}
        known = stem(value) in usual or stem(last_name(field.path)) in STATE_NAMES
        if match["op"] in ("=", "==") and not known:
            continue
        found = Filter(field=field.path, op=_operator(match["op"]), value=typed(value, field))
        yield _kept(about, match, found)


def named_states(about: Conditions) -> Iterator[Filter]:
    """“status becomes Approved”, “priority Blocker”: a state that is named beside its field."""
    for match in _NAMED_STATE.finditer(about.text):
        value = match["quoted"] or match["bare"]
        if value.split()[0].lower() in listed("function"):
            continue
        said = match["field"].lower()
        field = about.named((said,)) or (
            resolve(said, about.schema, _SURE) if about.fields else None
        )
        if field is not None:
            found = Filter(field=field.path, op="eq", value=typed(value, field))
        elif about.free:
            found = Filter(field=said, op="eq", value=value)
        else:
            continue
        yield _kept(about, match, opposite(found) if match["other"] else found)


def quoted(about: Conditions) -> Iterator[Filter]:
    """“from vendor "Acme"”, “of type "Partner"”: a value in quotes behind its field."""
    for match in _QUOTED.finditer(about.text):
        words = match["field"].split()
        tails = [" ".join(words[start:]) for start in range(len(words))]
        fits = (resolve(tail, about.schema, least=_SURE) for tail in tails) if about.fields else ()
        field = next((one for one in fits if one is not None and "[]" not in one.path), None)
        if field is not None and field.type in ("string", "any"):
            found = Filter(field=field.path, op="eq", value=typed(match["value"], field))
            yield _kept(about, match, found)


def durations(about: Conditions) -> Iterator[Filter]:
    """“calls longer than 2 minutes”, where the records have a duration in seconds."""
    field = about.named(_DURATIONS)
    if field is None:
        return
    for match in _LONGER.finditer(about.text):
        seconds = int(match["number"]) * _SECONDS[match["unit"][:3].lower()]
        op: Operator = "gt" if match["side"].lower() == "longer" else "lt"
        yield _kept(about, match, Filter(field=field.path, op=op, value=seconds))


def counts(about: Conditions) -> Iterator[Filter]:
    """“3 stars or fewer”, “10 seats or more”, of a field that is known or nobody knows."""
    for match in _OR_MORE.finditer(about.text):
        op: Operator = "gte" if match["side"].lower() in ("more", "above", "higher") else "lte"
        field = resolve(match["field"], about.schema, least=_SURE) if about.fields else None
        path = field.path if field else match["field"].lower() if about.free else None
        if path is not None:
            yield _kept(about, match, Filter(field=path, op=op, value=int(match["number"])))


def amounts(about: Conditions) -> Iterator[Filter]:
    for match in _AMOUNT.finditer(about.text):
        field = about.named(_MONEY_NAMES)
        sure = match["sign"] or match["unit"] or match["kilo"]
        if not (sure or about.follows_noun(match.start())):
            continue
        amount = float(match["number"].replace(",", "")) * (1000 if match["kilo"] else 1)
        if field is not None and field.unit == "minor":
            amount *= 100
        value = int(amount) if amount.is_integer() else amount
        path = field.path if field else "amount" if about.free else None
        if path is not None:
            yield _kept(about, match, Filter(field=path, op=_OPERATORS[match["op"].lower()],
                                             value=value))  # fmt: skip


def lacking(about: Conditions) -> Iterator[Filter]:
    """“without an owner”, “that have an email”."""
    for match in _LACKING.finditer(about.text):
        words = (match["lacking"] or match["having"]).split()
        if about.free and about.names_records(match.start()):
            found = Filter(field=words[0].lower(), op="missing" if match["lacking"] else "exists")
            yield _kept(about, match, found)
            continue
        for phrase in (" ".join(words), words[0]):
            field = resolve(phrase, about.schema, least=_SURE) if about.fields else None
            if field is not None and "[]" not in field.path:
                found = Filter(field=field.path, op="missing" if match["lacking"] else "exists")
                yield _kept(about, match, found)
                break


def countries(about: Conditions) -> Iterator[Filter]:
    """“only those in Germany”, “from France only”: by name or by code, as the field has it."""
    names = "|".join(sorted(map(re.escape, table("countries")), key=len, reverse=True))
    match = re.search(rf"\b(?:in|from|based in|located in|country\W+(?:is )?)\s*(?P<name>{names})\b"
                      r"(?! time)", about.text)  # fmt: skip
    field = _country_field(about) if match else None
    if match is None or field is None:
        return
    coded = "code" in last_name(field.path).lower() or any(
        isinstance(one, str) and len(one) == 2 for one in (*field.enum, *field.examples)
    )
    value = table("countries")[match["name"]] if coded else match["name"]
    yield _kept(about, match, Filter(field=field.path, op="eq", value=value))


def _country_field(about: Conditions) -> FieldInfo | None:
    named = [one for one in about.fields if "country" in last_name(one.path).lower()
             and "[]" not in one.path]  # fmt: skip
    return min(named, key=lambda one: ("ship" in one.path.lower(), one.path.count(".")),
               default=None)  # fmt: skip


def currencies(about: Conditions) -> Iterator[Filter]:
    """“only in EUR”: a code behind “in”, where the records carry a currency."""
    match = re.search(
        r"\b(?:only|those|ones|all|paid) in (?P<code>[A-Z]{3})\b(?! time)|"
        r"\bin (?P<alone>[A-Z]{3}) only\b",
        about.text,
    )
    field = about.named(_CURRENCY_NAMES) if match else None
    said = (match["code"] or match["alone"]) if match else ""
    if match is not None and field is not None and said not in ("UTC", "GMT", "CET"):
        small = any(
            isinstance(one, str) and one.islower() for one in (*field.enum, *field.examples)
        )
        code = said.lower() if small else said
        yield _kept(about, match, Filter(field=field.path, op="eq", value=code))


def _kept(about: Conditions, match: re.Match[str], found: Filter) -> Filter:
    return opposite(found) if about.leaves_out(match.start()) else found


def _value(match: re.Match[str]) -> str:
    return next(one for one in (match["quoted"], match["single"], match["bare"]) if one)


def _operator(said: str) -> Operator:
    words = said.lower()
    return _OPERATORS.get(words) or _OPERATORS.get(words.removeprefix("is ")) or "eq"


def _plain(value: str) -> str | int | float:
    """A value of a column whose type nobody knows."""
    bare = value.rstrip(".").replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", bare):
        return float(bare) if "." in bare else int(bare)
    return value.rstrip(".")
