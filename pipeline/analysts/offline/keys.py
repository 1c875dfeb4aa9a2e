"""By which field records are matched: “keyed on invoice id”, “check if they exist by email”."""

import re
from dataclasses import dataclass, replace

from pipeline.analysts.offline.clauses import trigger_clauses
from pipeline.analysts.offline.words import singular
from pipeline.plan.model import WriteMode

_NAME = (
    r"(?P<key>(?:\"[^\"]+\"|[A-Za-z_]\w*(?:\.\w+)*"
    r"(?:[ -](?!so\b|to\b|and\b|in\b|we\b|then\b|if\b|or\b|"
    r"when\b|into\b|"
    r"before\b|for\b|otherwise\b|it\b|is\b|as\b|from\b|with\b|which\b|that\b|instead\b|"
    r"please\b|too\b)\w+(?:\.\w+)*){0,2}))"
)
_KEYS = [
    re.compile(pattern + r"(?:\s+|(?<=[(,:]))(?:the |their |its |our )?(?:same )?" + _NAME, re.I)
    for pattern in (
        r"\b(?:keyed|keying|key)\s+(?:on|by|with|off)",
        r"\b(?:match(?:ing|ed|es)?|upsert(?:ing|ed)?|merg(?:e|ing|ed)|de-?dup\w*|unique|"
        r"identif(?:y|ied|ying)|look(?:ing|ed)?(?: them| it)? up|lookup|dedupe)\b"
        r"(?:\s+(?!by\b|on\b|with\b|using\b)[\w'#.-]+){0,6}?\s+(?:up )?(?:by|on|via|using|"
        r"against|from)",
        r"\b(?:exists?|already there|already in|duplicates?|found)\b"
        r"(?:\s+(?!by\b|on\b|using\b|with\b)[\w'#.-]+){0,4}?\s+(?:by|on|using|based on|with the "
        r"same)",
        r"\b(?:if|when|where) (?:the|an?) (?:same )?(?=\w+ (?:already )?exists)",
        r"\bwith (?:the same|that|this)"
        r"(?=\s+(?:e-?mail|sku|id|code|reference|\w*_id|\w+ (?:id|number|code)|"
        r"\w+(?: \w+)? (?:already )?exists?)\b)",
        r"\b(?:primary |unique |match(?:ing)? |upsert |natural )?key\s*"
        r"(?:=|:|is\b|being\b|(?=\s+\w+_\w))",
        r"\bwith the same",
        r"\b(?:no|without|avoid\w*|prevent\w*) (?:any )?dup\w*\s*[(,:](?:\s*(?:by|on|via|using)\b)?"
        r"(?=\s*[\w ]+\)|\s*\w*(?:mail|sku|id|number|code|name)\b)",
        r"\bby(?=\s+(?:the |their )?(?:e-?mail|sku|external id)\b)",
        r"\bmatch(?:ing|ed|es)?(?=\s+(?:the |their )?(?:e-?mail|sku|external id|barcode|phone)\b)",
    )
]
_AS_KEY = re.compile(
    rf"(?:\b(?:use|using|with)\s+|(?:^|[,;.(])\s*)(?:the |their )?{_NAME}\s*"
    r"(?:\bas\b|\bis\b|\bbeing\b|=)\s*(?:the |a |an |our )?"
    r"(?:unique |primary |match(?:ing)? |external |common |natural )?(?:key|id|identifier)\b",
    re.I,
)
_TELLS_APART = re.compile(
    rf"(?:^|[,;.(:]|\band)\s*(?:the |their )?{_NAME}\s+(?:uniquely )?identif(?:y|ies)\b", re.I
)
_UPSERT = re.compile(
    r"\bupsert\w*|\bcreate or update\b|\bupdate or create\b|\b(?:insert|add) or update\b|"
    r"\b(?:if|when) (?:they|it|he|she|one|there|that|the \w+)(?: already)? (?:exists?|is there|"
    r"is found)\b|\balready exists?\b|\bunless (?:it|they|he|she|one|there|that|an?|the)\b"
    r".{0,40}\bexists?\b|\bupdat(?:e|ing) (?:what|those|whatever|(?:the )?ones|any)\b"
    r"(?: that| which)?(?: are| is)?(?: already)? (?:there|exists?|present|known)\b|"
    r"\bcheck (?:if|whether)\b|\b(?:no|without|avoid\w*|not get|"
    r"don't(?: get| want| create| make)?|prevent\w*|never)\b.{0,20}\bdup(?:licat|e)\w*|"
    r"\bde-?dup\w*|\bmerge\b",
    re.I,
)
_UPDATE = re.compile(r"\bonly update\b|\bupdate (?:the )?existing\b(?!.*\bor create\b)|"
                     r"\bdon't create\b|\bnever create\b", re.I)  # fmt: skip
_REMOVE = re.compile(
    r"\b(?:remove|delete|unsubscribe|erase|purge)\s+(?:them|it|him|her|those|"
    r"(?:the|that|their|its)\s+(?:same |matching |corresponding |linked |related )?"
    r"(?!prefix|suffix|duplicates?|spaces?|html|tags?|filters?|fields?|columns?)[a-z]+)\b"
    r"\s*(?:from\b|in\b|on\b|at\b|off\b|out of\b|there\b|too\b|as well\b|[.,;!]|$)",
    re.I,
)
_APPEND = re.compile(r"\bappend\w*|\b(?:new|one|a) (?:row|line) (?:for|per)\b|\blog\b", re.I)


_OF = re.compile(
    r"\b(?:match|find|look up|identify|search)(?:ing|es)?\s+(?:the |their |its |each |an? )?"
    r"(?P<of>[a-z]+)\s+(?:by|on|via|using)\b",
    re.I,
)


@dataclass(frozen=True)
class Writing:
    """How records are written; `key` is as the text says it."""

    mode: WriteMode | None
    key: str | None
    of: str = ""  # what is matched, where the text says it: “match the contact by email”


def read_writing(text: str) -> Writing:
    """The write mode and the key that a text asks for, as far as it does."""
    key = read_key(text)
    matched = _OF.search(text)
    if matched and key:
        return replace(_mode(text, key), of=singular(matched["of"]))
    return _mode(text, key)


def _mode(text: str, key: str | None) -> Writing:
    if _removes(text):
        return Writing("delete", key)
    if _UPDATE.search(text):
        return Writing("update", key)
    if _UPSERT.search(text) or (key and re.search(r"\b(?:match|key|unique|same)", text, re.I)):
        return Writing("upsert", key)
    if _APPEND.search(text):
        return Writing("append", key)
    return Writing(None, key)


def _removes(text: str) -> bool:
    """Whether what is asked for is to delete; “when one is deleted, …” only says when."""
    when = trigger_clauses(text)
    return any(not any(one.holds(match.start()) for one in when)
               for match in _REMOVE.finditer(text))  # fmt: skip


def read_key(text: str) -> str | None:
    named = _AS_KEY.search(text) or _TELLS_APART.search(text)
    if named:
        return named["key"].strip("\"' ")
    for pattern in _KEYS:
        match = pattern.search(text)
        if match:
            return match["key"].strip("\"' .")
    return None
