"""Custom transforms: a plan's own TypeScript functions, held to be pure and to have examples.

What may run at all is the sandbox's business; this says before anything runs what a function may
not name, so that the same input always gives the same output and nothing else happens.
"""

import re
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from pipeline.plan.model import CustomTransform

_NAME = re.compile(r"[a-z][A-Za-z0-9]*")
_LONGEST = 6000
_FEWEST_EXAMPLES = 2
_COMMENTS_AND_STRINGS = re.compile(
    r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|/\*.*?\*/|//[^\n]*""", re.S
)
_EXPORT = re.compile(
    r"\bexport\b(?:\s+(?:async\s+)?(?:function|const|class|type|interface))?\s*(\w*)"
)

# Refused wherever they stand, in texts and comments too, where code could be hidden.
_NOWHERE: dict[str, str] = {
    "reach out of itself": r"import|require|fetch|XMLHttpRequest|WebSocket|EventSource|Worker|Deno"
    r"|globalThis|WebAssembly|SharedArrayBuffer|BroadcastChannel|(?:local|session)Storage",
    "make code or change built-in objects": r"eval|Function|constructor|prototype|__proto__"
    r"|Reflect|Proxy|(?:get|set)PrototypeOf|definePropert(?:y|ies)"
    r"|getOwnProperty(?:Descriptors?|Names)",
}
_IN_CODE: dict[str, str] = {
    "reach out of itself": r"process|console|window|self|navigator|location|caches|crypto"
    r"|performance|alert|prompt|confirm|close|postMessage|reportError|Request|Response",
    "wait": r"async|await|yield|Promise|setTimeout|setInterval|setImmediate|queueMicrotask",
    "depend on the moment or on chance": r"random|now|new\s+Date\s*(?:\(\s*\))?(?!\s*\()",
    "go round the type checker": r"any|unknown|declare|namespace",
    "keep something from one call to the next": r"^let|var",
}


class Unforeseen(ValueError):
    """Input of a custom transform of which no example says what comes out."""


def custom_problems(
    custom: CustomTransform, sources: Sequence[str | None] | None = None
) -> Iterator[str]:
    """Why the function can't stand in a plan, or not in a mapping with these source paths."""
    if not _NAME.fullmatch(custom.name):
        yield f"“{custom.name}” is no name of a function: write it like sizeOfTitle."
    exported = _EXPORT.findall(_code(custom.source))
    if exported != [custom.name]:
        yield f"{custom.name}: its source exports one function of that name, and nothing else."
    if len(custom.source) > _LONGEST:
        yield f"{custom.name} is longer than {_LONGEST} characters: one mapping needs less."
    yield from _impure(custom.name, custom.source, _NOWHERE)
    yield from _impure(custom.name, _code(custom.source), _IN_CODE)
    if sources is not None and len(custom.takes) != len(sources):
        yield f"{custom.name} takes {len(custom.takes)} values; the mapping gives {len(sources)}."
    for path in sources or []:
        if path is None or path.startswith("$"):
            yield f"{custom.name} reads fields of the source record, and “{path or ''}” is none."
    yield from _examples(custom)


def from_examples(custom: CustomTransform, *inputs: JsonValue) -> JsonValue:
    """What an example says comes out; Unforeseen where none has these inputs."""
    if inputs[0] in (None, ""):
        return None
    for example in custom.examples:
        if _same(example.inputs, list(inputs)):
            return example.output
    raise Unforeseen(f"no example of {custom.name} says what it makes of {inputs!r}")


def _impure(name: str, text: str, refused: dict[str, str]) -> Iterator[str]:
    for what, names in refused.items():
        found = re.search(rf"(?<![\w$])(?:{names})(?![\w$])", text, re.M)
        if found:
            yield f"{name} may not {what}, which “{found[0].strip()}” does."


def _examples(custom: CustomTransform) -> Iterator[str]:
    name, takes, gives = custom.name, custom.takes, custom.gives
    if len(custom.examples) < _FEWEST_EXAMPLES:
        yield f"{name} needs at least {_FEWEST_EXAMPLES} examples of input and output."
    for one in custom.examples:
        if len(one.inputs) != len(takes):
            yield f"{name}: an example has {len(one.inputs)} inputs, not {len(takes)}."
        elif not all(map(_is_of, one.inputs, takes)):
            yield f"{name}: the inputs {one.inputs} of an example are of another type."
        elif one.inputs[0] in (None, ""):
            yield f"{name} is never called without a value, so no example may lack it."
        if not _is_of(one.output, gives):
            yield f"{name}: the output {one.output!r} of an example is no {gives}."


def _code(source: str) -> str:
    """The source without comments and texts; what stands in templates is kept."""
    return _COMMENTS_AND_STRINGS.sub('""', source)


_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
}


def _is_of(value: JsonValue, kind: str) -> bool:
    if isinstance(value, bool) and kind != "boolean":
        return False
    return value is None or isinstance(value, _TYPES[kind])


def _same(one: list[JsonValue], other: list[JsonValue]) -> bool:
    """Equal, with nothing taken for what is there; true is not 1."""
    plain = [[None if value == "" else value for value in values] for values in (one, other)]
    return plain[0] == plain[1] and [*map(type, plain[0])] == [*map(type, plain[1])]
