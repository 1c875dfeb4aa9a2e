"""The TypeScript of the transforms: of `transforms.ts`, what a project needs of it."""

import re
from functools import cache
from pathlib import Path

_DECLARATION = re.compile(
    r"(?:^/\*\*(?:(?!\*/).)*\*/\n)?^(?:export )?(?:type|class|function|interface) (\w+)",
    re.S | re.M,
)


@cache
def typescript_declarations() -> dict[str, str]:
    """The declarations of `transforms.ts`: name -> source with its comment, in order."""
    text = Path(__file__).with_name("transforms.ts").read_text()
    starts = list(_DECLARATION.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    return {
        start[1]: text[start.start() : end].strip() for start, end in zip(starts, ends, strict=True)
    }


def typescript_module(functions: set[str]) -> str:
    """A module with these functions and everything that they call."""
    declarations = typescript_declarations()
    needed: set[str] = set()
    waiting = sorted(functions)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            words = set(re.findall(r"\w+", declarations[name]))
            waiting += sorted(words & declarations.keys())
    return "\n\n".join(text for name, text in declarations.items() if name in needed) + "\n"
