"""Names in the generated TypeScript, made from names of systems, entities and fields."""

import re

from pipeline.codegen.taken import taken_names

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")


def words(name: str) -> list[str]:
    """`line_items`, `lineItems`, `LineItems` -> line, items."""
    found = [word.lower() for word in _WORD.findall(name) if f"a{word}".isidentifier()]
    return found or ["value"]


def pascal(name: str) -> str:
    text = "".join(word.capitalize() for word in words(name))
    return text if text.isidentifier() else f"Value{text}"


def camel(name: str) -> str:
    text = pascal(name)
    return text[0].lower() + text[1:]


def variable(name: str, suffix: str = "Record") -> str:
    """A name for a variable that nothing else in generated code has."""
    text = camel(name)
    while text in taken_names():
        text += suffix
    return text


def kebab(name: str) -> str:
    return "-".join(words(name))


def phrase(name: str) -> str:
    """`sales-receipt` -> sales receipt."""
    return " ".join(words(name))


def indefinite(name: str) -> str:
    """`order` -> an order."""
    text = phrase(name)
    return f"{'an' if text[0] in 'aeiou' else 'a'} {text}"


def singular(name: str) -> str:
    *rest, last = words(name)
    if last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif re.search(r"(s|x|z|ch|sh)es$", last):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        last = last[:-1]
    return " ".join([*rest, last])


def plural(name: str) -> str:
    *rest, last = words(name)
    if re.search(r"[^aeiou]y$", last):
        last = last[:-1] + "ies"
    elif re.search(r"(s|x|z|ch|sh)$", last):
        last += "es"
    else:
        last += "s"
    return " ".join([*rest, last])


def class_name(system: str, display_name: str) -> str:
    """The system's name, written as its maker begins its own: `QuickBooks` Online."""
    plain, written = pascal(system), ""
    for word in re.finditer(r"\w+", display_name):
        written += word[0]
        if written.lower() == plain.lower():
            return written
    return plain


def key(name: str) -> str:
    """A property's name in an object literal or an interface."""
    return name if _IDENTIFIER.fullmatch(name) else f'"{name}"'


def member(owner: str, name: str, optional: bool) -> str:
    """Access to a property: `order.email`, `order?.email`, `order?.["odd name"]`."""
    if _IDENTIFIER.fullmatch(name):
        return f"{owner}{'?.' if optional else '.'}{name}"
    return f'{owner}{"?." if optional else ""}["{name}"]'
