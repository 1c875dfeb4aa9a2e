"""How a system is reached: what an account signs in with, and what completes its address."""

from typing import Literal

from pydantic import Field, JsonValue

from pipeline.model import Value

Role = Literal["source", "target", "both"]
AuthType = Literal["none", "api-key", "basic-auth", "oauth2", "hmac", "certificate"]
Grant = Literal["authorization-code", "client-credentials", "password"]


class CredentialField(Value):
    """One thing that a person types when connecting a system."""

    name: str
    label: str
    secret: bool = True
    only_for: Literal["webhook"] | None = Field(
        default=None, description="Asked for only where this system's webhooks start a workflow."
    )


class Signing(Value):
    """How a request is signed with a secret that sender and receiver share."""

    header: str = "Authorization"
    algorithm: Literal["hmac-sha256", "hmac-sha1", "token", "basic", "aws-v4"] = Field(
        default="hmac-sha256",
        description="`token`: the secret itself; `basic`: user name and password (RFC 7617); "
        "`aws-v4`: AWS Signature Version 4, with the credential field `access_key_id`.",
    )
    encoding: Literal["base64", "hex"] = "base64"
    prefix: str = ""
    timestamp_header: str | None = None
    timestamp_format: Literal["unix-time", "unix-time-milliseconds", "date-time"] = "unix-time"
    signed: str = Field(
        default="{body}",
        pattern=r"^([^{}]|\{(body|timestamp|method|url|path|form)\})+$",
        description="What the HMAC is computed from. `{url}` is the whole address, `{path}` what "
        "follows its host, both with the query; `{form}` the names and values of a form-encoded "
        "body, sorted, with nothing between. With a `{timestamp}` and no `timestamp_header`, the "
        "header is `t=<timestamp>,v1=<proof>`.",
    )
    scope: str = Field(
        default="", description="Of `aws-v4`: region and service, `{region}/s3` with a config item."
    )
    secret_field: str = Field(default="secret", description="Credential field used.")


class Auth(Value):
    type: AuthType
    grant: Grant | None = None
    location: Literal["header", "query"] = "header"
    parameter: str | None = Field(default=None, description="Header or query name of an API key.")
    prefix: str = Field(default="", description='Stands before an API key, such as "Bearer ".')
    authorize_url: str | None = None
    token_url: str | None = None
    scopes: list[str] = []
    scope_separator: str = " "
    pkce: bool = False
    client_auth: Literal["basic", "post"] = "basic"
    signing: Signing | None = Field(default=None, description="Of `hmac`: how requests are signed.")
    fields: list[CredentialField] = []


class ConfigItem(Value):
    """A value of one user that completes a base URL or a request, such as a shop's name."""

    name: str
    label: str
    type: Literal["string", "number", "boolean"] = "string"
    default: JsonValue = None


class System(Value):
    name: str
    display_name: str
    role: Role
    base_url: str = Field(description="May hold `{name}` of a config item.")
    auth: Auth
    config: list[ConfigItem] = []
    dynamic: bool = Field(default=False, description="Each end user connects their own account.")
