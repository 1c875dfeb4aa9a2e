"""Whom an execution runs for, and what it may know of its connections."""

from typing import Any

from pipeline.errors import PlatformError
from pipeline.platforms.local.endpoints import Endpoints
from pipeline.platforms.local.ledger import Ledger
from pipeline.platforms.local.ledger.activations import STATIC
from pipeline.platforms.local.ledger.deployments import Place
from pipeline.platforms.local.protocol import CallRefused


class Contexts:
    def __init__(self, ledger: Ledger, endpoints: Endpoints) -> None:
        self._ledger = ledger
        self._endpoints = endpoints

    def of(self, place: Place, activation: str) -> dict[str, Any]:
        """The part of an invocation that says so; PlatformError where the activation is gone."""
        user = {"id": STATIC}
        if activation != STATIC:
            user = self._ledger.activations.get(*place, activation).user
        variables = self._ledger.variables.all(*place, activation)
        return {
            "activation": {"id": activation, "user": user, "variables": variables},
            "connections": self._connections(place, activation),
        }

    def _connections(self, place: Place, activation: str) -> dict[str, Any]:
        known = {}
        for connection in self._ledger.connections.all(*place, activation):
            try:
                base_url = self._endpoints.shown_url(connection)
            except (CallRefused, PlatformError):
                continue  # its use will say what is missing
            known[connection.system] = {"base_url": base_url, "variables": connection.config}
        return known
