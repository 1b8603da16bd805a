"""Which rules each topic is put to, as they are in the database now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg.rows import DictRow
from pydantic import ValidationError

from core.quality.implied import completed
from core.quality.learning.learnt import Learnt
from core.quality.rule import QualityRule, readable
from core.quality.watch import Watch
from core.schema.document import from_document
from core.schema.model import Schema
from core.source import SourceKind


@dataclass(frozen=True, slots=True)
class TopicRules:
    """`hash` changes with whatever changes the counts."""

    topic: str
    rules: tuple[QualityRule, ...]
    schema: Schema | None
    hash: str
    learnt: bytes | None = None
    """core.quality.learning.learnt.Learnt, as it was written."""

    def watch(self) -> Watch:
        return Watch(self.rules, self.schema, _learnt(self.learnt))


def rulebook(rows: list[DictRow]) -> Mapping[str, TopicRules]:
    """By topic."""
    return {row["topic"]: _rules(row) for row in rows}


def _rules(row: DictRow) -> TopicRules:
    schema = None if row["schema"] is None else from_document(row["schema"])
    rules = completed(readable(row["rules"]), schema, managed=row["kind"] == SourceKind.MANAGED)
    return TopicRules(row["topic"], rules, schema, row["hash"], row["learnt"])


def _learnt(state: bytes | None) -> Learnt | None:
    """None also for what another version learnt: it is learnt anew."""
    if state is None:
        return None
    try:
        return Learnt.model_validate_json(bytes(state))
    except ValidationError:
        return None
