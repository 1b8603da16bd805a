"""What is measured of a pair of schemas before it is scored: one row of numbers a pair.

Whole arrays at a time: a pair costs some microseconds. That two schemas come from one vendor is no
sign of anything. Nor are their fields: on labelled pairs neither the share of rare fields nor any
alignment adds to what titles and descriptions tell (docs/evals.md), since events of one kind share
an envelope and vendors name fields as they like. The alignment is shown beside the score.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats
from core.similarity.fleet import Fleet
from core.similarity.neighbours import Neighbours, Places
from core.similarity.title import another_happening

NAMES = ("title", "weakest word", "another happening", "title lead", "told lead")
"""The columns: two cosines, 0 or 1, and two cosines less that of the best rival."""
SIGNS = (1, 1, -1, 1, 1)
"""What each may speak for: a weight of the other sign is an accident of the labelled pairs."""

FLOOR = 0.4
"""The cosine of a rival that is always there: a schema without siblings does not lead by all of its
cosine. The labelled pairs give the same figures from .2 to .5."""
_BLOCK = 2_048
"""Pairs at a time: the vectors of their titles' words take some 50 MB."""

Pairs = NDArray[np.intp]
"""Places in the fleet, shape (pairs, 2)."""
Signals = NDArray[np.float64]
"""Shape (pairs, len(NAMES))."""


def signals(fleet: Fleet, pairs: Pairs) -> Signals:
    """Each column is the same for (a, b) and (b, a)."""
    blocks = [pairs[start : start + _BLOCK] for start in range(0, len(pairs), _BLOCK)]
    return np.concatenate([np.zeros((0, len(NAMES))), *(_of(fleet, block) for block in blocks)])


def _of(fleet: Fleet, pairs: Pairs) -> Signals:
    left, right = pairs[:, 0], pairs[:, 1]
    columns = [
        _cosines(fleet.titles, left, right),
        _weakest_words(fleet, pairs),
        _happenings(fleet, pairs),
        _lead(fleet, fleet.titles, fleet.near_titles, pairs),
        _lead(fleet, fleet.tolds, fleet.near_tolds, pairs),
    ]
    return np.stack(columns, axis=1)


def _cosines(rows: Floats, left: Places, right: Places) -> Signals:
    return np.asarray(np.einsum("pd,pd->p", rows[left], rows[right]), np.float64)


def _weakest_words(fleet: Fleet, pairs: Pairs) -> Signals:
    """The word of either title that has the least likely partner in the other."""
    left, right = pairs[:, 0], pairs[:, 1]
    # Most titles have three words or four: places that none of these has are not multiplied.
    most = int(fleet.worded[pairs].sum(axis=2).max(initial=1))
    words = fleet.words[:, :most]
    here, there = fleet.worded[left, :most], fleet.worded[right, :most]
    cosines = np.matmul(words[left], words[right].transpose(0, 2, 1))
    best_left = np.where(there[:, None, :], cosines, -1.0).max(axis=2)
    best_right = np.where(here[:, :, None], cosines, -1.0).max(axis=1)
    least_left = np.where(here, best_left, 1.0).min(axis=1)
    least_right = np.where(there, best_right, 1.0).min(axis=1)
    return np.asarray(np.minimum(least_left, least_right), np.float64)


def _happenings(fleet: Fleet, pairs: Pairs) -> Signals:
    titles = [source.title for source in fleet.sources]
    return np.array([another_happening(titles[a], titles[b]) for a, b in pairs], np.float64)


def _lead(fleet: Fleet, rows: Floats, near: Neighbours, pairs: Pairs) -> Signals:
    """How much nearer the two are than either is to the best of the other's own space.

    The rest of `b`'s vendor or namespace are b's rivals for `a`: where one of them is nearer, it is
    the likelier partner. Versions of the two themselves are no rivals.
    """
    cosines = _cosines(rows, pairs[:, 0], pairs[:, 1])
    over = np.maximum(_rival(fleet, near, pairs), _rival(fleet, near, pairs[:, ::-1]))
    return cosines - over


def _rival(fleet: Fleet, near: Neighbours, pairs: Pairs) -> Signals:
    """The cosine of the first's nearest neighbour in the second's space; at least FLOOR."""
    left, right = pairs[:, 0], pairs[:, 1]
    around = near.places[left]
    space = fleet.spaces[right][:, None]
    lines = fleet.lines[around]
    rival = (fleet.spaces[around] == space) & (space >= 0)
    rival &= (lines != fleet.lines[left][:, None]) & (lines != fleet.lines[right][:, None])
    best = np.where(rival, near.cosines[left], FLOOR).max(axis=1, initial=FLOOR)
    return np.asarray(best, np.float64)
