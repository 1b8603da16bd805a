"""Sources as comparison takes them: their schemas with what their profiles know of values."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import orjson
from psycopg.rows import DictRow

from core.inference.codec import ProfileUnreadableError
from core.inference.topic import TopicProfile
from core.schema.document import from_document
from core.similarity.comparable import Comparable
from core.similarity.profile_values import values_by_path
from core.similarity.values import Values
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("comparison")
_KEPT = 400_000_000
"""Bytes of memory for the sources that are kept, roughly."""
_FIELD_BYTES = 550
"""What a field takes without its description and the sketch of its values, as measured."""
_AT_ONCE = 100

log = logging.getLogger(__name__)


class Reader:
    """Keeps the sources that were read last, for the pairs of one analysis."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._kept: OrderedDict[int, Comparable] = OrderedDict()
        self._size = 0

    async def read(self, ids: Iterable[int]) -> dict[int, Comparable]:
        """By id; those without a schema are left out."""
        wanted = set(ids)
        found = {one: self._kept[one] for one in wanted & self._kept.keys()}
        for one in found:
            self._kept.move_to_end(one)
        missing = sorted(wanted - found.keys())
        for start in range(0, len(missing), _AT_ONCE):
            found |= await self._fresh(missing[start : start + _AT_ONCE])
        return found

    async def _fresh(self, ids: Sequence[int]) -> dict[int, Comparable]:
        async with self._pool.connection() as connection:
            given = {"ids": list(ids)}
            rows = await (await connection.execute(_SQL["read"], given, binary=True)).fetchall()
        read = await asyncio.to_thread(
            lambda: {row["id"]: comparable(row) for row in rows if row["schema"] is not None}
        )
        for one, source in read.items():
            self._keep(one, source)
        return read

    def _keep(self, one: int, source: Comparable) -> None:
        before = self._kept.pop(one, None)
        self._kept[one] = source
        self._size += _size(source) - (0 if before is None else _size(before))
        while self._size > _KEPT:
            self._size -= _size(self._kept.popitem(last=False)[1])


def _size(source: Comparable) -> int:
    sketches = (field.values.sketch for field in source.fields if field.values)
    docs = sum(len(field.field.doc) for field in source.fields)
    plain = _FIELD_BYTES * (1 + len(source.fields)) + 2 * docs
    return plain + sum(len(one.packed) for one in sketches)


def comparable(row: DictRow) -> Comparable:
    """Out of a row of name, description, schema and profile."""
    schema = from_document(orjson.loads(row["schema"]))
    return Comparable.of(row["name"], schema, row["description"] or "", _values(row))


def _values(row: DictRow) -> dict[str, Values]:
    if row["profile"] is None:
        return {}
    try:
        return values_by_path(TopicProfile.from_bytes(bytes(row["profile"])).value_profile)
    except ProfileUnreadableError:
        # A profile of another version: the next scan that reads the topic replaces it.
        log.warning("the profile of %s cannot be read; it is compared without values", row["name"])
        return {}
