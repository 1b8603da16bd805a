"""A small fleet's facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from core.comparison import Comparison, FieldAlignment, FieldMatch
from core.recommendations.facts import FleetFacts, SourceFacts
from core.similarity.relation import Relation
from core.source import SourceKind
from tools.cost.price_book import read_price_book

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def source(name: str, **more: Any) -> SourceFacts:
    facts: dict[str, Any] = {
        "name": name,
        "kind": SourceKind.DISCOVERED,
        "product_name": None,
        "owner": None,
        "owner_guessed": False,
        "has_schema": False,
        "fields": 8,
        "teams": (),
        "groups": (),
        "messages": 1_000,
        "sampled": 300,
        "sampled_bytes": 60_000,
        "unreadable": 0,
        "stray": 0,
        "mixed": (),
        "partitions": 4,
        "replication": 3,
        "first_seen": NOW - timedelta(days=90),
        "moved_at": NOW - timedelta(hours=1),
    }
    return SourceFacts(**{**facts, **more})


def managed(name: str, product: str, **more: Any) -> SourceFacts:
    stated = {"has_schema": True, "owner": "group:default/owners", "product_name": product}
    return source(name, kind=SourceKind.MANAGED, **{**stated, **more})


def pair(left: str, right: str, *, contained: float = 0.8, **more: Any) -> Comparison:
    facts: dict[str, Any] = {
        "left": left,
        "right": right,
        "relation": Relation.DUPLICATE,
        "kinship": None,
        "similarity": 0.78,
        "probability": 0.9,
        "left_in_right": contained,
        "right_in_left": 0.5,
        "alignment": FieldAlignment(
            matches=(FieldMatch(left="id", right="no", sureness=0.97, why=("same type",)),),
            left_only=("mine",),
            right_only=("theirs",),
        ),
    }
    return Comparison.model_validate({**facts, **more})


def fleet(*sources: SourceFacts, pairs: tuple[Comparison, ...] = ()) -> FleetFacts:
    return FleetFacts("default", NOW, sources, pairs, read_price_book(None))
