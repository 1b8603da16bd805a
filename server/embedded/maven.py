"""Gets the pinned files with the user's own Maven, which knows its mirrors, or over HTTP."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from server.embedded.artifacts import Artifact, Bundle, Cache
from server.embedded.errors import ArtifactsMissingError
from server.embedded.java import Java
from server.embedded.progress import Progress, Step
from server.embedded.repository import fetch

_UNITS = {"B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9}
_PARTIAL = re.compile(r"([\d.]+)(?: \w?B)?/([\d.]+) (\w?B)")
_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_ARRIVED = re.compile(r"Downloaded from \S+ \S*/(\S+) ")


@dataclass(frozen=True, slots=True)
class Downloads:
    """Where bundles come from. A `repository` URL is used directly; else `mvn` is asked."""

    cache: Cache
    java: Java
    repository: str | None
    progress: Progress

    async def folder_of(self, bundle: Bundle) -> Path:
        """The unpacked bundle, downloaded when it is not in the cache yet.

        Raises ArtifactsMissingError, ArtifactDamagedError.
        """
        if found := self.cache.get(bundle):
            return found
        async with self.cache.locked():
            return self.cache.get(bundle) or await self._download(bundle)

    async def _download(self, bundle: Bundle) -> Path:
        with (
            self.cache.staging() as incoming,
            self.progress.step(f"Downloading {bundle.title}", size=True) as step,
        ):
            if self.repository:
                await fetch(bundle, self.repository, incoming, step)
            elif mvn := shutil.which("mvn"):
                await _with_maven(bundle, mvn, self.java, incoming, step)
            else:
                raise ArtifactsMissingError(bundle.title, "there is no mvn on the PATH")
            step.note("checking and unpacking")
            place = await self.cache.put(bundle, incoming)
            step.note(f"{bundle.size / 1e6:.0f} MB")
            return place


async def _with_maven(bundle: Bundle, mvn: str, java: Java, folder: Path, step: Step) -> None:
    pom = folder.with_name("pom.xml")
    pom.write_text(project_of(bundle))
    goal = "dependency:copy-dependencies"
    process = await asyncio.create_subprocess_exec(
        *(mvn, "--file", pom, goal, f"-DoutputDirectory={folder}"),
        "-Dmdep.useRepositoryLayout=true",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=None if shutil.which("java") else {**os.environ, "JAVA_HOME": str(java.home)},
    )
    try:
        errors = await _follow(process, bundle, step)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode != 0:
        raise ArtifactsMissingError(bundle.title, f"mvn said: {errors}")


async def _follow(process: asyncio.subprocess.Process, bundle: Bundle, step: Step) -> str:
    """Shows Maven's transfers while it runs; returns its first error."""
    arrived = Arrivals(bundle)
    errors: deque[str] = deque(maxlen=1)
    async for line in _lines(process.stdout):
        arrived.read(line)
        step.advance_to(arrived.bytes, bundle.size)
        if "ERROR" in line and not errors:
            errors.append(_COLOURS.sub("", line).replace("[ERROR]", "").strip())
    await process.wait()
    return errors[0] if errors else f"exit code {process.returncode}"


async def _lines(stream: asyncio.StreamReader | None) -> AsyncIterator[str]:
    """Lines that end with a line feed or, as Maven's counters do, with a carriage return."""
    rest = ""
    while stream and (chunk := await stream.read(4096)):
        *whole, rest = re.split(r"[\r\n]+", rest + chunk.decode(errors="replace"))
        for line in whole:
            yield line


@dataclass(slots=True)
class Arrivals:
    """How much of a bundle has come, from the lines that Maven prints."""

    bundle: Bundle
    _done: set[str] = field(default_factory=set)
    _under_way: float = 0

    @property
    def bytes(self) -> float:
        whole = sum(item.size for item in self.bundle.artifacts if item.name in self._done)
        return min(whole + self._under_way, self.bundle.size)

    def read(self, line: str) -> None:
        if line.startswith("Progress"):
            parts = _PARTIAL.findall(line)
            self._under_way = sum(float(done) * _UNITS.get(unit, 0) for done, _, unit in parts)
        elif found := _ARRIVED.match(line):
            self._done.add(found[1])
            self._under_way = 0


def project_of(bundle: Bundle) -> str:
    """A Maven project that needs the bundle's files and nothing that those need."""
    dependencies = "\n".join(_dependency(artifact) for artifact in bundle.artifacts)
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>headwater</groupId><artifactId>embedded</artifactId><version>1</version>"
        f"<dependencies>{dependencies}</dependencies></project>"
    )


def _dependency(artifact: Artifact) -> str:
    classifier = f"<classifier>{artifact.classifier}</classifier>" if artifact.classifier else ""
    return (
        f"<dependency><groupId>{artifact.group_id}</groupId>"
        f"<artifactId>{artifact.artifact_id}</artifactId><version>{artifact.version}</version>"
        f"<type>{artifact.type}</type>{classifier}<exclusions><exclusion><groupId>*</groupId>"
        "<artifactId>*</artifactId></exclusion></exclusions></dependency>"
    )
