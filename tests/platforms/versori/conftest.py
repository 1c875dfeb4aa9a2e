"""The Versori platform on a double of its API, by the real command line or by its stand-in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.errors import StoreError
from pipeline.platforms.versori.client import VersoriPlatform
from pipeline.platforms.versori.contexts import Contexts
from pipeline.platforms.versori.executable import Executable
from tests.versori.command_line import real_cli, stand_in
from tests.versori.config import write_config
from tests.versori.double import VersoriDouble


@dataclass
class MemoryVault:
    kept: dict[str, dict[str, str]] = field(default_factory=dict)

    def put(self, team: str, integration_id: str, system: str, secrets: Mapping[str, str]) -> str:
        reference = f"vault_{uuid4().hex}"
        self.kept[reference] = dict(secrets)
        return reference

    def get(self, reference: str) -> dict[str, str]:
        if reference not in self.kept:
            raise StoreError("The vault does not have these credentials: connect again.")
        return self.kept[reference]

    def replace(
        self, reference: str, secrets: Mapping[str, str], *, expected: Mapping[str, str]
    ) -> bool:
        if self.kept[reference] != expected:
            return False
        self.kept[reference] = dict(secrets)
        return True

    def delete(self, reference: str) -> None:
        self.kept.pop(reference, None)


@dataclass
class VersoriSetup:
    """A platform with the double that it talks to and the vault that it opens."""

    double: VersoriDouble
    configuration: Path
    command_line: Path
    vault: MemoryVault = field(default_factory=MemoryVault)
    email: str | None = None

    @property
    def executable(self) -> Executable:
        return Executable(self.command_line, self.double.environment)

    @property
    def platform(self) -> VersoriPlatform:
        return VersoriPlatform(
            self.executable, Contexts(self.configuration), self.vault, self.email
        )

    def put_secret(self, secrets: dict[str, str]) -> str:
        return self.vault.put("weft", "integration", "system", secrets)


def command_line() -> Path:
    """The real one where it is installed, else its stand-in."""
    return real_cli() or stand_in()


@pytest.fixture
def versori(tmp_path: Path) -> Iterator[VersoriSetup]:
    with VersoriDouble() as double:
        yield VersoriSetup(double, write_config(tmp_path, double), command_line())
        assert not double.refused, "requests that break the API's description"
