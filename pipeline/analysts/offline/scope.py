"""Whether a request is for a data integration, and what to say where it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.analysts.offline.clauses import VERB, trigger_clauses
from pipeline.analysts.offline.request import Mention
from pipeline.analysts.offline.schedule import read_schedule
from pipeline.analysts.offline.systems import find_mentions, with_attachments
from pipeline.analysts.offline.wording import plain
from pipeline.analysts.offline.words import has_words, sentences
from pipeline.plan.model import Scope

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue
    from pipeline.ports import Request

_COMMAND = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompts?|"
    r"guidelines|previous|above|everything)\b|\b(?:system|hidden|initial|developer) prompt\b|"
    r"\byou are (?:now|no longer)\b|\bpretend (?:to be|you)\b|\bjailbreak\w*|\bact as (?:an?|my)\b|"
    r"\b(?:reveal|print|show(?! up)|dump|list|leak|tell me|give me|output|exfiltrate|"
    r"send (?:me )?)\b"
    r".{0,40}\b(?:api keys?|passwords?|secrets?|credentials|tokens?|environment variables|env "
    r"vars)\b"
    r"(?!.{0,20}\bauth)",
    re.I,
)
_LEAD = (r"^\W*(?:(?:hey|hi|hello|ok|okay|so|please|pls|weft|@\w+|kindly|could|can|would|will|"
         r"you|i|"
         r"we|want|need|'d|like|to|help|me|us|just|quickly|do|a favou?r|"
         r"and)\b[\s,:!'-]*)*")  # fmt: skip
_WORKS = (r"poems?|haikus?|limericks?|songs?|lyrics|raps?|jokes?|riddles?|stor(?:y|ies)|tales?|"
          r"novels?|essays?|articles?|blog ?posts?|blog|speech(?:es)?|slogans?|taglines?|logos?|"
          r"banners?|posters?|icons?|mascots?|drawings?|pictures?|images?|paintings?|cartoons?|"
          r"memes?|"
          r"videos?|presentations?|slides?|decks?|landing pages?|websites?|brochures?|cover "
          r"letters?|"
          r"resumes?|cvs?|recipes?|names?|birthday|toasts?|tweets?|linkedin post|press release|"
          r"business plan|job descriptions?|brand\w*|palettes?|mock-?ups?")  # fmt: skip
_CREATIVE = re.compile(
    rf"{_LEAD}(?:write|compose|draw|design|make|create|generate|tell|sing|paint|give|draft|come up|"
    r"think of|invent|sketch|illustrate|suggest|re-?design)s?\b[\w\s,'-]{0,30}?"
    rf"\b(?:{_WORKS})\b(?=\s*(?:$|[.,!?;:]|about|for|of|on|in the|that|which|with|to |using|and\b|"
    r"explaining|describing|called|where|as if|comparing|celebrating|please))",
    re.I,
)
_ASKING = re.compile(
    rf"{_LEAD}(?:why\b|whether\b|tell (?:me|us) (?:if|whether|which)\b|"
    r"who(?:'s)?\b|how (?:many|much|long|old|far|often|come|was|is|are|did|does|"
    r"good|secure|safe|about)\b|what(?:'s| is| are| was| were| does| do| did| happened| would|"
    r"\s+if)?"
    r"\b(?!.{0,20}\b(?:way|best|easiest) )|which\b|where\b|when (?:did|was|is|are|will|does|do)\b|"
    r"is (?:it|there|this|that|our|the)\b(?! possible)|are (?:there|you|we|the|our)\b|was\b|were\b|"
    r"does\b|did\b|should (?:we|i)\b|explain\b|compare\b|define\b|describe\b|tell (?:me|us) "
    r"(?:about|"
    r"what|why|how|who)\b|difference between|summari[sz]e\b|analy[sz]e\b|translate\b|proofread\b|"
    r"recommend\b|calculate\b|solve\b|forecast\b|predict\b|debug\b|fix\b|refactor\b|review\b|"
    r"optimi[sz]e\b|cancel\b|refund\b|remind me\b|order (?:me|us)\b|buy\b)",
    re.I,
)
_CODE = re.compile(
    r"\b(?:regex|regular expression|unit tests? for|leetcode|python (?:function|script|class)|"
    r"javascript function|sql quer(?:y|ies)|bash script|excel formula|algorithm|css|html page|"
    r"react component|sort(?:ing)? (?:a|an) (?:list|array)|fibonacci)\b",
    re.I,
)
_STRONG = re.compile(
    r"\b(?:integrat(?!ions? (?:team|guild|lead|channel|manager))\w*|sync\w*|replicat\w*|"
    r"mirror\w*|import\w*|export\w*|migrat\w*|etl|data pipelines?|"
    r"connect (?:our|my|the|two|both|it|\w+ (?:to|with|and))|hook up|keep .{0,40}\bin sync|"
    r"(?:move|copy|push|pull|send|transfer|get|load|bring|pipe|stream|feed|forward) .{0,60}"
    r"\b(?:from|to|into|onto)\b)",
    re.I,
)
_DOES = re.compile(rf"\b(?:{VERB})(?:s|es|d|ed|ing)?\b", re.I)
_GENERIC_END = re.compile(
    r"\b(?:(?:our|my|an?|the|another) (?:\w+ )?(?:crm|erp|database|db|data ?warehouse|warehouse|"
    r"spreadsheet|sheet|api|accounting (?:system|software|tool)|system|systems|tool|tools|app|apps|"
    r"platform|webhook|inbox|calendar|help ?desk|bucket|ftp|sftp|csv|google doc)s?)\b",
    re.I,
)

_OVER = re.compile(r"(?:\b(?:to|into|onto|in|becomes?|as|from|needs?|gets?)|→|↔)(?=\s|$)", re.I)

_OFFERS = {
    "creative": ["tell a channel whenever a file is added to a shared folder",
                 "copy finished work from one tool to another as soon as it is marked done"],
    "question": ["copy the figures behind the question into a sheet every morning",
                 "send a message when a number crosses a threshold"],
    "command": ["keep two systems in step, with the credentials kept in the vault"],
    "code": ["write the whole integration between two systems, with its tests"],
    "other": ["sync new records from one system to another",
              "post a message when something happens in a tool",
              "copy yesterday's records into a sheet every night"],
}  # fmt: skip
_KIND = "I build data integrations (moving or syncing data between systems); "


@dataclass(frozen=True)
class _Request:
    text: str
    mentions: list[Mention]
    attached: bool

    @property
    def ends(self) -> int:
        named = len({mention.system for mention in self.mentions})
        others = [
            match
            for match in _GENERIC_END.finditer(self.text)
            if not any(match.start() <= one.start < match.end() for one in self.mentions)
        ]
        return named + min(2, len(others))


def read_scope(request: Request, catalogue: Catalogue) -> Scope:
    """The verdict on a request, with a reason and, where it is out, what Weft could do instead."""
    if not has_words(request.text):
        what = "there is nothing to read in" if request.text.strip() else "nothing stands in"
        return _out(f"{what} this message.", "other")
    catalogue, attached, _ = with_attachments(catalogue, request)
    text = plain(request.text, catalogue)
    innocent = _without_commands(text)
    if not has_words(innocent):
        return _out("this asks me to act against my instructions or to show secrets.", "command")
    mentions = find_mentions(innocent, catalogue, attached)
    return _verdict(_Request(innocent, mentions, bool(attached)), innocent != text)


def _without_commands(text: str) -> str:
    """The text without sentences that give orders to the reader instead of describing work."""
    kept = [text[span.start : span.end] for span in sentences(text)]
    return " ".join(sentence for sentence in kept if not _COMMAND.search(sentence))


def _verdict(request: _Request, had_commands: bool) -> Scope:
    text = request.text
    if _CREATIVE.search(text):
        return _out("this asks for a piece of writing or design.", "creative")
    if _ASKING.search(text) and not _is_work(request):
        return _out("this asks a question or for a single answer.", "question")
    known = {one.system for one in request.mentions if one.entry is not None}
    if _CODE.search(text) and len(known) < 2:
        return _out("this asks for a piece of code on its own.", "code")
    if not _moves(request):
        return _out("this does not say what to move from where to where.", "other")
    names = list(dict.fromkeys(mention.display_name for mention in request.mentions))
    reason = f"It moves data between {' and '.join(names)}." if len(names) > 1 else (
        f"It moves data to or from {names[0]}." if names else "It moves data between "
                                                              "systems.")  # fmt: skip
    note = " Sentences that give orders to the reader were left out." if had_commands else ""
    return Scope(in_scope=True, reason=reason + note)


def _is_work(request: _Request) -> bool:
    """Whether a question is a request all the same: it says when, or from where to where."""
    polite = re.match(rf"{_LEAD}(?:how (?:can|do|could|would|should)|what(?:'s| is) the (?:best|"
                      rf"easiest)|is there (?:an?|any) (?:\w+ )?way|any (?:chance|way))",
                      request.text, re.I)  # fmt: skip
    timed = bool(trigger_clauses(request.text)) or read_schedule(request.text) is not None
    does = bool(_DOES.search(request.text))
    return (
        bool(request.ends >= 2 and does and (polite or timed))
        and "?" not in request.text[-3:]
        or (request.ends >= 2 and bool(polite))
    )


def _moves(request: _Request) -> bool:
    text = request.text
    timed = bool(trigger_clauses(text)) or read_schedule(text) is not None
    does = bool(_DOES.search(text)) or "→" in text or "↔" in text
    if request.attached and (request.mentions or does):
        return True
    if request.ends >= 2:
        return does or timed or _STRONG.search(text) is not None or _leads_over(request)
    if request.ends == 1:
        return bool(_STRONG.search(text)) or (timed and bool(request.mentions))
    return bool(re.search(r"\b(?:build|create|make|need|want|set up)\b.{0,30}\bintegration|"
                          r"\bintegrate\b|\bsync\w* (?:our|my|two|data)\b|\bdata from "
                          r"one\b", text, re.I))  # fmt: skip


def _leads_over(request: _Request) -> bool:
    """Whether the words between two systems lead from one to the other, whatever the verb."""
    spans = [(one.end, one.start, one.system) for one in request.mentions]
    return any(
        first[2] != second[2] and _OVER.search(request.text[first[0] : second[1]])
        for first, second in zip(spans, spans[1:], strict=False)
    )


def _out(why: str, kind: str) -> Scope:
    return Scope(in_scope=False, reason=_KIND + why, alternatives=_OFFERS[kind])
