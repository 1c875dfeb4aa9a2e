"""Headers with which a test or a dry run passes a mock's checks."""

import base64

from pipeline.catalogue.model import SystemEntry
from pipeline.catalogue.operation import Operation
from pipeline.simulation.templates import placeholders

MOCK_CREDENTIAL = "mock-credential"


def sample_headers(entry: SystemEntry, operation: Operation) -> dict[str, str]:
    """Content type, the operation's own headers and a credential that an open mock takes."""
    headers = {"content-type": "application/json"}
    for name, value in operation.headers.items():
        headers[name.casefold()] = "1" if placeholders(value) else value
    for scheme in entry.auth[:1]:
        if scheme.type == "basic-auth":
            pair = base64.b64encode(f"mock:{MOCK_CREDENTIAL}".encode()).decode()
            headers["authorization"] = f"Basic {pair}"
        elif scheme.signing is not None and scheme.signing.algorithm == "aws-v4":
            headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={MOCK_CREDENTIAL}/"
        elif scheme.parameter and scheme.location == "header":
            headers[scheme.parameter.casefold()] = f"{scheme.prefix}{MOCK_CREDENTIAL}"
        else:
            headers["authorization"] = f"{scheme.prefix or 'Bearer '}{MOCK_CREDENTIAL}"
    return headers
