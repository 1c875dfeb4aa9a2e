"""The ports: what the pipeline needs of the world. Only `bot/wiring.py` names implementations."""

from pipeline.ports.analyst import Analyst, Draft, Interpretation, Repair, Request, Turn
from pipeline.ports.announcer import Announcer
from pipeline.ports.clock import Clock
from pipeline.ports.integration_store import IntegrationStore
from pipeline.ports.platform import (
    ConnectionSpec,
    DeploymentInfo,
    LogLine,
    Platform,
    Probe,
    ProjectSpec,
    Reading,
    ReadRequest,
    SystemSpec,
    VersionSpec,
)
from pipeline.ports.vault import Vault

__all__ = [
    "Analyst",
    "Announcer",
    "Clock",
    "ConnectionSpec",
    "DeploymentInfo",
    "Draft",
    "IntegrationStore",
    "Interpretation",
    "LogLine",
    "Platform",
    "Probe",
    "ProjectSpec",
    "ReadRequest",
    "Reading",
    "Repair",
    "Request",
    "SystemSpec",
    "Turn",
    "Vault",
    "VersionSpec",
]
