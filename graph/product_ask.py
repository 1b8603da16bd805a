"""What somebody asks for when a product is to be made: what it is called, whose it is, what of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from graph.texts import Name, Passage


class ProductAsk(BaseModel):
    """A wish for a data product, as far as the message says it."""

    model_config = ConfigDict(frozen=True)
    product_name: Name = Field(description="what the data is, in two to five words")
    owner: Name | None = Field(
        None, description="the owning team as the message names it; else null"
    )
    description: Passage = Field(
        description="the part of the message that describes the data, word by word"
    )
