"""The calls of a document, each with its parameters and the schemas of its bodies, all plain."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pipeline.catalogue.naming import kebab, singular
from pipeline.catalogue.openapi.access import json_schema, listing, mapping, resolved, words
from pipeline.catalogue.operation import Action

_METHODS = ("get", "post", "put", "patch", "delete")
_MAX_ENDPOINTS = 3_000
_MAX_PATH = 300
_SEARCHES = {"search", "query", "find", "lookup"}
_LISTED = {"get": "list", "post": "create", "put": "upsert", "patch": "update", "delete": "delete"}
_SINGLE = {"get": "read", "post": "action", "put": "update", "patch": "update", "delete": "delete"}


class Endpoint(NamedTuple):
    path: str
    method: str
    id: str
    summary: str
    parameters: dict[str, Mapping[str, Any]]
    request: Mapping[str, Any]
    answer: Mapping[str, Any]
    has_link_header: bool
    scopes: list[str]

    @property
    def segments(self) -> list[str]:
        return [segment for segment in self.path.split("/") if segment]

    @property
    def is_single(self) -> bool:
        """Whether the path ends at one record (`/orders/{id}`)."""
        return bool(self.segments) and self.segments[-1].startswith("{")

    @property
    def collection(self) -> str:
        """The path of the records that this is about, without the id of one of them."""
        segments = self.segments
        nouns = [at for at, segment in enumerate(segments) if not segment.startswith("{")]
        while len(nouns) > 1 and (self._is_verb(nouns[-1]) or segments[nouns[-1]] in _SEARCHES):
            nouns.pop()
        return "/" + "/".join(segments[: nouns[-1] + 1]) if nouns else "/"

    @property
    def noun(self) -> str:
        """The entity that the path speaks of: `/v2/sales_orders/{id}` -> sales-order."""
        last = self.collection.rsplit("/", 1)[-1]
        return singular(kebab(last)) or "record"

    @property
    def action(self) -> Action:
        end = self.segments[-1] if self.segments else ""
        kinds: Mapping[str, Any] = _SINGLE if self.is_single else _LISTED
        kind: Action = kinds[self.method]
        if self.collection.rsplit("/", 1)[-1] != end and not self.is_single:
            return "find" if end in _SEARCHES else "read" if self.method == "get" else "action"
        return kind

    def _is_verb(self, at: int) -> bool:
        """`/orders/{id}/cancel`: what follows an id, is singular and is posted to."""
        segment = self.segments[at]
        after_id = at > 0 and self.segments[at - 1].startswith("{")
        return (
            self.method in ("post", "put")
            and after_id
            and at == len(self.segments) - 1
            and singular(segment) == segment
        )


def endpoints(document: Mapping[str, Any]) -> list[Endpoint]:
    """In the document's order, at most a few thousand; what cannot be called is left out."""
    found: list[Endpoint] = []
    used: set[str] = set()
    for path, item in mapping(document.get("paths")).items():
        if not path.startswith("/") or len(path) > _MAX_PATH:
            continue
        for endpoint in _of_path(path, resolved(item, document), document):
            unique = (
                endpoint.id if endpoint.id not in used else kebab(f"{endpoint.method}{path}", 120)
            )
            if unique not in used and len(found) < _MAX_ENDPOINTS:
                used.add(unique)
                found.append(endpoint._replace(id=unique))
    return found


def _of_path(path: str, item: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[Endpoint]:
    for method in _METHODS:
        call = item.get(method)
        if not isinstance(call, Mapping):
            continue
        listed = [*listing(item.get("parameters")), *listing(call.get("parameters"))]
        answer = _answer(call, document)
        yield Endpoint(
            path=path,
            method=method,
            id=kebab(words(call.get("operationId")), 120) or kebab(f"{method}{path}", 120),
            summary=words(call.get("summary")) or words(call.get("description"), 120),
            parameters=_query(listed, document),
            request=json_schema(resolved(call.get("requestBody"), document).get("content")),
            answer=json_schema(answer.get("content")),
            has_link_header="Link" in mapping(answer.get("headers")),
            scopes=_scopes(call),
        )


def _query(listed: list[Any], document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    parameters = [resolved(each, document) for each in listed]
    return {
        words(parameter.get("name"), 100): parameter
        for parameter in parameters
        if parameter.get("in") == "query" and words(parameter.get("name"))
    }


def _answer(call: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first answer that means success."""
    answers = mapping(call.get("responses"))
    good = sorted(code for code in answers if code.startswith("2"))
    return resolved(answers[good[0]], document) if good else {}


def _scopes(call: Mapping[str, Any]) -> list[str]:
    scopes = [
        words(scope)
        for demand in listing(call.get("security"))
        for listed in mapping(demand).values()
        for scope in listing(listed)
    ]
    return list(dict.fromkeys(scope for scope in scopes if scope))[:50]
