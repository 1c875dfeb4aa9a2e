"""Where implementations are named: everything that a process needs, built from its settings."""

import re
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

from pydantic import SecretStr

from bot.settings import Settings
from pipeline.analysts.fallback import FallbackAnalyst
from pipeline.analysts.offline import OfflineAnalyst
from pipeline.analysts.usage import footer, summary
from pipeline.catalogue.catalogue import Catalogue
from pipeline.clock import SystemClock
from pipeline.conversation import Conversation
from pipeline.errors import UsageError
from pipeline.live.customers import Customers
from pipeline.live.operations import Operations
from pipeline.live.proposals import Proposals
from pipeline.platforms.local.client import LocalPlatform
from pipeline.platforms.local.discovery import RunnerAddress, start_runner
from pipeline.platforms.versori.client import VersoriPlatform
from pipeline.platforms.versori.contexts import Contexts
from pipeline.platforms.versori.executable import Executable
from pipeline.ports import Analyst, Platform
from pipeline.sandbox.deno import Deno
from pipeline.sandbox.verify import verify
from pipeline.services import Services
from pipeline.simulation.dry_run import dry_run
from store.database import Database
from store.installations import SqlInstallations
from store.integrations import SqlIntegrationStore
from store.keys import KeyRing, keys_of_file, parse_keys
from store.migrate import upgrade
from store.tokens import SealedTokens
from store.usage import SqlUsage
from store.vault import SqlVault

AnalystName = Literal["offline", "claude"]


@dataclass(frozen=True)
class Wiring:
    """Collaborators are made when first asked for: `weft catalogue` opens no database."""

    settings: Settings

    @cached_property
    def clock(self) -> SystemClock:
        return SystemClock()

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue.load()

    @cached_property
    def database(self) -> Database:
        """The database with this version's tables. StoreError when it can't be reached."""
        upgrade(self.settings.database_url)
        return Database(self.settings.database_url)

    @cached_property
    def store(self) -> SqlIntegrationStore:
        return SqlIntegrationStore(self.database, self.clock)

    @cached_property
    def vault(self) -> SqlVault:
        return SqlVault(self.database, self._keys())

    @cached_property
    def operations(self) -> Operations:
        return Operations(self.store, self.catalogue, lambda: self.platform, self.clock)

    @cached_property
    def customers(self) -> Customers:
        return Customers(self.store, self.vault, self.operations)

    @cached_property
    def proposals(self) -> Proposals:
        return Proposals(self.store, self.customers, self.vault, self.operations, self.clock)

    @cached_property
    def page_tokens(self) -> SealedTokens:
        return SealedTokens(self._keys(), "page")

    @cached_property
    def conversation(self) -> Conversation:
        return Conversation(self.store, self.vault, self.clock, self.catalogue)

    @cached_property
    def deno(self) -> Deno:
        return Deno(cache=self.settings.weft_home / "deno")

    def analyst(self, name: AnalystName | None = None, *, alone: bool = False) -> Analyst:
        """The analyst of that name; without a name, Claude where there is a key.

        Alone, Claude has nobody to fall back on: what fails, fails.
        """
        offline = OfflineAnalyst(self.catalogue)
        keyed = self.settings.anthropic_api_key is not None
        if name == "offline" or (name is None and not keyed):
            return offline
        if not keyed and self.settings.anthropic_base_url is None:
            raise UsageError("Set ANTHROPIC_API_KEY to work with Claude, or use --analyst offline.")
        return self._claude() if alone else FallbackAnalyst(self._claude(), offline)

    def _claude(self) -> Analyst:
        # Imported here: it takes as long as all the rest, and only this analyst needs it.
        from pipeline.analysts.claude import ClaudeAnalyst, Configuration
        from pipeline.codegen.custom import try_transform

        settings, web = self.settings, self.settings.weft_web_research
        usual = Configuration(api_key=settings.anthropic_api_key or SecretStr("none"))
        configuration = usual.model_copy(
            update={
                "base_url": settings.anthropic_base_url,
                "model": settings.weft_model or usual.model,
                "small_model": settings.weft_small_model
                or settings.weft_model
                or usual.small_model,
                "effort": settings.weft_effort,
                "thinking": settings.weft_thinking,
                "web": web != "off",
                "web_domains": () if web in ("any", "off") else tuple(re.split(r"\s*,\s*", web)),
                "daily_tokens": settings.weft_daily_tokens,
            }
        )
        trying = partial(try_transform, deno=self.deno)
        return ClaudeAnalyst(configuration, self.catalogue, self.usage, self.clock, trying)

    @cached_property
    def usage(self) -> SqlUsage:
        return SqlUsage(self.database)

    def footer(self, integration_id: str) -> str:
        """What the model's calls for an integration have used, in one line for its thread."""
        return footer(summary(self.usage.calls(integration_id)))

    @cached_property
    def runner(self) -> RunnerAddress:
        """The local platform's runner, started where none runs."""
        return start_runner(self.settings.weft_home)

    @cached_property
    def platform(self) -> Platform:
        if self.settings.weft_platform == "versori":
            return self.versori
        return LocalPlatform(self.runner.url, self.runner.token, self.settings.weft_home)

    @cached_property
    def versori(self) -> VersoriPlatform:
        settings = self.settings
        return VersoriPlatform(
            Executable(settings.versori_cli_path, settings.network),
            Contexts(settings.versori_config or Path.home() / ".versori" / "config.yaml"),
            self.vault,
            settings.versori_issues_email,
        )

    @cached_property
    def installations(self) -> SqlInstallations:
        return SqlInstallations(self.database, self._keys(), self.clock)

    def services(self, analyst: AnalystName | None = None) -> Services:
        return Services(
            store=self.store,
            vault=self.vault,
            clock=self.clock,
            analyst=self.analyst(analyst),
            platform=self.platform,
            catalogue=self.catalogue,
            verify=partial(verify, deno=self.deno, run_sdk=self.settings.weft_run_sdk),
            dry_run=partial(dry_run, deno=self.deno),
            redirect_url=self._redirect_url(),
        )

    def _redirect_url(self) -> str | None:
        """Where a consent comes back to; None where the platform has a page of its own for it."""
        if self.settings.weft_platform == "versori":
            return None
        return f"{self.settings.weft_public_url or self.runner.url}/oauth/callback"

    def _keys(self) -> KeyRing:
        if self.settings.weft_secret_keys is not None:
            return parse_keys(self.settings.weft_secret_keys.get_secret_value())
        return keys_of_file(self.settings.weft_home / "secret-keys")
