"""The console in a real browser, on a demo fleet of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.person import Person
from tests.e2e.conftest import Channel, channel, demo
from tests.headwater_process import HeadwaterProcess

__all__ = ["Channel", "channel", "demo"]

_MISSING = "This test clicks: install Chromium (on Debian, apt-get install chromium)."
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Without one these tests are skipped; in CI that is a failure."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        yield started
        started.close()


@pytest.fixture
def joe(browser: Browser, demo: HeadwaterProcess) -> Iterator[Person]:
    """Who asks."""
    with Person.signed_in(browser, demo.catalog, "joe") as person:
        yield person


@pytest.fixture
def jane(browser: Browser, demo: HeadwaterProcess) -> Iterator[Person]:
    """Who decides."""
    with Person.signed_in(browser, demo.catalog, "jane") as person:
        yield person
