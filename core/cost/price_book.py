"""A price book: what a cluster's storage, traffic, partitions and processors cost, as data."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

Price = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]

ANY = "*"
"""The entry for clusters that have none of their own."""


class PriceBookError(ValueError):
    """The price book cannot be used; the text names the place and what is allowed there."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(
            f"The price book cannot be used: {cause}\nIt needs `name`, `version`, `currency` and "
            "`clusters` with an entry `*`, each with storage_gb_month, ingress_gb, egress_gb, "
            "partition_month and processor_month; `headwater config --price-book` prints one."
        )


class Prices(BaseModel):
    """Of one cluster, in the book's currency; a GB is 10^9 bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    storage_gb_month: Price
    """A GB kept for a month, of one replica."""
    ingress_gb: Price
    egress_gb: Price
    partition_month: Price
    """A partition for a month, of one replica."""
    processor_month: Price
    """A stream processor that makes the topic from others, for a month."""


class Assumptions(BaseModel):
    """What is taken where nobody gave or measured it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    messages_per_second: float = Field(default=10.0, gt=0)
    consumers: int = Field(default=2, ge=0, le=10_000)
    """Groups that read everything once."""
    months_kept: int = Field(default=12, ge=1, le=1_200)
    """Of a topic that keeps everything: the cost after so many months."""
    days_compacted: int = Field(default=30, ge=1, le=36_500)
    """Of a compacted topic: its keys weigh as much as the messages of so many days."""


class PriceBook(BaseModel):
    """`assumed` is true while the prices are nobody's invoice."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1, max_length=100)
    version: str = Field(min_length=1, max_length=50, coerce_numbers_to_str=True)
    currency: str = Field(pattern="^[A-Z]{3}$")
    assumed: bool = False
    clusters: dict[str, Prices]
    assumptions: Assumptions = Assumptions()

    @field_validator("clusters")
    @classmethod
    def _has_any(cls, clusters: dict[str, Prices]) -> dict[str, Prices]:
        if ANY not in clusters:
            raise ValueError(f"clusters needs an entry {ANY!r} for those that it does not name")
        return clusters

    @classmethod
    def from_yaml(cls, text: str) -> PriceBook:
        """Raises `PriceBookError`."""
        try:
            return cls.model_validate(yaml.safe_load(text) or {})
        except (yaml.YAMLError, ValidationError) as error:
            raise PriceBookError(error) from error

    def of(self, cluster: str) -> Prices:
        return self.clusters.get(cluster, self.clusters[ANY])

    @property
    def title(self) -> str:
        assumed = " (assumed prices)" if self.assumed else ""
        return f"{self.name} {self.version}{assumed}"
