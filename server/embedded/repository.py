"""Fetches pinned files from a Maven repository over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx

from server.embedded.artifacts import Artifact, Bundle
from server.embedded.errors import ArtifactsMissingError, first_of
from server.embedded.progress import Step

_AT_ONCE = 4
_SECONDS = 30


async def fetch(bundle: Bundle, repository: str, folder: Path, step: Step) -> None:
    """Puts all files of the bundle below `folder`; whether they are the right ones is not checked.

    Raises ArtifactsMissingError.
    """
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, follow_redirects=True) as client:
            transfer = _Transfer(client, repository.rstrip("/"), folder, step, bundle.size)
            async with asyncio.TaskGroup() as group:
                for artifact in bundle.artifacts:
                    group.create_task(transfer.fetch(artifact))
    except BaseExceptionGroup as errors:
        error = first_of(errors)
        if isinstance(error, httpx.HTTPError | httpx.InvalidURL):
            reason = str(error) or type(error).__name__
            raise ArtifactsMissingError(bundle.title, reason) from error
        raise error from None


class _Transfer:
    def __init__(
        self, client: httpx.AsyncClient, repository: str, folder: Path, step: Step, total: int
    ) -> None:
        self._client = client
        self._repository = repository
        self._folder = folder
        self._step = step
        self._total = total
        self._arrived = 0
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, artifact: Artifact) -> None:
        """Stops at the first byte beyond the expected size: the file is another one then."""
        place = self._folder / artifact.path
        place.parent.mkdir(parents=True, exist_ok=True)
        left = artifact.size
        url = f"{self._repository}/{artifact.path}"
        async with self._places, self._client.stream("GET", url) as response:
            response.raise_for_status()
            with place.open("wb") as file:
                async for piece in response.aiter_bytes():
                    file.write(piece)
                    left -= len(piece)
                    if left < 0:
                        return
                    self._arrived += len(piece)
                    self._step.advance_to(self._arrived, self._total)
