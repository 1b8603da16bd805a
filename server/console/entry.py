"""What the console consists of: its pages, and the places they have in the navigation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from fastapi import APIRouter

from server.console import pages
from server.console.address import BASE


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the navigation. `path` is below /console; entries stand by `order`: Home 0,
    Sources 10, Products 15, Recommendations 20, Create 30, Approvals 40, Access 45, Alerts 50,
    Dashboard 60, Lineage 70, Usage 80, Costs 90, Audit 100, API keys 110."""

    label: str
    path: str
    icon: str
    order: int

    @property
    def href(self) -> str:
        return BASE + self.path

    def holds(self, path: str) -> bool:
        """Whether a page is below this place."""
        if self.path == "/":
            return path.rstrip("/") == BASE
        return path == self.href or path.startswith(f"{self.href}/")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The modules of a package, by name."""
    for found in sorted(iter_modules(package.__path__), key=lambda each: each.name):
        yield import_module(f"{package.__name__}.{found.name}")


def routers() -> list[APIRouter]:
    return [module.router for module in modules(pages)]


@cache
def entries() -> tuple[Entry, ...]:
    """Of the pages that exist."""
    found = [module.ENTRY for module in modules(pages) if hasattr(module, "ENTRY")]
    return tuple(sorted(found, key=lambda entry: entry.order))
