"""The arithmetic of relevance."""

import numpy as np
import pytest

from core.ranking.score import (
    Scale,
    Signals,
    coverage,
    hubness,
    late_interaction,
    pack_signs,
    pack_terms,
    presence,
    rarity,
    relevance,
)


def unit(*shape: int, seed: int = 1) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def test_late_interaction_is_the_mean_of_the_best_signs():
    query, documents = unit(3, 16), [unit(4, 16, seed=2), unit(1, 16, seed=3)]

    found = late_interaction(query, [pack_signs(document) for document in documents], 16)

    for document, value in zip(documents, found, strict=True):
        signs = np.where(document > 0, 1, -1) / 4
        assert value == pytest.approx((query @ signs.T).max(axis=1).mean(), abs=1e-5)


def test_a_candidate_without_tokens_scores_nothing_and_moves_no_other():
    query, tokens = unit(2, 16), pack_signs(unit(3, 16, seed=2))

    found = late_interaction(query, [b"", tokens, b""], 16)

    assert found[0] == found[2] == 0
    assert found[1] == late_interaction(query, [tokens], 16)[0]


def test_terms_are_found_where_they_are_held():
    packed = [pack_terms([1, 2]), pack_terms([]), pack_terms([-7])]

    assert presence([2, -7, 9], packed).tolist() == [
        [True, False, False],
        [False, False, False],
        [False, True, False],
    ]


def test_a_rare_word_counts_for_more_than_a_common_one():
    weights = rarity(np.array([1, 90], np.float32), 100)

    both, rare, common, none = coverage(
        np.array([[True, True], [True, False], [False, True], [False, False]]), weights
    )

    assert both == pytest.approx(1)
    assert rare > common > none == 0


def test_without_words_nothing_is_covered():
    assert coverage(np.zeros((2, 0), np.bool_), np.zeros(0, np.float32)).tolist() == [0, 0]


def test_a_source_that_turns_up_for_everything_is_marked_down():
    probes = unit(200, 8)
    everywhere, apart = probes.mean(axis=0) * 20, unit(1, 8, seed=5)[0] * 0.1
    hubs = hubness(probes @ np.stack([everywhere, apart]).T, nearest=50)
    similarity = np.array([0.5, 0.5], np.float32)

    scores = relevance(Signals(similarity, hubs, np.zeros(2, np.float32), None), Scale(0, 0.08))

    assert hubs[0] > hubs[1]
    assert scores[0] < scores[1]


def test_the_hub_of_few_probes_is_their_mean():
    assert hubness(np.array([[0.2, 0.4], [0.6, 0.0]], np.float32)).tolist() == pytest.approx(
        [0.4, 0.2]
    )
