"""All settings, read once from the environment. Nothing else in Weft reads it."""

import os
import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.errors import UsageError


class Settings(BaseSettings):
    """Field names are the variables' names in lower case."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = "https://slack.com/api/"
    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    weft_model: str | None = None
    weft_small_model: str | None = None
    weft_effort: Literal["none", "low", "medium", "high", "xhigh", "max"] = "medium"
    weft_thinking: bool = True
    weft_web_research: str = "any"
    weft_daily_tokens: int = Field(default=5_000_000, ge=0)
    weft_database_url: str | None = None
    weft_secret_keys: SecretStr | None = None
    weft_home: Path = Field(default_factory=lambda: Path.home() / ".weft")
    weft_public_url: str | None = None
    weft_platform: Literal["local", "versori"] = "local"
    weft_run_sdk: Path | None = None
    weft_child_memory_mb: int = Field(default=512, ge=100)
    weft_child_idle_seconds: float = Field(default=300.0, gt=0)
    weft_keep_days: int = Field(default=30, ge=1)
    weft_allowed_hosts: str = ""
    weft_keep_versions: int = Field(default=20, ge=1)
    versori_cli_path: Path | None = None
    versori_config: Path | None = None
    versori_issues_email: str | None = None
    https_proxy: str | None = None
    http_proxy: str | None = None
    no_proxy: str | None = None
    ssl_cert_file: Path | None = None
    port: int = Field(default=3000, ge=1, le=65535)  # as the Procfile's host names it

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _prefixed(value, "xoxb-", "a bot token from the app's page OAuth & Permissions")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr | None) -> SecretStr | None:
        return _prefixed(value, "xapp-", "an app-level token with the scope connections:write")

    @field_validator("slack_api_url", "anthropic_base_url", "weft_public_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s]+", value):
            raise ValueError("must be an address that begins with http:// or https://")
        return value

    @field_validator("weft_web_research")
    @classmethod
    def _domains(cls, value: str) -> str:
        if value not in ("any", "off") and not re.fullmatch(r"[\w.-]+(\s*,\s*[\w.-]+)*", value):
            raise ValueError("must be any, off, or domains such as docs.example.com,example.org")
        return value

    @field_validator("weft_allowed_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        if value and not re.fullmatch(r"[\w.-]+(:\d+)?(\s*,\s*[\w.-]+(:\d+)?)*", value):
            raise ValueError("must be hosts such as erp.internal,10.0.0.5:8443, without http://")
        return value

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Hosts at private addresses that integrations may call all the same."""
        return frozenset(re.split(r"\s*,\s*", self.weft_allowed_hosts.lower())) - {""}

    @property
    def database_url(self) -> str:
        """Where integrations are kept: SQLite in the home directory unless set otherwise."""
        return self.weft_database_url or f"sqlite:///{self.weft_home / 'weft.sqlite'}"

    @property
    def own_address(self) -> str:
        """Where people reach the web process: publicly, else on this machine."""
        return (self.weft_public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def network(self) -> dict[str, str]:
        """What a program needs to know of the network here: its proxies and certificates."""
        names = ("https_proxy", "http_proxy", "no_proxy", "ssl_cert_file")
        given = {name: getattr(self, name) for name in names}
        return {name.upper(): str(value) for name, value in given.items() if value is not None}

    @property
    def engine_url(self) -> str:
        """Where jobs are kept: a SQLite file of their own, or the same PostgreSQL."""
        if self.weft_database_url and not self.weft_database_url.startswith("sqlite"):
            return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", self.weft_database_url)
        return f"sqlite:///{self.weft_home / 'engine.sqlite'}"


def _prefixed(value: SecretStr | None, prefix: str, what: str) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(prefix):
        raise ValueError(f"must begin with {prefix}: it is {what}")
    return value


def load_settings() -> Settings:
    """The settings. UsageError names every variable that is wrong, never its value."""
    try:
        settings = Settings()
    except ValidationError as error:
        problems = [
            f"{'_'.join(str(part) for part in item['loc']).upper()} "
            f"{item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False)
        ]
        raise UsageError("Some settings are wrong: " + "; ".join(problems) + ".") from None
    settings.weft_home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return settings


def environment_variable(name: str) -> str | None:
    """A variable that a person names themselves, such as a credential in an answers file."""
    return os.environ.get(name)
