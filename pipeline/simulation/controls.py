"""What may be done to a mock from outside: look at its state, make events, order faults."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, get_args

from pipeline.catalogue.model import Event
from pipeline.simulation.events import deliver
from pipeline.simulation.faults import Fault, FaultKind
from pipeline.simulation.mock import MockSystem
from pipeline.simulation.refusals import Refusal
from pipeline.simulation.samples import sample

Body = Mapping[str, Any]
Parameters = Mapping[str, str]


class Controls:
    """Each takes path parameters and a JSON body, and raises Refusal where these are wrong."""

    def __init__(self, mock: MockSystem) -> None:
        self._mock = mock

    def records(self, parameters: Parameters, body: Body) -> Any:
        return self._mock.records(parameters["entity"])

    def create(self, parameters: Parameters, body: Body) -> Any:
        """`{record?}`: a sample, changed by what is given."""
        return self._created(parameters["entity"], body)

    def emit(self, parameters: Parameters, body: Body) -> Any:
        """`{record?, overrides?, url?, secret?}`: create the record, tell the subscribers of it."""
        event = self._event(parameters["event"])
        record = self._created(event.entity, body)
        deliveries = self._mock.emit(event.name, record)
        if "url" in body:
            secret = str(body.get("secret", ""))
            url = str(body["url"])
            headers, content = self._mock.sample_event(event.name, record, secret=secret, url=url)
            deliveries.append(deliver(url, headers, content))
        return {"record": record, "deliveries": [asdict(each) for each in deliveries]}

    def subscribe(self, parameters: Parameters, body: Body) -> Any:
        """`{event, url, secret?}`"""
        event = self._event(str(body.get("event", "")))
        if not isinstance(body.get("url"), str):
            raise Refusal("invalid", "url: a required address is missing.")
        self._mock.subscribe(event.name, body["url"], str(body.get("secret", "")))
        return {"event": event.name, "url": body["url"]}

    def faults(self, parameters: Parameters, body: Body) -> Any:
        return [asdict(fault) for fault in self._mock.faults.pending()]

    def add_fault(self, parameters: Parameters, body: Body) -> Any:
        """`{kind, operation?, times?, skip?, field?, seconds?}`"""
        fault = _fault(body)
        known = {operation.id for operation in self._mock.entry.operations}
        if fault.operation is not None and fault.operation not in known:
            raise Refusal("invalid", f"There is no operation “{fault.operation}”.")
        with self._mock.lock:
            self._mock.faults.add(fault)
        return asdict(fault)

    def clear_faults(self, parameters: Parameters, body: Body) -> Any:
        with self._mock.lock:
            self._mock.faults.clear()
        return []

    def exchanges(self, parameters: Parameters, body: Body) -> Any:
        with self._mock.lock:
            return [exchange.as_json() for exchange in self._mock.exchanges.all()]

    def _created(self, entity: str, body: Body) -> dict[str, Any]:
        """Samples differ from one to the next, so that they are no duplicates."""
        count = len(self._mock.records(entity))
        described = {each.name: each.record_schema for each in self._mock.entry.entities}
        record, overrides = body.get("record"), body.get("overrides", {})
        if not isinstance(record, dict | None) or not isinstance(overrides, dict):
            raise Refusal("invalid", "record and overrides must be objects.")
        if record is None:
            record = sample(described.get(entity, {}), overrides, seed=count)
        return self._mock.create(entity, record)

    def _event(self, name: str) -> Event:
        try:
            return self._mock.entry.event(name)
        except KeyError as error:
            raise Refusal("missing", f"There is no event “{name[:80]}”.") from error


_FAULT_FIELDS: dict[str, tuple[type, ...]] = {
    "kind": (str,),
    "operation": (str,),
    "times": (int,),
    "skip": (int,),
    "field": (str,),
    "seconds": (int, float),
}


def _fault(body: Body) -> Fault:
    if body.get("kind") not in get_args(FaultKind):
        raise Refusal("invalid", f"kind must be one of {', '.join(get_args(FaultKind))}.")
    for name, value in body.items():
        if not isinstance(value, _FAULT_FIELDS.get(name, ())):
            raise Refusal("invalid", f"{name[:80]}: not known, or of a wrong type.")
    return Fault(**body)
