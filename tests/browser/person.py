"""Somebody in front of the console."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.node_tools import package

PATIENCE_MS = 60_000
_PICTURES = os.environ.get("HEADWATER_PICTURES")
"""A folder for pictures of what is seen; none are made without one."""


@dataclass
class Person:
    """`page` is what they look at; `errors` is what went wrong in it unseen."""

    page: Page
    console: str
    errors: list[str]

    @classmethod
    @contextmanager
    def signed_in(cls, browser: Browser, catalog: str, name: str) -> Iterator[Person]:
        # The check of accessibility is put into pages that allow no foreign script.
        context = browser.new_context(
            viewport={"width": 1280, "height": 860}, bypass_csp=True, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        person = cls(page, f"{catalog}/console", [])
        page.on("pageerror", lambda error: person.errors.append(str(error)))
        person.go("/sign-in")
        page.get_by_label("Your name").fill(name)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield person
        context.close()
        assert person.errors == []

    def go(self, path: str) -> None:
        self.page.goto(f"{self.console}{path}")

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def clicks(self, role: str, name: str, *, exact: bool = False) -> None:
        self.page.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]

    def follows(self, name: str) -> None:
        self.clicks("link", name)

    def shows(self, picture: str) -> None:
        """Keep a picture, where somebody asked for them, once nothing moves any more."""
        if _PICTURES is not None:
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(path=Path(_PICTURES, f"{picture}.png"), full_page=False)

    def barriers(self) -> list[str]:
        """What keeps people out of this page, by axe: its serious and critical findings."""
        self.page.evaluate(package("axe-core/axe.min.js").read_text())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:150]}"
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
        ]
