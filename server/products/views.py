"""Products as the API takes and shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.contract.entries import NotWatched
from core.product import TRANSITIONS, DataProduct, Lifecycle, OutputPort
from core.versioning import Bump, Difference, needed
from server.products import examples
from tools.db.products import ProductVersion

NO_NULL = r"^[^\x00]*$"

MAX_DOCUMENTATION = 100_000

ProductId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NULL)]
Description = Annotated[str, StringConstraints(min_length=1, max_length=4_000, pattern=NO_NULL)]
Owner = Annotated[
    str, StringConstraints(pattern=r"^(group|user):[a-z0-9_-]{1,63}/[A-Za-z0-9._-]{1,63}$")
]
Domain = Annotated[str, StringConstraints(min_length=1, max_length=63, pattern=NO_NULL)]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=63, pattern=NO_NULL)]
Documentation = Annotated[str, StringConstraints(max_length=MAX_DOCUMENTATION, pattern=NO_NULL)]


class Port(BaseModel):
    """A topic; without a cluster it is on this server's."""

    model_config = ConfigDict(extra="forbid")
    topic: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,249}$")]
    cluster: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,100}$")] | None = None

    def on(self, cluster: str) -> OutputPort:
        return OutputPort(cluster=self.cluster or cluster, topic=self.topic)


Ports = Annotated[tuple[Port, ...], Field(max_length=100)]
Tags = Annotated[tuple[Tag, ...], Field(max_length=50)]


class ProductContent(BaseModel):
    """All that its owner says of a product. Its lifecycle and version follow from deeds."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.CONTENT]})
    name: Name
    description: Description
    owner: Owner = Field(description="an entity reference")
    domain: Domain
    tags: Tags = ()
    ports: Ports = Field((), description="the topics through which it is consumed")
    documentation: Documentation = Field("", description="Markdown")

    def of(self, product: DataProduct, cluster: str) -> DataProduct:
        """The product with all of this content."""
        return product.model_copy(
            update=content(self.model_dump(exclude={"ports"}))
            | {"ports": ports_on(self.ports, cluster)}
        )


class NewProduct(ProductContent):
    """A product to be drafted; without an `id` it gets one from its name."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [examples.NEW, examples.CONTENT]}
    )
    id: ProductId | None = None


class ProductPatch(BaseModel):
    """What shall change; a member that is left out or null stays as it is."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"tags": ["fraud", "gold"]}]}
    )
    name: Name | None = None
    description: Description | None = None
    owner: Owner | None = None
    domain: Domain | None = None
    tags: Tags | None = None
    ports: Ports | None = None
    documentation: Documentation | None = None

    def of(self, product: DataProduct, cluster: str) -> DataProduct:
        given = self.model_dump(exclude_none=True, exclude={"ports"})
        ports = product.ports if self.ports is None else ports_on(self.ports, cluster)
        return product.model_copy(update={**content(given), "ports": ports})


def ports_on(ports: tuple[Port, ...], cluster: str) -> tuple[OutputPort, ...]:
    return tuple(dict.fromkeys(port.on(cluster) for port in ports))


def content(given: dict[str, Any]) -> dict[str, Any]:
    tags = {"tags": tuple(dict.fromkeys(given["tags"]))} if "tags" in given else {}
    return {**given, **tags}


class Deletion(BaseModel):
    at: datetime
    by: str
    reason: str


class ProductView(BaseModel):
    """`next` are the states that it can go to; `revision` is its ETag."""

    model_config = ConfigDict(frozen=True)
    id: str
    name: str
    description: str
    owner: str
    domain: str
    tags: tuple[str, ...]
    lifecycle: Lifecycle
    next: tuple[Lifecycle, ...]
    ports: tuple[OutputPort, ...]
    version: str
    documentation: str
    revision: int
    created_at: datetime | None
    updated_at: datetime | None
    deleted: Deletion | None


class VersionSummary(BaseModel):
    """`changes` are against the version before."""

    model_config = ConfigDict(frozen=True)
    version: str
    created_at: datetime
    created_by: str
    changes: tuple[Difference, ...]


class VersionContent(BaseModel):
    """What a version says of the product."""

    model_config = ConfigDict(frozen=True)
    name: str
    description: str
    owner: str
    domain: str
    tags: tuple[str, ...]
    lifecycle: Lifecycle
    ports: tuple[OutputPort, ...]
    documentation: str


class VersionView(VersionSummary):
    """A version whole: `contract` is the ODCS document that was in force with it."""

    product: VersionContent
    contract: dict[str, Any] | None


class DiffView(BaseModel):
    """What leads from a version to another; `bump` is the rise that it asks for."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)
    before: str = Field(alias="from")
    after: str = Field(alias="to")
    bump: str
    changes: tuple[Difference, ...]


class ContractView(ProductView):
    """The product, and the entries of its contract's quality that stay in the document alone."""

    not_watched: tuple[NotWatched, ...]


def product_view(product: DataProduct) -> ProductView:
    deletion = None
    if product.deleted_at is not None:
        deletion = Deletion(
            at=product.deleted_at,
            by=product.deleted_by or "",
            reason=product.deleted_reason or "",
        )
    return ProductView(
        **product.model_dump(exclude={"deleted_at", "deleted_by", "deleted_reason"}),
        next=() if deletion else TRANSITIONS[product.lifecycle],
        deleted=deletion,
    )


def version_summary(version: ProductVersion) -> VersionSummary:
    return VersionSummary(
        version=version.version,
        created_at=version.created_at,
        created_by=version.created_by,
        changes=version.differences,
    )


def version_view(version: ProductVersion) -> VersionView:
    contract = None if version.contract is None else dict(version.contract.document)
    return VersionView(
        **version_summary(version).model_dump(),
        product=VersionContent(**version.product.model_dump()),
        contract=contract,
    )


def diff_view(before: str, after: str, changes: tuple[Difference, ...]) -> DiffView:
    bump: Bump = needed(changes)
    return DiffView(before=before, after=after, bump=bump.word, changes=changes)
