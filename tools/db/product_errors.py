"""What can be wrong with a product that is asked for or written, with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg.rows import DictRow


class ProductNotFoundError(LookupError):
    """There is no such product; the text names those that look like it."""

    def __init__(self, product_id: str, near: Sequence[str]) -> None:
        self.product_id, self.near = product_id[:300], tuple(near)
        advice = (
            f"Did you mean {', '.join(near)}?"
            if near
            else "List the products to see those that exist."
        )
        super().__init__(f"There is no product {self.product_id!r}. {advice}")


class ProductDeletedError(ProductNotFoundError):
    """The product was deleted; it can be restored."""

    def __init__(self, product_id: str, by: str, reason: str, at: datetime) -> None:
        super().__init__(product_id, ())
        self.args = (
            f"The product {product_id!r} was deleted by {by} on {at:%Y-%m-%d} ({reason}). Restore "
            "it to see or change it.",
        )


class ProductExistsError(ValueError):
    """An id is in use; choose another one or change the product that has it."""

    def __init__(self, product_id: str, *, deleted: bool = False) -> None:
        how = "was deleted and can be restored" if deleted else "exists already"
        super().__init__(
            f"The product {product_id!r} {how}. Choose another id, or change that product."
        )


class KeyReusedError(ValueError):
    """An Idempotency-Key was sent before with another body; use a new one."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The Idempotency-Key {key[:80]!r} was sent before with another body. Use a new one."
        )


class ProductChangedError(ValueError):
    """Somebody changed the product meanwhile; read it again and make the change anew."""

    def __init__(self, product_id: str, revision: int) -> None:
        self.revision = revision
        super().__init__(
            f"The product {product_id!r} was changed meanwhile: its revision is {revision} now. "
            "Read it again and make your change anew."
        )


class PortTakenError(ValueError):
    """A topic is the output port of another product; a topic belongs to one product only."""

    def __init__(self, holders: Sequence[DictRow]) -> None:
        taken = ", ".join(f"{row['topic']} ({row['product_id']})" for row in holders)
        super().__init__(
            f"These topics are output ports of another product: {taken}. Take them off there first "
            "or leave them out here."
        )


class VersionNotFoundError(LookupError):
    """The product has no such version; the text names those that it has."""

    def __init__(self, product_id: str, version: str, known: Sequence[str]) -> None:
        super().__init__(
            f"The product {product_id!r} has no version {version[:40]!r}; it has "
            f"{', '.join(known) or 'none'}."
        )


class ContractNotFoundError(LookupError):
    """The product has no contract yet."""

    def __init__(self, product_id: str) -> None:
        super().__init__(
            f"The product {product_id!r} has no contract yet. Put one: PUT "
            f"/products/{product_id}/contract takes an ODCS document as YAML or JSON."
        )


class ContractMismatchError(ValueError):
    """A contract is about other topics than its product's."""

    def __init__(self, product_id: str, strangers: Sequence[str]) -> None:
        super().__init__(
            f"The contract is about topics that are no output ports of {product_id!r}: "
            f"{', '.join(strangers)[:300]}. Add them to the product's ports first, or correct "
            "schema[].physicalName."
        )
