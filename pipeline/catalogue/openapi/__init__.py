"""A user's OpenAPI document, made into a system of the catalogue."""

from pipeline.catalogue.openapi.ingest import ingest

__all__ = ["ingest"]
