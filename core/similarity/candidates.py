"""Which pairs of a fleet are worth a score: near ones by name or description, and rare fields."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from core.similarity.fleet import Fleet
from core.similarity.neighbours import Neighbours
from core.similarity.signals import Pairs

NEAR = 12
"""Neighbours by title, and as many by description. All 152 labelled pairs that are the same are
among the candidates, which are one in thirteen of all pairs of that fleet of 378."""
CARRIERS = 24
"""Schemas that may share a field for it to lead from one to the other: work stays in proportion to
the number of fields, however large the fleet."""
BY_FIELDS = 4
"""Partners by rare fields in common."""


def candidates(fleet: Fleet) -> Pairs:
    """Pairs (smaller place first), each once, in order; some 15 a schema, never all pairs."""
    found = [
        _near(fleet.near_titles),
        _near(fleet.near_tolds),
        _by_rare_fields(fleet),
    ]
    pairs = np.sort(np.concatenate(found), axis=1)
    return np.unique(pairs, axis=0)


def _near(near: Neighbours) -> Pairs:
    places = near.places[:, :NEAR]
    own = np.repeat(np.arange(len(places)), places.shape[1])
    return np.column_stack([own, places.ravel()]).astype(np.intp)


def _by_rare_fields(fleet: Fleet) -> Pairs:
    """For each schema those that share the heaviest set of fields which few have."""
    carriers: dict[str, list[int]] = defaultdict(list)
    for place, source in enumerate(fleet.sources):
        for term in sorted(source.terms):
            carriers[term].append(place)
    shared: list[dict[int, float]] = [defaultdict(float) for _ in fleet.sources]
    for term, places in carriers.items():
        if 1 < len(places) <= CARRIERS:
            weight = fleet.rarity(term)
            for place in places:
                for other in places:
                    shared[place][other] += weight
    pairs = [
        (place, other)
        for place, weighed in enumerate(shared)
        for other in sorted((o for o in weighed if o != place), key=lambda o: (-weighed[o], o))[
            :BY_FIELDS
        ]
    ]
    return np.array(pairs, np.intp).reshape(-1, 2)
