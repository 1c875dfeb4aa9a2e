"""A strict, stateful mock of one system, made from nothing but its catalogue entry."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from pipeline.catalogue.model import SystemEntry
from pipeline.clock import SystemClock
from pipeline.ports import Clock
from pipeline.simulation.answers import MockResponse, json_response, refusal_response
from pipeline.simulation.auth import Gatekeeper
from pipeline.simulation.calls import Call, HttpRequest, Outcome, effect_of, request_of
from pipeline.simulation.discoveries import discovery_answer
from pipeline.simulation.engine import Engine
from pipeline.simulation.events import Delivery, Subscription, deliver, sample_event
from pipeline.simulation.exchanges import Exchange, Exchanges
from pipeline.simulation.faults import Fault, Faults
from pipeline.simulation.graphql_calls import GraphqlApi
from pipeline.simulation.idempotency import Replays
from pipeline.simulation.kinds import EntityKind
from pipeline.simulation.memory import Memory, NoMemory
from pipeline.simulation.oauth import AuthorizationServer
from pipeline.simulation.probes import probe_answer
from pipeline.simulation.refusals import Kind, Refusal
from pipeline.simulation.rest_answers import rest_response
from pipeline.simulation.rest_calls import understand
from pipeline.simulation.routing import Router
from pipeline.simulation.samples import record_for
from pipeline.simulation.statements import read_statement, statement_response
from pipeline.simulation.told import told

_SHOWN_BODY = 20_000
_NOTHING = NoMemory()
_OUTSIDE_GRAPHQL: tuple[Kind, ...] = (
    "unauthorized", "forbidden", "limited", "failed", "unavailable", "method", "unsupported",
)  # fmt: skip


@dataclass
class _Progress:
    """How far one request came, for the exchange that is noted of it."""

    call: Call | None = None
    effect: str = "refused"
    record_id: str | None = None
    detail: str = ""
    fault: str = ""


class MockSystem:
    """Answers requests as the system would, and refuses what the system would. Thread-safe.

    What it keeps it has in `memory` too, where another one of the same system finds it again.
    Paths are relative to the system's base URL; `public_url` is where the mock itself stands.
    """

    def __init__(
        self,
        entry: SystemEntry,
        clock: Clock | None = None,
        public_url: str = "",
        memory: Memory = _NOTHING,
    ) -> None:
        self.entry = entry
        self.clock = clock or SystemClock()
        self.oauth = AuthorizationServer(entry, self.clock, memory)
        self.faults = Faults()
        self.exchanges = Exchanges()
        self._public_url = public_url.rstrip("/")
        self._gatekeeper = Gatekeeper(entry, self.oauth, memory)
        self._engine = Engine(entry, self.clock, memory)
        self._router = Router(entry)
        self._graphql = GraphqlApi(entry)
        self._replays = Replays(memory)
        self._subscriptions: list[Subscription] = []
        self.lock = threading.RLock()

    # ---- State, for set-up and for looking at -----------------------------------------------

    def create(self, entity: str, record: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Keep a record (a sample, where none is given) without asking the API's rules.

        Refusal where the system has no such entity, or keeps such a record already.
        """
        with self.lock:
            records = self._engine.records
            if record is None:
                record = record_for(self.entry, entity, seed=len(records.all(entity)))
            return records.add(entity, record)

    def records(self, entity: str) -> list[dict[str, Any]]:
        with self.lock:
            return self._engine.records.all(entity)

    def register_credentials(self, credentials: Mapping[str, str]) -> None:
        """From now on only these (and tokens that the mock issued) are accepted."""
        with self.lock:
            self._gatekeeper.register(credentials)
            if "client_id" in credentials and "client_secret" in credentials:
                self.oauth.register_client(credentials["client_id"], credentials["client_secret"])

    # ---- Events -------------------------------------------------------------------------------

    def sample_event(
        self,
        event: str,
        record: Mapping[str, Any] | None = None,
        *,
        secret: str = "",
        delivery_id: str | None = None,
        url: str = "",
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of a delivery; KeyError where the system has no such event."""
        return sample_event(
            self.entry,
            self.entry.event(event),
            record,
            secret=secret,
            delivery_id=delivery_id,
            now=self.clock.now(),
            url=url,
        )

    def subscribe(self, event: str, url: str, secret: str = "") -> None:
        """Deliver that event there; KeyError where the system has no such event."""
        self.entry.event(event)
        with self.lock:
            subscription = Subscription(event, url, secret)
            if subscription not in self._subscriptions:
                self._subscriptions.append(subscription)

    def emit(self, event: str, record: Mapping[str, Any] | None = None) -> list[Delivery]:
        """Send the event to all who subscribed to it, outside the lock: they may call back."""
        with self.lock:
            wanted = [each for each in self._subscriptions if each.event == event]
        deliveries = []
        for each in wanted:
            headers, body = self.sample_event(event, record, secret=each.secret, url=each.url)
            deliveries.append(deliver(each.url, headers, body))
        return deliveries

    def limit_pages(self, size: int) -> None:
        """Give so many records a page at most, whatever is asked for."""
        with self.lock:
            self._engine.page_limit = size

    def kind(self, entity: str) -> EntityKind:
        """What the mock knows of keeping that entity."""
        return self._engine.records.kind(entity)

    # ---- The API ------------------------------------------------------------------------------

    def handle(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> MockResponse:
        """Answer one request; whatever comes in, a proper answer goes out."""
        request = request_of(method, path, query, headers or {}, body)
        with self.lock:
            progress = _Progress()
            try:
                response = self._answer(request, progress)
            except Refusal as refusal:
                progress.detail = str(refusal)
                response = self._refused(progress.call, request, refusal)
                progress.effect = effect_of(refusal, response.status, progress.call)
            self._note(request, response, progress)
            return response

    def understand(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | str = "",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Call:
        """What a request asks for, without doing it; Refusal where it makes no sense."""
        return self._understand(request_of(method, path, query, headers or {}, body))

    def _answer(self, request: HttpRequest, progress: _Progress) -> MockResponse:
        self._gatekeeper.check(request, None)
        probed = probe_answer(self.entry, request) or self._discovered(request)
        if probed is not None:
            progress.effect = "found"
            return json_response(200, probed)
        call = progress.call = self._understand(request)
        self._gatekeeper.check(request, call.operation)
        fault = self.faults.take(call.operation.id)
        if fault is None:
            return self._done(request, call, progress)
        progress.fault = fault.kind
        return self._spoiled(request, call, progress, fault)

    def _discovered(self, request: HttpRequest) -> Any:
        """The account's fields; where these are records too, those that were made come first."""
        answer = discovery_answer(self.entry, request)
        try:
            made = answer and self.records(self._understand(request).operation.entity)
        except Refusal:
            made = []
        return None if made else answer

    def _spoiled(
        self, request: HttpRequest, call: Call, progress: _Progress, fault: Fault
    ) -> MockResponse:
        if fault.kind == "hang":
            progress.effect = "failed"
            return MockResponse(504, delay_seconds=fault.seconds, dropped=True)
        fault.refuse()
        response = self._done(request, call, progress, fault)
        return replace(response, dropped=True) if fault.kind == "lost-response" else response

    def _done(
        self, request: HttpRequest, call: Call, progress: _Progress, fault: Fault | None = None
    ) -> MockResponse:
        replayed = self._replays.find(call.operation, request)
        if replayed is not None:
            progress.effect = "nothing"
            progress.detail = "The same idempotency key came before."
            return replayed
        outcome = self._performed(call)
        progress.effect, progress.record_id = outcome.effect, outcome.record_id
        self._replays.keep(call.operation, request, self._rendered(request, call, outcome))
        return self._rendered(request, call, fault.spoil(outcome) if fault else outcome)

    def _performed(self, call: Call) -> Outcome:
        try:
            return self._engine.perform(call)
        except Refusal as refusal:
            # GraphQL says null of a record that is not there.
            if refusal.kind == "missing" and call.operation.graphql and call.record is None:
                return Outcome("nothing")
            raise

    def _understand(self, request: HttpRequest) -> Call:
        routes = self._router.candidates(request)
        if any(route.operation.graphql for route in routes):
            return self._graphql.understand(request)
        if any(route.operation.sql for route in routes):
            return read_statement([route.operation for route in routes], request)
        records = self._engine.records
        id_path = records.kind(routes[0].operation.entity).id_field.path
        extra = self._gatekeeper.query_names()
        return understand(routes, request, extra, id_path, self._engine.schema)

    def _rendered(self, request: HttpRequest, call: Call, outcome: Outcome) -> MockResponse:
        if call.operation.graphql:
            return json_response(200, self._graphql.answer(call, outcome))
        if call.operation.sql:
            return statement_response(call, outcome)
        outcome = told(call.operation, outcome, self._engine.records)
        return rest_response(
            request, call, outcome, self._public_url, urlsplit(self.entry.base_url).path.rstrip("/")
        )

    def _refused(self, call: Call | None, request: HttpRequest, refusal: Refusal) -> MockResponse:
        if self._speaks_graphql(request) and refusal.kind not in _OUTSIDE_GRAPHQL:
            content = self._graphql.refusal(call.operation if call else None, refusal)
            return json_response(200, content, refusal.headers)
        return refusal_response(self.entry, refusal)

    def _speaks_graphql(self, request: HttpRequest) -> bool:
        try:
            routes = self._router.candidates(request)
        except Refusal:
            return False
        return any(route.operation.graphql for route in routes)

    def _note(self, request: HttpRequest, response: MockResponse, progress: _Progress) -> None:
        headers, query = self._gatekeeper.masked(request)
        operation = progress.call.operation if progress.call else None
        self.exchanges.add(
            Exchange(
                number=self.exchanges.next_number(),
                at=self.clock.now(),
                method=request.method,
                path=request.path,
                status=response.status,
                effect=progress.effect,
                operation=operation.id if operation else "",
                entity=operation.entity if operation else "",
                record_id=progress.record_id,
                detail=progress.detail,
                query=query,
                headers=headers,
                body=request.body[:_SHOWN_BODY].decode("utf-8", "replace"),
                answer=response.body[:_SHOWN_BODY].decode("utf-8", "replace"),
                fault=progress.fault,
            )
        )
