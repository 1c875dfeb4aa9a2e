"""From method and path to the operations that a request may mean."""

from dataclasses import dataclass
from urllib.parse import unquote

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.simulation.calls import HttpRequest
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.templates import match_text, placeholders

_SHOWN = 12


@dataclass(frozen=True)
class Route:
    operation: Operation
    bindings: dict[str, str]


class Router:
    """Knows every operation by method and path; several may share them."""

    def __init__(self, entry: SystemEntry) -> None:
        self._operations = entry.operations
        self._config = {item.name for item in entry.config}

    def candidates(self, request: HttpRequest) -> list[Route]:
        """At least one, the most literal path first; Refusal (404 or 405) where there is none."""
        routes = [
            Route(operation, bindings)
            for operation in self._operations
            if (bindings := self._match(operation.path, request.path)) is not None
        ]
        if not routes:
            known = sorted({f"{each.method} {each.path}" for each in self._operations})
            raise Refusal(
                "missing", f"There is no {request.method} {request.path[:200]}. {_listed(known)}"
            )
        allowed = [route for route in routes if route.operation.method == request.method]
        if not allowed:
            methods = sorted({route.operation.method for route in routes})
            raise Refusal(
                "method",
                f"{request.path[:200]} does not take {request.method[:20]}, only "
                f"{' and '.join(methods)}.",
                {"allow": ", ".join(methods)},
            )
        fewest = min(len(route.bindings) for route in allowed)
        return [route for route in allowed if len(route.bindings) == fewest]

    def _match(self, template: str, path: str) -> dict[str, str] | None:
        """A path that is nothing but a key takes slashes, as the keys of files have them."""
        template = template.partition("?")[0].strip("/")
        name = template[1:-1]
        is_key = placeholders(template) == [name] and name not in self._config
        found = match_text(template, path.strip("/"), r".+" if is_key else r"[^/]+?")
        return None if found is None else {name: unquote(value) for name, value in found.items()}


def _listed(known: list[str]) -> str:
    shown = ", ".join(known[:_SHOWN])
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return f"Known are: {shown}{more}."
