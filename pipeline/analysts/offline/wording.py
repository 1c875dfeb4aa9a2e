"""A request's text as the readers take it: clean English, without asides, its slips put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.analysts.offline.asides import without_asides
from pipeline.analysts.offline.glossary import in_english
from pipeline.analysts.offline.spelling import corrected
from pipeline.analysts.offline.words import clean

if TYPE_CHECKING:
    from pipeline.catalogue.catalogue import Catalogue


def plain(text: str, catalogue: Catalogue) -> str:
    return corrected(without_asides(in_english(clean(text))), catalogue)
