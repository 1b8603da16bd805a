"""Quality rules of topics, where they come from, and whether they are watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.product import OutputPort
from core.quality.origin import RuleOrigin
from core.quality.rule import QualityRule
from tools.db import audit
from tools.db.pool import Connection, Pool
from tools.db.product_writing import Deed
from tools.db.sql import load

_SQL = load("rules")


class RuleNotFoundError(LookupError):
    """The topic has no such rule; the text names those that it has."""

    def __init__(self, topic: str, rule_id: str, known: Sequence[str]) -> None:
        self.near = tuple(known[:20])
        has = f"It has {', '.join(self.near)}." if known else "No rule is stored for it."
        super().__init__(f"There is no rule {rule_id[:100]!r} of {topic!r}. {has}")


class RuleOwnedError(Exception):
    """A data product's contract has the rule; it is changed there."""

    def __init__(self, topic: str, rule_id: str, product_id: str) -> None:
        super().__init__(
            f"The rule {rule_id!r} of {topic!r} is part of the contract of the product "
            f"{product_id}. Change the contract with PUT /products/{product_id}/contract, or state "
            "a rule of another id."
        )


class RuleInferredError(Exception):
    """A rule that the stream taught would come back."""

    def __init__(self, topic: str, rule_id: str) -> None:
        super().__init__(
            f"The rule {rule_id!r} of {topic!r} was inferred from the stream, which would teach it "
            "again. Switch it off, or state another one under its id."
        )


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule that holds for a topic `since` it was stored as it is; `active` ones are watched."""

    rule: QualityRule
    active: bool
    since: datetime
    product_id: str | None
    stated_by: str | None = None
    switched_by: str | None = None

    @property
    def origin(self) -> RuleOrigin:
        if self.product_id is not None:
            return RuleOrigin.PRODUCT
        return RuleOrigin.INFERRED if self.rule.inferred else RuleOrigin.STATED


class RuleRepository:
    """The rules as the watcher sees them: by topic. Products write theirs with their contract."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def switch(self, product_id: str, *, active: bool) -> int:
        """Watch all rules of a product, or none; returns how many it has."""
        given = {"product_id": product_id, "active": active}
        async with self._pool.connection() as conn:
            return (await conn.execute(_SQL["switch"], given)).rowcount

    async def of_topic(self, topic: str, cluster: str = "default") -> tuple[StoredRule, ...]:
        """The rules that hold for a topic, by id."""
        given = {"cluster": cluster, "topic": topic}
        return tuple(map(_stored, await self._pool.rows(_SQL["of_topic"], given)))

    async def watched(self, cluster: str = "default") -> dict[str, tuple[StoredRule, ...]]:
        """The rules that are on, by topic."""
        by_topic: dict[str, tuple[StoredRule, ...]] = {}
        for row in await self._pool.rows(_SQL["watched"], {"cluster": cluster}):
            by_topic[row["topic"]] = (*by_topic.get(row["topic"], ()), _stored(row))
        return by_topic

    async def state(self, port: OutputPort, rule: QualityRule, deed: Deed) -> StoredRule:
        """Store a rule that a person states, in place of an inferred one of its id; the same again
        changes nothing. Raises RuleOwnedError."""
        async with self._pool.connection() as conn, conn.transaction():
            known, owner = await _held(conn, port, rule.id)
            if owner is not None:
                raise RuleOwnedError(port.topic, rule.id, owner)
            if known is not None and known.rule == rule and known.product_id is None:
                return known
            given = {
                **_at(port, rule.id),
                "rule": Jsonb(rule.model_dump(mode="json", exclude_defaults=True)),
                "by": deed.by,
                "known_product": None if known is None else known.product_id,
            }
            row = await (await conn.execute(_SQL["state"], given)).fetchone()
            if row is None:
                _, owner = await _held(conn, port, rule.id)
                raise RuleOwnedError(port.topic, rule.id, owner or "that got it meanwhile")
            stored = _stored(row)
            await _record(conn, port, rule.id, deed, known, stored)
            return stored

    async def remove(self, port: OutputPort, rule_id: str, deed: Deed) -> None:
        """Raises RuleNotFoundError, RuleOwnedError, RuleInferredError."""
        async with self._pool.connection() as conn, conn.transaction():
            known = await _own(conn, port, rule_id)
            if known.origin is RuleOrigin.INFERRED:
                raise RuleInferredError(port.topic, rule_id)
            await conn.execute(_SQL["remove"], _at(port, rule_id))
            await _record(conn, port, rule_id, deed, known, None)

    async def set_active(
        self, port: OutputPort, rule_id: str, deed: Deed, *, active: bool
    ) -> StoredRule:
        """Watch one rule or rest. Raises RuleNotFoundError, RuleOwnedError."""
        async with self._pool.connection() as conn, conn.transaction():
            known = await _own(conn, port, rule_id)
            if known.active is active:
                return known
            given = {**_at(port, rule_id), "active": active, "by": deed.by}
            row = await (await conn.execute(_SQL["set_active"], given)).fetchone()
            assert row is not None  # noqa: S101 (it is held)
            await _record(conn, port, rule_id, deed, known, _stored(row))
            return _stored(row)

    async def learn(self, conn: Connection, port: OutputPort, rules: Sequence[QualityRule]) -> None:
        """All rules that the stream teaches now, within the caller's transaction: those that it
        teaches no more go. A rule that a person switched off stays off."""
        given = {
            "cluster": port.cluster,
            "topic": port.topic,
            "rule_ids": [rule.id for rule in rules],
            "rules": [rule.model_dump_json(exclude_defaults=True) for rule in rules],
        }
        await conn.execute(_SQL["forget_learnt"], given)
        await conn.execute(_SQL["learn"], given)


async def _held(
    conn: Connection, port: OutputPort, rule_id: str
) -> tuple[StoredRule | None, str | None]:
    """The rule, and the product whose it is; held until the transaction ends."""
    row = await (await conn.execute(_SQL["hold"], _at(port, rule_id))).fetchone()
    if row is None:
        return None, None
    return _stored(row), row["product_id"] if row["owned"] else None


async def _own(conn: Connection, port: OutputPort, rule_id: str) -> StoredRule:
    """A rule of no product, held."""
    known, owner = await _held(conn, port, rule_id)
    if owner is not None:
        raise RuleOwnedError(port.topic, rule_id, owner)
    if known is None:
        rows = await (await conn.execute(_SQL["ids"], _at(port, rule_id))).fetchall()
        raise RuleNotFoundError(port.topic, rule_id, [row["rule_id"] for row in rows])
    return known


async def _record(
    conn: Connection,
    port: OutputPort,
    rule_id: str,
    deed: Deed,
    before: StoredRule | None,
    after: StoredRule | None,
) -> None:
    await audit.record(
        conn,
        actor=deed.by,
        action=deed.action,
        target=f"rule:{port.cluster}/{port.topic}/{rule_id}",
        before=None if before is None else _state(before),
        after=None if after is None else _state(after),
        request_id=deed.request_id,
    )


def _state(stored: StoredRule) -> dict[str, object]:
    told = stored.rule.model_dump(mode="json", exclude_defaults=True)
    return {"rule": told, "active": stored.active, "origin": stored.origin.value}


def _at(port: OutputPort, rule_id: str) -> dict[str, object]:
    return {"cluster": port.cluster, "topic": port.topic, "rule_id": rule_id}


def _stored(row: DictRow) -> StoredRule:
    return StoredRule(
        QualityRule.model_validate(row["rule"]),
        row["active"],
        row["since"],
        row["product_id"],
        row["stated_by"],
        row["switched_by"],
    )
