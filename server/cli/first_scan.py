"""Waits for the catalog of this process and sees to it that it has looked at the topics."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import httpx

from core.scan import ScanRun
from server.cli.address import address_of
from server.cli.client import identity_of
from server.embedded.progress import Progress, Step
from server.settings import Settings

_POLL_SECONDS = 0.3
_REQUEST_SECONDS = 30.0
_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


async def await_ready(settings: Settings) -> None:
    """Returns when the catalog answers that it can work; patient, for its server may be slow."""
    async with _client(settings) as client:
        await _until_ok(client, "GET", "/readyz")


async def first_scan(settings: Settings, progress: Progress, *, again: bool) -> ScanRun | None:
    """The latest scan, once it has ended; a new one when there was none or `again`. None where this
    command's token may not: the server's worker scans a fresh catalog anyway."""
    async with _client(settings) as client:
        try:
            return await _scanned(client, progress, again=again)
        except _RefusedError:
            return None


class _RefusedError(Exception):
    """The server wants a token, or another one."""


async def _scanned(client: httpx.AsyncClient, progress: Progress, *, again: bool) -> ScanRun:
    run = None if again else await _latest(client)
    if run is None:
        run = ScanRun.model_validate_json((await _until_ok(client, "POST", "/scans")).content)
    if run.ended:
        return run
    with progress.step("Finding out what is in the topics") as step:
        return await _watch(client, run, step)


async def _latest(client: httpx.AsyncClient) -> ScanRun | None:
    items = (await _until_ok(client, "GET", "/scans?limit=1")).json()["items"]
    return ScanRun.model_validate(items[0]) if items else None


async def _watch(client: httpx.AsyncClient, run: ScanRun, step: Step) -> ScanRun:
    while not run.ended:
        await asyncio.sleep(_POLL_SECONDS)
        response = await _until_ok(client, "GET", f"/scans/{run.id}")
        run = ScanRun.model_validate_json(response.content)
        if run.progress.total:
            step.advance_to(run.progress.done, run.progress.total)
    step.note(f"{run.progress.total} topics")
    return run


async def _until_ok(client: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    """Asks until it is answered: while a server below restarts, the catalog says 503."""
    while True:
        try:
            answer = await client.request(method, path)
            if answer.status_code in _REFUSALS:
                raise _RefusedError
            return answer.raise_for_status()
        except httpx.HTTPError:
            await asyncio.sleep(_POLL_SECONDS)


def _client(settings: Settings) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=address_of(settings),
        timeout=_REQUEST_SECONDS,
        trust_env=False,
        headers=identity_of(settings),
    )
