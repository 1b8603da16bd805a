"""How likely two schemas of a fleet say the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.similarity.candidates import candidates
from core.similarity.comparable import Comparable
from core.similarity.fleet import Fleet
from core.similarity.neighbours import Neighbours
from core.similarity.score import scores
from core.similarity.signals import NAMES, SIGNS, signals
from core.similarity.weights import weights
from tests.unit.similarity.made import TEXT, source, titles_known

NAMED = (
    "acme.order_created.v1", "acme.order_created.v2", "acme.order_deleted", "acme.refund",
    "umbrella.order_created", "umbrella.invoice", "umbrella.shipment_tracking", "stock-levels",
)  # fmt: skip


def fleet(*names: str) -> Fleet:
    sources = [source(name, {"id": TEXT, name.split(".")[-1]: TEXT}) for name in names]
    return Fleet.of(sources, titles_known(*sources))


def score(known: Fleet, one: str, other: str) -> float:
    places = {source.name: place for place, source in enumerate(known.sources)}
    return float(scores(known, np.array([[places[one], places[other]]]))[0])


def test_versions_and_another_vendors_same_event_are_the_same():
    known = fleet(*NAMED)

    assert score(known, "acme.order_created.v1", "acme.order_created.v2") > 0.9
    assert score(known, "acme.order_created.v1", "umbrella.order_created") > 0.9


def test_another_happening_and_another_thing_are_not():
    known = fleet(*NAMED)

    assert score(known, "acme.order_created.v1", "acme.order_deleted") < 0.5
    assert score(known, "acme.order_created.v1", "stock-levels") < 0.3


@given(st.lists(st.sampled_from(NAMED), min_size=2, unique=True))
def test_a_score_has_no_direction_and_is_a_probability(names: list[str]):
    known = fleet(*names)
    pairs = np.array([[0, place] for place in range(1, len(names))])

    said = scores(known, pairs)

    assert np.array_equal(said, scores(known, pairs[:, ::-1]))
    assert ((said >= 0) & (said <= 1)).all()


def test_a_score_does_not_depend_on_the_fleets_order():
    turned = fleet(*NAMED[::-1])

    assert score(fleet(*NAMED), NAMED[0], NAMED[4]) == pytest.approx(
        score(turned, NAMED[0], NAMED[4]), abs=1e-6
    )


def test_no_weight_contradicts_what_its_signal_may_say():
    fitted = weights().pair

    assert len(fitted.weights) == len(NAMES)
    assert all(weight * sign >= 0 for weight, sign in zip(fitted.weights, SIGNS, strict=True))


def test_a_title_that_no_model_reads_is_like_itself_alone():
    sources = [source(name, {"id": TEXT}) for name in ("a.订单", "b.订单", "c.发票")]
    known = Fleet.of(sources, titles_known(source("x.order", {})))

    measured = signals(known, np.array([[0, 1], [0, 2]]))

    assert measured[0, 0] == pytest.approx(1.0, abs=1e-5)
    assert measured[1, 0] < 0.9


def test_no_pairs_have_no_scores():
    assert len(scores(fleet(*NAMED), np.zeros((0, 2), np.intp))) == 0


def test_candidates_are_each_once_and_hold_versions_and_sharers_of_rare_fields():
    known = fleet(*NAMED)

    pairs = {(int(a), int(b)) for a, b in candidates(known)}

    assert (0, 1) in pairs
    assert (0, 4) in pairs
    assert all(a < b for a, b in pairs)


def test_schemas_of_unlike_names_meet_by_a_rare_field():
    names = [f"team{n}.thing{n}" for n in range(40)]
    sources = [source(name, {"id": TEXT}) for name in names]
    sources += [source(name, {"customs_tariff": TEXT, "id": TEXT}) for name in ("x.one", "y.two")]
    known = Fleet.of(sources, titles_known(*sources))

    assert (40, 41) in {(int(a), int(b)) for a, b in candidates(known)}


def test_a_fleet_of_one_has_no_neighbours_and_no_candidates():
    alone: list[Comparable] = [source("acme.order", {"id": TEXT})]

    assert len(candidates(Fleet.of(alone, titles_known(*alone)))) == 0


@given(st.integers(2, 40), st.integers(1, 10))
def test_neighbours_are_the_nearest_without_the_row_itself(rows: int, nearest: int):
    drawn = np.random.default_rng(rows).normal(size=(rows, 8)).astype(np.float32)
    unit = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    found = Neighbours.of(unit, nearest)

    products = unit @ unit.T
    np.fill_diagonal(products, -np.inf)
    best = -np.sort(-products, axis=1)[:, : min(nearest, rows - 1)]
    assert np.allclose(found.cosines, best, atol=1e-5)
