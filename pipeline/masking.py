"""Finds secrets in what people type, before it is saved anywhere."""

import re

# Published prefixes of credentials; each names what it is, for the sentence to the person.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "private key",
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*KEY-----|\Z)",
        ),
        ("Anthropic API key", r"\bsk-ant-[A-Za-z0-9_-]{16,}"),
        ("Stripe key", r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{16,}"),
        ("Shopify token", r"\bshp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{16,}"),
        ("Slack token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}"),
        ("GitHub token", r"\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}"),
        ("AWS key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
        ("Google API key", r"\bAIza[A-Za-z0-9_-]{30,}"),
        ("HubSpot token", r"\bpat-[a-z]{2}\d-[0-9a-f-]{30,}"),
        ("OpenAI-style key", r"\bsk-[A-Za-z0-9_-]{20,}"),
        ("JSON web token", r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"),
        ("password in a URL", r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
        (
            "credential",
            r"(?i)(?<![\w$])(?:api[ _-]?key|access[ _-]?token|client[ _-]?secret|secret|password"
            r"|passwd|bearer)\s*(?:is|=|:)\s*[\"']?(?=[^\s\"']*\d)[^\s\"']{8,}",
        ),
    )
)  # fmt: skip


def mask(text: str) -> tuple[str, list[str]]:
    """The text with secrets blacked out, and the kinds of secret that were found."""
    found: list[str] = []
    for name, pattern in _PATTERNS:
        text, count = pattern.subn(f"[{name} removed]", text)
        if count:
            found.append(name)
    return text, found
