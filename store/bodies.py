"""JSON bodies, read back into the model that they were written from."""

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import StoreError

Body = TypeVar("Body")


def read(adapter: TypeAdapter[Body], body: str) -> Body:
    """StoreError where the body does not fit this version's model."""
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        raise StoreError(
            "Something in Weft's database was saved by another version of Weft: "
            "run the newest version here."
        ) from error
