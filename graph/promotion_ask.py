"""What somebody asks for when a topic that exists is to become a product."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from graph.texts import Name, Topic


class PromotionAsk(BaseModel):
    """A wish to have a topic managed. `sure` says that nothing but a topic can be meant; else only
    a topic that exists is."""

    model_config = ConfigDict(frozen=True)
    topic: Topic
    product_name: Name
    owner: Name | None = None
    sure: bool = True
