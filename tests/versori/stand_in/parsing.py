"""Words of a command line into a command and its flags, refused in the command line's own words."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

Values = dict[str, Any]


@dataclass(frozen=True)
class Command:
    """`flags` are name to kind: string, bool or list. `shorthands` are letter to name."""

    words: tuple[str, ...]
    run: Callable[[Any], None]
    flags: dict[str, str]
    required: tuple[str, ...] = ()
    shorthands: dict[str, str] = field(default_factory=dict)


COMMANDS: dict[tuple[str, ...], Command] = {}

GLOBAL_FLAGS = {"config": "string", "context": "string", "output": "string"}
GLOBAL_SHORTHANDS = {"c": "config", "x": "context", "o": "output"}


# Other words for a command's words, by where they stand.
ALIASES = (
    {"project": "projects", "system": "systems", "connection": "connections", "user": "users"}
    | {"notification": "notifications"},
    {"assets": "asset", "variable": "variables", "version": "versions", "channel": "channels"}
    | {"environment": "environments", "env": "environments"},
)


def command(
    words: str, flags: str = "", required: str = "", shorthands: dict[str, str] | None = None
) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Flags by name, a bool one with `?` and a repeatable one with `*` at its end."""

    def register(run: Callable[[Any], None]) -> Callable[[Any], None]:
        kinds = {one.rstrip("?*"): _kind(one) for one in flags.split()}
        spoken = tuple(words.split())
        needed = tuple(required.split())
        COMMANDS[spoken] = Command(spoken, run, kinds, needed, shorthands or {})
        return run

    return register


def _kind(flag: str) -> str:
    return {"?": "bool", "*": "list"}.get(flag[-1], "string")


def misused(message: str) -> NoReturn:
    print(f"Error: {message}\n{message}", file=sys.stderr)
    sys.exit(1)


def split(arguments: Sequence[str]) -> tuple[Command | None, list[str]]:
    """The command whose words come first, and the rest. None: help is all it gives."""
    words, rest = _words(arguments)
    for place, aliases in enumerate(ALIASES[: len(words)]):
        words[place] = aliases.get(words[place], words[place])
    if words and not any(known[0] == words[0] for known in COMMANDS):
        message = f'unknown command "{words[0]}" for "versori"'
        print(f"Error: {message}\nRun 'versori --help' for usage.", file=sys.stderr)
        print(message, file=sys.stderr)
        sys.exit(1)
    for length in range(len(words), 0, -1):
        if found := COMMANDS.get(tuple(words[:length])):
            return found, [*rest, *words[length:]]
    return None, rest


def _words(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What may be a command's words, apart from flags and their values."""
    words: list[str] = []
    rest: list[str] = []
    waiting = False
    for word in arguments:
        if waiting or word.startswith("-"):
            rest.append(word)
            waiting = not waiting and "=" not in word and not _is_bool(word)
        else:
            words.append(word)
    return words, rest


def _is_bool(word: str) -> bool:
    name = word.lstrip("-")
    return any(one.flags.get(name) == "bool" for one in COMMANDS.values())


def parse(found: Command, words: Sequence[str]) -> tuple[Values, list[str]]:
    """The flags' values, and the words that are none."""
    kinds = {**GLOBAL_FLAGS, **found.flags}
    shorthands = {**GLOBAL_SHORTHANDS, **found.shorthands}
    values: Values = {}
    positional = []
    remaining = list(words)
    while remaining:
        word = remaining.pop(0)
        if not word.startswith("-") or word == "-":
            positional.append(word)
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if not word.startswith("--"):
            name = shorthands.get(name, "")
        if name not in kinds:
            misused(f"unknown flag: {word}")
        if kinds[name] == "bool":
            values[name] = value != "false"
            continue
        if not equals:
            if not remaining:
                misused(f"flag needs an argument: {word}")
            value = remaining.pop(0)
        if kinds[name] == "list":
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return values, positional


def check_required(found: Command, values: Values) -> None:
    lacking = [f'"{name}"' for name in found.required if name not in values]
    if lacking:
        misused(f"required flag(s) {', '.join(lacking)} not set")
