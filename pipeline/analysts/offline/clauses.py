"""The parts of a request: what starts it (`when …`, `for every new …`), and what it does."""

import re

from pipeline.analysts.offline.words import Span, sentences

# Verbs that put something into a system, and verbs that take it from one to another.
CREATE = ("create", "open", "add", "post", "make", "raise", "file", "log", "write", "insert",
          "append", "notify", "ping", "alert", "message", "announce", "register", "record",
          "generate", "draft", "store", "save", "put", "upsert", "update", "set", "mark", "text",
          "sms", "email", "dm", "subscribe", "enroll", "schedule", "book", "upload", "drop",
          "publish", "submit", "issue", "close", "resolve", "solve", "complete", "cancel", "delete",
          "remove", "assign", "tag", "label", "unsubscribe", "invite", "void", "flag", "attach",
          "reopen", "comment")  # fmt: skip
MOVE = ("sync", "synchronize", "synchronise", "copy", "send", "push", "pull", "import", "export",
        "replicate", "mirror", "move", "transfer", "migrate", "load", "stream", "forward", "feed",
        "pipe", "bring", "get", "fetch", "read", "sink", "back up", "backup", "ingest", "extract",
        "dump", "pass", "relay", "port", "deliver", "propagate", "keep", "reflect", "share",
        "archive", "ship", "route", "collect", "download", "connect", "integrate", "link", "bridge",
        "hook up", "tie", "join", "flow", "land", "turn", "convert", "grab", "take", "dispatch",
        "broadcast", "surface", "track")  # fmt: skip
VERB = "|".join(re.escape(verb) for verb in (*CREATE, *MOVE))

_START = re.compile(
    r"\b(?:when(?:ever)?|once|after|as soon as|the moment|"
    r"(?:every|each|any) ?time(?= \w)|upon|"
    r"(?:for|on|from|with|about|of) (?:each|every|any|all(?: the)?|a)? ?"
    r"(?:new|newly|fresh|incoming)\b|"
    r"(?:for|on|about|of) (?:each|every|any)\b|"
    r"(?:triggered|runs?|fires?|starts?|kicks? off) (?:by|on|from|when)|"
    r"(?<!check )(?<!see )(?<!and )if (?!(?:it|they|he|she|that|there|one|so|not|no|none|already|"
    r"possible|exists?|found|missing|any ?thing|something|you|we|the (?:record|lead|contact|"
    r"customer|row|member|company) (?:already )?exists)\b))",
    re.I,
)
_MAIN = re.compile(
    rf"(?:,|;|:)\s*(?:then|please|we|i|you|it|weft|just|also|and)?\s*|"
    rf"\s(?:then|please)\s|\s(?=(?:we|i|they|it)(?:'d|'ll)?\s+(?:want|need|would|should|must|like)\b)|"
    r"(?<!\bof)(?<!\bin)(?<!\bon)(?<!\bby)(?<!\bto)(?<!\bfor)(?<!\bfrom)(?<!\bwith)(?<!\band)"
    r"\s(?=(?:the|our|an?|its|their)\s(?:[\w'-]+\s){1,5}"
    r"(?:gets?|should|must|has to|needs?|will)\b)|"
    rf"\s(?=(?:{VERB})\s+(?:a|an|the|it|them|its|their|our|that|to|new|in)\b)",
    re.I,
)
_OWN_VERB = re.compile(r"\b(?:is|are|was|were|be|been|gets?|has|have|to|i|we|you|they)\s*$", re.I)


def trigger_clauses(text: str) -> list[Span]:
    """The clauses that say when to act or on which records, up to the comma or the main verb."""
    clauses = []
    for sentence in sentences(text):
        position = sentence.start
        while start := _START.search(text, position, sentence.end):
            end = _clause_end(text, start.end(), sentence.end)
            clauses.append(Span(start.start(), end))
            position = max(end, start.end())
    return clauses


def _clause_end(text: str, position: int, end: int) -> int:
    for match in _MAIN.finditer(text, position, end):
        words = text[position : match.start()].split()
        comma = text[match.start()] in ",;:"
        if (words or comma) and (comma or not _OWN_VERB.search(text[: match.start()].rstrip())):
            return match.start()
    return end
