"""How soon pages of the console are there, in a real browser.

    python -m benchmarks.console [--url http://127.0.0.1:8004] [--rounds 40]

Against a Headwater that runs, such as `headwater up --demo`. Each page is opened so many times in
Debian's Chromium; the time is the browser's own, from the start of the navigation to the end of
the page's load event, and to the first paint of content. The floor, in the same run, is a page of
nothing but the server's answer to /healthz.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from collections.abc import Sequence

from playwright.sync_api import Page, sync_playwright

PAGES = (
    "/healthz",
    "/console/",
    "/console/search?q=supplier",
    "/console/search?q=where+are+late+deliveries",
    "/console/sources",
    "/console/sources/supplier-events",
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
    given = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("No Chromium: on Debian, apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        page = browser.new_page()
        for path in PAGES:
            page.goto(given.url + path)
            times = [_timed(page, given.url + path) for _ in range(given.rounds)]
            loaded, painted = zip(*times, strict=True)
            print(f"{path}: loaded {_said(loaded)}, first paint {_said(painted)}", flush=True)
        browser.close()


def _timed(page: Page, url: str) -> tuple[float, float]:
    """Milliseconds to the end of the load event, and to the first paint."""
    page.goto(url, wait_until="load")
    page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    loaded, painted = page.evaluate(_LOADED)
    return float(loaded), float(painted)


def _said(times: Sequence[float]) -> str:
    return f"p50 {statistics.median(times):.0f} ms, p95 {_p95(times):.0f} ms"


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[max(-(-95 * len(times) // 100) - 1, 0)]


if __name__ == "__main__":
    main()
