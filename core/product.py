"""A data product: what a team promises to others, with its topics as output ports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict


class Lifecycle(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"

    @property
    def served(self) -> bool:
        """Whether its topics are managed: a deprecated product is still kept up."""
        return self in (self.ACTIVE, self.DEPRECATED)


TRANSITIONS: Mapping[Lifecycle, tuple[Lifecycle, ...]] = MappingProxyType(
    {
        Lifecycle.DRAFT: (Lifecycle.PENDING, Lifecycle.ACTIVE),
        Lifecycle.PENDING: (Lifecycle.DRAFT, Lifecycle.ACTIVE),
        Lifecycle.ACTIVE: (Lifecycle.DEPRECATED,),
        Lifecycle.DEPRECATED: (Lifecycle.ACTIVE, Lifecycle.RETIRED),
        Lifecycle.RETIRED: (Lifecycle.DEPRECATED,),
    }
)
"""Where a product may go from where it is; the way back is `restore`."""

RESTORED: Mapping[Lifecycle, Lifecycle] = MappingProxyType(
    {Lifecycle.DEPRECATED: Lifecycle.ACTIVE, Lifecycle.RETIRED: Lifecycle.DEPRECATED}
)
"""What `restore` makes of a product: one step back."""


class TransitionRefusedError(ValueError):
    """A product cannot go from its lifecycle to the wanted one; the text says where it can go."""

    def __init__(self, product_id: str, now: Lifecycle, wanted: Lifecycle) -> None:
        allowed = " or ".join(TRANSITIONS[now])
        super().__init__(
            f"The product {product_id} is {now} and cannot become {wanted}; it can become "
            f"{allowed}."
        )


class OutputPort(BaseModel):
    """A topic through which a product is consumed."""

    model_config = ConfigDict(frozen=True)
    cluster: str
    topic: str


class DataProduct(BaseModel):
    """`id` is a readable slug; `owner` an entity reference such as `group:default/fraud-team`.

    `documentation` is Markdown. `revision` counts every write, and `deleted_at` is set while the
    product is deleted: it can be restored.
    """

    model_config = ConfigDict(frozen=True)
    id: str
    name: str
    description: str
    owner: str
    domain: str
    tags: tuple[str, ...] = ()
    lifecycle: Lifecycle
    ports: tuple[OutputPort, ...]
    version: str = "1.0.0"
    documentation: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    revision: int = 0
    deleted_at: datetime | None = None
    deleted_by: str | None = None
    deleted_reason: str | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(port.topic for port in self.ports)

    def moved(self, wanted: Lifecycle) -> DataProduct:
        """The product in another lifecycle. Raises TransitionRefusedError."""
        if wanted not in TRANSITIONS[self.lifecycle]:
            raise TransitionRefusedError(self.id, self.lifecycle, wanted)
        return self.model_copy(update={"lifecycle": wanted})

    def restored(self) -> DataProduct:
        """The product one step back. Raises TransitionRefusedError where there is none."""
        if self.lifecycle not in RESTORED:
            raise TransitionRefusedError(self.id, self.lifecycle, Lifecycle.ACTIVE)
        return self.moved(RESTORED[self.lifecycle])
