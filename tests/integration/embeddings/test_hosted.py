"""An OpenAI-compatible embedding model, answered by a small server of our own."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pytest

from core.search import SearchQuery
from tools.embeddings import embeddings_of
from tools.embeddings.minilm import MiniLM
from tools.embeddings.model import EmbeddingModelMismatch, EmbeddingModelUnavailable
from tools.search.index import SearchIndex
from tools.search.search import Search

Answer = Callable[[list[str]], list[list[float]] | None]


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Starts a server that answers with an answer's vectors, or 500 for None; tells its address."""
    servers = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                vectors = answer(asked["input"])
                self.send_response(200 if vectors else 500)
                self.send_header("content-type", "application/json")
                self.end_headers()
                rows = [{"index": i, "embedding": v} for i, v in enumerate(vectors or [])]
                usage = {"prompt_tokens": 1, "total_tokens": 1}
                self.wfile.write(
                    json.dumps({"data": rows, "model": asked["model"], "usage": usage}).encode()
                )

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


async def test_its_vectors_come_back_in_order_and_at_unit_length(serve):
    address = serve(lambda texts: [[3.0 * len(text), 4.0 * len(text)] for text in texts])

    model = embeddings_of(base_url=address, model="two")

    assert (model.model_id, model.dimension) == ("two@2", 2)
    assert np.allclose(await model.vectors(["a", "bb"]), [[0.6, 0.8], [0.6, 0.8]])


async def test_a_model_that_fails_says_what_to_check(serve):
    model = embeddings_of(base_url=serve(lambda _: None), model="down", dimensions=2)

    with pytest.raises(EmbeddingModelUnavailable, match="_API_KEY"):
        await model.vectors(["a"])


async def test_other_dimensions_than_configured_are_refused(serve):
    address = serve(lambda texts: [[1.0, 0.0] for _ in texts])
    model = embeddings_of(base_url=address, model="two", dimensions=3)

    with pytest.raises(EmbeddingModelMismatch, match="HEADWATER_EMBEDDING_DIMENSIONS"):
        await model.vectors(["a"])


def test_an_address_without_a_model_is_refused():
    with pytest.raises(EmbeddingModelMismatch, match="HEADWATER_EMBEDDING_MODEL"):
        embeddings_of(base_url="http://127.0.0.1:9/v1")


def test_without_an_address_the_built_in_model_serves():
    model = embeddings_of()

    assert isinstance(model, MiniLM)
    assert model.dimension == 384


async def test_a_hosted_model_searches_a_catalog(serve, catalog, counting_model):
    def answer(texts: list[str]) -> list[list[float]]:
        return counting_model.embed(texts)[:, :64].tolist()

    model = embeddings_of(base_url=serve(answer), model="short")
    await SearchIndex(catalog.pool, model).refresh()

    result = await Search(catalog.pool, model).search(
        SearchQuery(text="temperature of cold stores")
    )
    assert result.discovered[0].source.name == "iot.temperature"
    assert result.embedding_model == "short@64"
