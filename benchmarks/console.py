"""How soon pages of the console are there, in a real browser.

    python -m benchmarks.console [--url http://127.0.0.1:8004] [--rounds 40]
    python -m benchmarks.console --sources 10000

Against a Headwater that runs, such as `headwater up --demo`, or against a catalog of its own with
so many made-up sources (those of `benchmarks.search`, in a Postgres that is started unless
HEADWATER_DATABASE_URL names one). Each page is opened so many times in Debian's Chromium; the time
is the browser's own, from the start of the navigation to the end of the page's load event, and to
the first paint of content. The floor, in the same run, is a page of nothing but the server's answer
to /healthz.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import socket
import statistics
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from playwright.sync_api import Page, sync_playwright

from benchmarks.search_fleet import Fleet, store
from benchmarks.settling import settle
from server.app import catalog_app
from server.scratch_database import scratch_database
from server.settings import Settings, load_settings
from tools.db.pool import open_pool
from tools.embeddings.minilm import MiniLM
from tools.search.index import SearchIndex

_NOWHERE = "127.0.0.1:1"
"""Neither Kafka nor a registry is asked for a page."""
PAGES = (
    "/healthz",
    "/console/",
    "/console/search?q=supplier",
    "/console/search?q=where+are+late+deliveries",
    "/console/sources",
    "/console/sources/{source}",
    "/console/dashboard",
)
_LOADED = """() => {
  const at = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return [at.loadEventEnd, paint ? paint.startTime : 0];
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8004")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--sources", type=int, help="of a catalog of its own")
    given = parser.parse_args()
    if given.sources is None:
        measure(given.url, "supplier-events", given.rounds)
    else:
        asyncio.run(_measure_own(given.sources, given.rounds))


async def _measure_own(sources: int, rounds: int) -> None:
    model = MiniLM()
    fleet = list(Fleet(model, sources))
    async with scratch_database(Settings().database_url) as url:
        async with await open_pool(url) as pool:
            await store(pool, fleet, model)
            await SearchIndex(pool, model).refresh()
            async with pool.connection() as connection:
                await settle(connection)
        print(f"{sources:,} sources", flush=True)
        async with _serving(url) as address:
            await asyncio.to_thread(measure, address, fleet[0].document.name, rounds)


@asynccontextmanager
async def _serving(database_url: str) -> AsyncIterator[str]:
    """The catalog as `headwater serve` has it, at a free port; gives its address."""
    app = catalog_app(
        load_settings(
            bootstrap_servers=_NOWHERE,
            schema_registry=f"http://{_NOWHERE}",
            database_url=database_url,
            watchers=0,
        )
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started:  # noqa: ASYNC110 (uvicorn tells of it by this alone)
            await asyncio.sleep(0.1)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await serving


def measure(url: str, source: str, rounds: int) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("No Chromium: on Debian, apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page()
        for path in PAGES:
            address = url + path.format(source=source)
            page.goto(address)
            times = [_timed(page, address) for _ in range(rounds)]
            loaded, painted = zip(*times, strict=True)
            print(f"{path}: loaded {_said(loaded)}, first paint {_said(painted)}", flush=True)
        browser.close()


def _timed(page: Page, url: str) -> tuple[float, float]:
    """Milliseconds to the end of the load event, and to the first paint."""
    answer = page.goto(url, wait_until="load")
    if answer is None or not answer.ok:
        raise SystemExit(f"{url} answered {answer.status if answer else 'nothing'}.")
    page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    loaded, painted = page.evaluate(_LOADED)
    return float(loaded), float(painted)


def _said(times: Sequence[float]) -> str:
    return f"p50 {statistics.median(times):.0f} ms, p95 {_p95(times):.0f} ms"


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[max(-(-95 * len(times) // 100) - 1, 0)]


if __name__ == "__main__":
    main()
