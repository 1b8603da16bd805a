"""Which files the embedded Kafka and registry are made of, pinned by SHA-256, and their cache."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import tarfile
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import IO

from server.embedded.errors import ArtifactDamagedError, DataDirUnusableError

_LOCK_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Artifact:
    """`path` is the place in a Maven repository; `size` is in bytes."""

    path: PurePosixPath
    sha256: str
    size: int

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def version(self) -> str:
        return self.path.parent.name

    @property
    def artifact_id(self) -> str:
        return self.path.parent.parent.name

    @property
    def group_id(self) -> str:
        return ".".join(self.path.parent.parent.parent.parts)

    @property
    def type(self) -> str:
        return "tar.gz" if self.name.endswith(".tar.gz") else self.path.suffix[1:]

    @property
    def classifier(self) -> str:
        stem = self.name.removesuffix(f".{self.type}")
        return stem.removeprefix(f"{self.artifact_id}-{self.version}").removeprefix("-")

    def verify(self, file: Path) -> None:
        """Raises ArtifactDamagedError when the file is another one."""
        with file.open("rb") as stream:
            actual = hashlib.file_digest(stream, "sha256").hexdigest()
        if actual != self.sha256:
            raise ArtifactDamagedError(self.name, self.sha256, actual)


@dataclass(frozen=True)
class Bundle:
    """The files of one server; `title` is how a person knows it."""

    name: str
    title: str
    artifacts: tuple[Artifact, ...]

    @cached_property
    def size(self) -> int:
        return sum(artifact.size for artifact in self.artifacts)

    @cached_property
    def folder(self) -> str:
        """Changes with its contents, so that versions lie beside each other in the cache."""
        pins = "".join(artifact.sha256 for artifact in self.artifacts)
        return f"{self.name}-{hashlib.sha256(pins.encode()).hexdigest()[:12]}"

    def verify(self, folder: Path) -> None:
        for artifact in self.artifacts:
            artifact.verify(folder / artifact.path)


def read_bundle(name: str, title: str) -> Bundle:
    """The section `name` of artifacts.lock."""
    section = ""
    artifacts = []
    for line in (files(__package__) / "artifacts.lock").read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif section == name:
            sha256, size, path = line.split()
            artifacts.append(Artifact(PurePosixPath(path), sha256, int(size)))
    return Bundle(name, title, tuple(artifacts))


class Cache:
    """A folder that all data folders share. Whole bundles appear in it, or nothing."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, bundle: Bundle) -> Path | None:
        place = self._folder / bundle.folder
        return place if place.is_dir() else None

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """One process or task at a time fills the cache; the others find its work done."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / "lock").open("w")
        except OSError as error:
            raise DataDirUnusableError(self._folder, str(error.strerror)) from error
        with lock:
            # No event tells when another process lets go.
            while not _taken(lock):  # noqa: ASYNC110
                await asyncio.sleep(_LOCK_POLL_SECONDS)
            yield

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """An empty folder on the cache's own disk, removed at the end."""
        with tempfile.TemporaryDirectory(prefix="incoming-", dir=self._folder) as folder:
            incoming = Path(folder) / "files"
            incoming.mkdir()
            yield incoming

    async def put(self, bundle: Bundle, incoming: Path) -> Path:
        """Verify the downloaded files, unpack archives, and move the whole into place."""
        return await asyncio.to_thread(self.put_now, bundle, incoming)

    def put_now(self, bundle: Bundle, incoming: Path) -> Path:
        bundle.verify(incoming)
        for artifact in bundle.artifacts:
            if artifact.type == "tar.gz":
                with tarfile.open(incoming / artifact.path) as archive:
                    archive.extractall(incoming / bundle.name, filter="data")
                (incoming / artifact.path).unlink()
        return incoming.rename(self._folder / bundle.folder)


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
