"""The offline analyst: a peer of the model-backed one, by rule over the catalogue's data."""

from pipeline.analysts.offline.analyst import OfflineAnalyst

__all__ = ["OfflineAnalyst"]
