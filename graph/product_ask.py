"""What somebody asks for when a product is to be made: what it is called, whose it is, what of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ProductAsk(BaseModel):
    """A wish for a data product, as far as the message says it."""

    model_config = ConfigDict(frozen=True)
    product_name: str = Field(
        min_length=1, max_length=120, description="what the data is, in two to five words"
    )
    owner: str | None = Field(
        None, max_length=100, description="the owning team as the message names it; else null"
    )
    description: str = Field(
        min_length=1,
        max_length=4_000,
        description="the part of the message that describes the data, word by word",
    )
