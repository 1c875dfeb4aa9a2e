"""Activations from outside: end users with accounts of their own, on the local platform."""

from collections.abc import Mapping

from pydantic import JsonValue, TypeAdapter

from pipeline.live.capabilities import ActivationInfo
from pipeline.platforms.local.remote import Remote
from pipeline.ports import ConnectionSpec, Probe

_TEXT = TypeAdapter(str)
_TEXT_OR_NONE: TypeAdapter[str | None] = TypeAdapter(str | None)
_PROBE = TypeAdapter(Probe)
_INFO = TypeAdapter(ActivationInfo)
_INFOS = TypeAdapter(list[ActivationInfo])


class ActivationOperations:
    """A part of the platform's client: each method calls one of the runner's control operations."""

    _remote: Remote

    def activate(
        self,
        project_id: str,
        environment: str,
        external_id: str,
        display_name: str = "",
        variables: Mapping[str, JsonValue] | None = None,
    ) -> ActivationInfo:
        """The activation of an end user, whom your own system knows by that id."""
        return self._remote.fetch(
            _INFO, "activate", project_id=project_id, environment=environment,
            external_id=external_id, display_name=display_name, variables=dict(variables or {}),
        )  # fmt: skip

    def activations(self, project_id: str, environment: str) -> list[ActivationInfo]:
        """Oldest first."""
        return self._remote.fetch(
            _INFOS, "activations", project_id=project_id, environment=environment
        )

    def deactivate(self, project_id: str, environment: str, activation: str) -> None:
        """Forget an end user, with the secrets and all that was kept for them."""
        self._remote.call(
            "deactivate", project_id=project_id, environment=environment, activation=activation
        )

    def connect_user(
        self,
        project_id: str,
        environment: str,
        link_id: str,
        spec: ConnectionSpec,
        activation: str,
    ) -> str:
        """Give an end user a connection of their own; new credentials where there is one."""
        return self._remote.fetch(
            _TEXT, "create_connection", project_id=project_id, environment=environment,
            link_id=link_id, spec=spec, activation=activation,
        )  # fmt: skip

    def user_authorization_url(
        self, project_id: str, environment: str, system: str, activation: str
    ) -> str | None:
        """Where the end user must consent before their connection works; None once they have."""
        return self._remote.fetch(
            _TEXT_OR_NONE, "authorization_url", project_id=project_id, environment=environment,
            system=system, activation=activation,
        )  # fmt: skip

    def probe_user(self, project_id: str, environment: str, system: str, activation: str) -> Probe:
        """One harmless read over the end user's connection."""
        return self._remote.fetch(
            _PROBE, "probe", project_id=project_id, environment=environment, system=system,
            activation=activation,
        )  # fmt: skip
