"""The lifecycle of products: what Kafka says is asked before a product comes or goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.product import TRANSITIONS, DataProduct, Lifecycle, TransitionRefusedError
from tools.db.products import Deed, ProductRepository
from tools.kafka.admin import KafkaAdmin
from tools.kafka.errors import KafkaFailedError


class StillConsumedError(ValueError):
    """Consumer groups have committed offsets on a product's topics; they must leave first."""

    def __init__(self, product_id: str, groups: Mapping[str, Sequence[str]]) -> None:
        self.groups = {group: tuple(topics) for group, topics in groups.items()}
        told = "; ".join(f"{group} ({', '.join(topics)})" for group, topics in groups.items())
        super().__init__(
            f"The product {product_id!r} is still consumed: these consumer groups have committed "
            f"offsets on its topics: {told}. Deprecate it, have them leave and delete their "
            "offsets, then try again."
        )


class ConsumersUnknownError(KafkaFailedError):
    """Kafka could not say of all groups what they consume, so nothing is taken from them."""

    def __init__(self, product_id: str, silent: Sequence[str]) -> None:
        about = f": {', '.join(silent[:10])}" if silent else ""
        super().__init__(
            f"Whether the product {product_id!r} is still consumed is not known: some consumer "
            f"groups could not be read{about}. Try again in a moment."
        )


class NotReadyError(ValueError):
    """A product lacks what an active one has; the text names it."""

    def __init__(self, product_id: str, lacking: Sequence[str]) -> None:
        super().__init__(
            f"The product {product_id!r} cannot be activated yet: {'; '.join(lacking)}."
        )


class ProductLifecycle:
    """Moves products between states. Every step raises TransitionRefusedError where it is none.

    `cluster` is the one that `kafka` reaches; ports on others cannot be looked at from here.
    """

    def __init__(self, products: ProductRepository, kafka: KafkaAdmin, cluster: str) -> None:
        self._products = products
        self._kafka = kafka
        self._cluster = cluster

    async def submit(self, product_id: str, deed: Deed, expected: int | None) -> DataProduct:
        """A draft asks to become active."""
        return await self._move(product_id, Lifecycle.PENDING, deed, expected)

    async def activate(self, product_id: str, deed: Deed, expected: int | None) -> DataProduct:
        """Raises NotReadyError: an active product has ports, a contract, and topics that exist."""
        stored = await self._products.stored(product_id)
        _refuse(stored.product, Lifecycle.ACTIVE)
        lacking = [] if stored.product.ports else ["it has no output port; add a topic to `ports`"]
        if stored.contract is None:
            lacking.append("it has no contract; PUT one to its /contract")
        if missing := await self._missing(stored.product):
            lacking.append(f"Kafka has no topic {', '.join(missing)}; create it first")
        if lacking:
            raise NotReadyError(product_id, lacking)
        return await self._move(product_id, Lifecycle.ACTIVE, deed, expected)

    async def deprecate(self, product_id: str, deed: Deed, expected: int | None) -> DataProduct:
        """It is still served; consumers shall move away."""
        return await self._move(product_id, Lifecycle.DEPRECATED, deed, expected)

    async def retire(self, product_id: str, deed: Deed, expected: int | None) -> DataProduct:
        """Raises StillConsumedError."""
        product = await self._products.get(product_id)
        _refuse(product, Lifecycle.RETIRED)
        await self._refuse_consumed(product)
        return await self._move(product_id, Lifecycle.RETIRED, deed, expected)

    async def delete(
        self, product_id: str, reason: str, deed: Deed, expected: int | None
    ) -> DataProduct:
        """Raises StillConsumedError."""
        await self._refuse_consumed(await self._products.get(product_id))
        return await self._products.delete(product_id, reason, deed, expected)

    async def restore(self, product_id: str, deed: Deed, expected: int | None) -> DataProduct:
        """A deleted product comes back as it was, a deprecated or retired one goes a step back."""
        return await self._products.restore(product_id, deed, expected)

    async def consumers(self, product: DataProduct) -> dict[str, tuple[str, ...]]:
        """The groups that have committed offsets on the product's topics, with these topics.

        Asked of Kafka now. Raises ConsumersUnknownError where a group or a broker did not say.
        """
        ours = {port.topic for port in product.ports if port.cluster == self._cluster}
        if not ours:
            return {}
        found = await self._kafka.consumer_groups()
        if found.silent or not found.complete:
            raise ConsumersUnknownError(product.id, sorted(found.silent))
        topics: dict[str, set[str]] = {}
        for offset in found.offsets:
            if offset.topic in ours:
                topics.setdefault(offset.group, set()).add(offset.topic)
        return {group: tuple(sorted(topics[group])) for group in sorted(topics)}

    async def _refuse_consumed(self, product: DataProduct) -> None:
        if groups := await self.consumers(product):
            raise StillConsumedError(product.id, groups)

    async def _missing(self, product: DataProduct) -> list[str]:
        ours = [port.topic for port in product.ports if port.cluster == self._cluster]
        if not ours:
            return []
        present = {topic.name for topic in await self._kafka.topics(ours, settings=False)}
        return [topic for topic in ours if topic not in present]

    async def _move(
        self, product_id: str, wanted: Lifecycle, deed: Deed, expected: int | None
    ) -> DataProduct:
        return await self._products.change(
            product_id, lambda product: product.moved(wanted), deed, expected
        )


def _refuse(product: DataProduct, wanted: Lifecycle) -> None:
    if wanted not in TRANSITIONS[product.lifecycle]:
        raise TransitionRefusedError(product.id, product.lifecycle, wanted)
