"""A price book: what a cluster's storage, traffic, partitions and processors cost, as data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    field_validator,
)

Price = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]

ANY = "*"
"""The entry for clusters that have none of their own."""


class PriceBookError(ValueError):
    """The price book cannot be used; the text names each place and what is allowed there."""

    def __init__(self, problems: Iterator[str] | list[str]) -> None:
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(
            f"The price book cannot be used:{lines}\nIt needs `name`, `version`, `currency` and "
            "`clusters` with an entry `*`, each with storage_gb_month, ingress_gb, egress_gb, "
            "partition_month and processor_month, or a book of its own with `version` and "
            "`prices`; `headwater config --price-book` prints one."
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


class ClusterBook(BaseModel):
    """A cluster's own book: what it leaves out is as in the whole one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: str = Field(min_length=1, max_length=50, coerce_numbers_to_str=True)
    prices: Prices
    name: str | None = Field(default=None, min_length=1, max_length=100)
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    assumed: bool | None = None
    assumptions: Assumptions | None = None


_PRICES, _BOOK = "prices", "book"


def _tag(entry: Any) -> str:
    """An entry is a book of its own where it has anything that only such a book has."""
    if isinstance(entry, ClusterBook):
        return _BOOK
    own = set(ClusterBook.model_fields)
    return _BOOK if isinstance(entry, dict) and own & entry.keys() else _PRICES


Entry = Annotated[
    Annotated[Prices, Tag(_PRICES)] | Annotated[ClusterBook, Tag(_BOOK)], Discriminator(_tag)
]


class PriceBook(BaseModel):
    """`assumed` is true while the prices are nobody's invoice."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1, max_length=100)
    version: str = Field(min_length=1, max_length=50, coerce_numbers_to_str=True)
    currency: str = Field(pattern="^[A-Z]{3}$")
    assumed: bool = False
    clusters: dict[str, Entry]
    assumptions: Assumptions = Assumptions()

    @field_validator("clusters")
    @classmethod
    def _has_any(cls, clusters: dict[str, Entry]) -> dict[str, Entry]:
        if ANY not in clusters:
            raise ValueError(f"clusters needs an entry {ANY!r} for those that it does not name")
        return clusters

    @classmethod
    def from_yaml(cls, text: str) -> PriceBook:
        """Raises `PriceBookError`."""
        try:
            return cls.model_validate(yaml.safe_load(text) or {})
        except yaml.YAMLError as error:
            raise PriceBookError([f"it is no YAML: {error}"]) from error
        except ValidationError as error:
            raise PriceBookError(_problems(error)) from error

    def of(self, cluster: str) -> Prices:
        entry = self._entry(cluster)
        return entry.prices if isinstance(entry, ClusterBook) else entry

    def at(self, cluster: str) -> PriceBook:
        """The book in force for a cluster, which may be one of its own."""
        entry = self._entry(cluster)
        if isinstance(entry, Prices):
            return self
        return PriceBook(
            name=entry.name or f"{self.name} {cluster}",
            version=entry.version,
            currency=entry.currency or self.currency,
            assumed=self.assumed if entry.assumed is None else entry.assumed,
            clusters={ANY: entry.prices},
            assumptions=entry.assumptions or self.assumptions,
        )

    @property
    def title(self) -> str:
        assumed = " (assumed prices)" if self.assumed else ""
        return f"{self.name} {self.version}{assumed}"

    @property
    def digest(self) -> str:
        """SHA-256 of all that it says."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def _entry(self, cluster: str) -> Prices | ClusterBook:
        return self.clusters.get(cluster, self.clusters[ANY])


def _problems(error: ValidationError) -> Iterator[str]:
    """Each as `clusters.eu.storage_gb_month: what is wrong`; a clue for names with a typo."""
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        place = list(problem["loc"])
        if place[:1] == ["clusters"] and place[2:3] in ([_PRICES], [_BOOK]):
            del place[2]
        at = ".".join(str(part) for part in place) or "the file"
        what = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            what = "there is no such entry; is it misspelt?"
        yield f"{at}: {what}"
