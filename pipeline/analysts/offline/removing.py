"""“Drop the phone”, “without the currency column”: what a plan writes and shall not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.analysts.offline.fields_said import group_said, mappings_said, text_mapping
from pipeline.analysts.offline.naming import last_name, phrase_words
from pipeline.analysts.offline.statement import Statement
from pipeline.analysts.offline.words import singular
from pipeline.errors import InvalidEdit
from pipeline.mapping.placeholders import placeholders
from pipeline.plan import edits as e
from pipeline.plan.model import Mapping, Workflow
from pipeline.plan.paths import array_of

_REMOVED = re.compile(
    r"^\W*(?:(?:please|actually|and|also|then|just|can you|could you|we)\W+)*"
    r"(?:(?P<clear>unmap|(?:remove|drop|delete) (?:the )?mapping (?:of|for|to)|"
    r"(?:don't|do not|never|stop|no need to|needn't) "
    r"(?:(?:map|writ|send|sync|fill|set|includ|show|copy|copying|put|add|mention)\w*)|"
    r"leave out|omit|without|no longer|(?:we )?don't need|leave(?= .*\b(?:empty|out|blank)))|"
    r"(?P<short>remove|drop|delete|stop|skip|no))\s+"
    r"(?:the |any |their |its )?(?P<field>[\w.\[\]' ]+?)"
    r"(?P<kind>\s+(?:mapping|field|column|line|part|info|details))?"
    r"(?:\s+(?:empty|out|blank|alone|please|entirely|altogether|from the \w+))*\W*$",
    re.I,
)
_MOST = 12  # of a group of fields that go by one word


def removed(statement: Statement) -> Iterator[e.PlanEdit]:
    """Fields that are written no more; a line of a message's text likewise."""
    match = _REMOVED.match(statement.text)
    if match is None or re.search(r"\bfilters?\b", statement.text, re.I):
        return
    said = match["field"]
    if _is_condition(statement, said):
        return
    for workflow in statement.workflows:
        in_text = _without_line(statement, workflow, said)
        if in_text is not None:
            yield in_text
            continue
        found = mappings_said(said, workflow, statement) or group_said(said, workflow)[:_MOST]
        if found and all(one.each for one in found):
            raise InvalidEdit(
                f"“{said}” has elements of its own among others in "
                f"{array_of(found[0].target)}; only all of them could be left out."
            )
        found = [one for one in found if not one.each]
        if not found and (match["clear"] or match["kind"]):
            raise InvalidEdit(f"Nothing is mapped to or from “{said}”.")
        for target in dict.fromkeys(one.target for one in found):
            yield e.UnmapField(workflow=workflow.name, target=target)


def _is_condition(statement: Statement, said: str) -> bool:
    """Whether records are meant, not fields: “without test orders”, but not “the order note”."""
    nouns = {word for one in statement.plan.workflows for word in phrase_words(one.source.entity)}
    several = {word for word in re.findall(r"[a-z]+", said.lower()) if singular(word) != word}
    return bool(nouns & set(map(singular, several)))


def _without_line(statement: Statement, workflow: Workflow, said: str) -> e.MapField | None:
    mapping = text_mapping(statement, workflow)
    if mapping is None or mapping.transform is None:
        return None
    lines = str(mapping.transform.args.get("text", "")).split("\n")
    wanted = set(phrase_words(said))
    kept = [line for line in lines if not ("{" in line and wanted and wanted <= set(_words(line)))]
    if len(kept) == len(lines):
        return None
    if not any("{" in line for line in kept):
        raise InvalidEdit("The message would say nothing then; say what it should show instead.")
    return with_text(workflow, mapping, "\n".join(kept))


def _words(line: str) -> list[str]:
    label, _, value = line.partition(":")
    return [*phrase_words(label), *phrase_words(last_name(value.strip(" {}")))]


def with_text(workflow: Workflow, mapping: Mapping, text: str) -> e.MapField:
    """A message's text changed; its first field stands for its source."""
    named = placeholders(text)
    source = named[0].path if named else mapping.source
    return e.MapField(
        workflow=workflow.name, target=mapping.target, source=source, transform="template",
        transform_args={"text": text},
    )  # fmt: skip
