"""The shape of each body that the platform's API takes, and the JSON Schema of a shape.

A shape is an object of fields. `!` after a name means that it must be there, `?` that null may
stand for it, because the command line sends null. `@Name` is another shape, `[x]` a list of x,
`a|b` one of these words.
"""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

Shape = str | list[Any] | dict[str, Any]

ULID = "[0-7][0-9A-HJKMNP-TV-Z]{25}"

WORDS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "text": {"type": "string", "minLength": 1},
    "boolean": {"type": "boolean"},
    "object": {"type": "object"},
    "any": {},
    "ulid": {"type": "string", "pattern": f"^{ULID}$"},
    "url": {"type": "string", "pattern": "^https?://[^/]+"},
    "address": {"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$"},
    "integer": {"type": "integer", "minimum": 0},
}

SCHEME = {"id!": "string", "description!": "string"}  # an id is empty where auth is bypassed
CREDENTIAL_KINDS = (
    "none|string|binary|basic-auth|oauth2-client|oauth1|oauth1-token|oauth2-code"
    "|oauth2-password|oauth2-token|certificate"
)

SHAPES: dict[str, dict[str, Shape]] = {
    "ProjectCreate": {"name!": "text", "executionPool": "string"},
    "File": {"filename!": "text", "content!": "string"},
    "Files": {"files!": ["@File"], "labels!": "object"},
    "Deploy": {
        "files!": ["@File"],
        "labels!": "object",
        "versionName!": "text",
        "versionDescription": "string",
    },
    "VersionCreate": {
        "name!": "text",
        "description": "string",
        "files!": ["@File"],
        "labels": "object",
    },
    "CloneEnvironment": {
        "oldEnvName!": "text",
        "newEnvName!": "text",
        "executionPool": "string",
        "cloneSystems": "boolean",
        "copyStaticUserVariables": "boolean",
    },
    "SyncEnvironments": {"sourceEnvName!": "text", "targetEnvName!": "text"},
    "SystemCreate": {
        "name!": "text",
        "domain!": "text",
        "templateBaseUrl!": "text",
        "authSchemeConfigs!?": ["@AuthScheme"],
        "labels": "object",
    },
    "AuthScheme": {
        "type!": "none|api-key|basic-auth|oauth2|hmac|jwt-bearer|certificate|oauth1|secret",
        "none": SCHEME,
        "basicAuth": SCHEME,
        "certificate": SCHEME,
        "apiKey": {**SCHEME, "name!": "text", "in!": "query|header|cookie"},
        "oauth2": {
            **SCHEME,
            "authorizeUrl": "url",
            "tokenUrl!": "url",
            "scopes!": [{"name!": "text", "description": "string"}],
            "defaultScopes!?": ["string"],
            "additionalAuthorizeParams": "string",
            "additionalTokenParams": "string",
            "pkce": "boolean",
            "mtlsEnabled": "boolean",
            "grant!": {
                "type!": "authorizationCode|clientCredentials|password",
                "authorizationCode": "@Client",
                "password": "@Client",
                "clientCredentials": "object",
            },
        },
        "hmac": {
            **SCHEME,
            "name!": "text",
            "in!": "query|header|cookie",
            "algorithm!": "sha1|sha256|sha512",
            "encoding!": "hex|base64|base64url",
            "digestInputs!": ["body|url"],
        },
    },
    "Client": {
        "clientId": "string",
        "clientSecret": "string",
        "credentialId": "ulid",
        "organisationId": "ulid",
    },
    "SystemUpdate": {"name": "text", "domain": "text", "templateBaseUrl": "text"},
    "TemplateCreate": {
        "systemId!": "ulid",
        "name!": "text",
        "environmentId!": "ulid",
        "dynamic": "boolean",
    },
    "TemplateUpdate": {"name": "text", "dynamic": "boolean", "authSchemeConfigIds": ["text"]},
    "TemplateLink": {"connectionTemplateId!": "ulid"},
    "ConnectionCreate": {
        "connectionTemplateId!": "ulid",
        "externalId": "text",
        "connection!": "@Connection",
    },
    "Connection": {"name!": "text", "baseUrl": "string", "credentials!": ["@Credentials"]},
    "ConnectionUpdate": {"name!": "text", "baseUrl!": "string", "credentials!": ["@Credentials"]},
    "Credentials": {
        "id!": "ulid",
        "authSchemeConfig": "@AuthScheme",
        "credential": {
            "id!": "ulid",
            "organisationId!": "ulid",
            "name": "string",
            "type": CREDENTIAL_KINDS,
            "data": "@CredentialData",
        },
    },
    "CredentialData": {
        "none": {},
        "string": {"value!": "text"},
        "basicAuth": {"username!": "text", "password!": "text"},
        "oauth2Client": {
            "clientId!": "text",
            "clientSecret!": "text",
            "tokenUrl!": "url",
            "scopes": ["string"],
            "additionalParams": "string",
        },
        "oauth2Password": {"username!": "text", "password!": "text"},
        "oauth2Code": {
            "code!": "text",
            "state!": "text",
            "redirectUrl": "url",
            "additionalParams": "string",
        },
    },
    "InitialiseOAuth2": {
        "credential!": {"id!": "ulid", "organisationId!": "ulid"},
        "authorizeUrl!": "url",
        "redirectUrl": "url",
        "clientId!": "text",
        "scopes": ["string"],
        "disableOfflineAccess": "boolean",
        "prompt": "string",
        "additionalParams": "string",
    },
    "UserCreate": {"externalId!": "text", "displayName": "string"},
    "Activate": {
        "userId!": "text",
        "environmentId!": "ulid",
        "connections!?": [
            {
                "connectionTemplateId!": "ulid",
                "connection": "@Connection",
                "existingConnectionId": "ulid",
            }
        ],
        "dynamicVariables": "object",
    },
    "Variable": {"value!": "any"},
    "ChannelCreate": {
        "name!": "text",
        "type!": "email",
        "config!": {"email!": {"to!": "address", "cc": ["address"]}},
    },
    "NotificationCreate": {"channel_id!": "ulid", "environment_id!": "ulid", "name!": "text"},
    "SignedUrl": {
        "contentType!": "application/pdf|text/plain|text/markdown|application/json|text/yaml"
        "|image/jpeg|image/png|image/gif|image/webp",
        "contentLength!": "integer",
        "filename!": "text",
        "folder": "attachments/raw|research/documents|research/workflows",
    },
}


def schema(shape: Shape) -> dict[str, Any]:
    """The closed JSON Schema of a shape."""
    if isinstance(shape, list):
        return {"type": "array", "items": schema(shape[0])}
    if isinstance(shape, dict):
        fields = {name.rstrip("!?"): _nullable(name, schema(of)) for name, of in shape.items()}
        needed = [name.rstrip("!?") for name in shape if "!" in name]
        return {
            "type": "object",
            "properties": fields,
            "required": needed,
            "additionalProperties": False,
        }
    if shape.startswith("@"):
        return schema(SHAPES[shape[1:]])
    return {"enum": shape.split("|")} if "|" in shape or shape not in WORDS else WORDS[shape]


def _nullable(name: str, of: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [of, {"type": "null"}]} if name.endswith("?") else of


@cache
def validator(shape_name: str) -> Draft202012Validator:
    shape: Shape = SHAPES.get(shape_name, shape_name)
    return Draft202012Validator(schema(shape))
