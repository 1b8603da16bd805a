"""Styles, scripts and pictures: read once, addressed by their hash, kept by browsers for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

from server.console.address import BASE
from server.problems import ProblemError

router = APIRouter()

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}

STYLE = "console.css"
"""All of `styles/` in one, in the order of their names."""

_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True)
class Assets:
    """`version` is one hash of all, so that modules find each other beside themselves."""

    version: str
    contents: dict[str, bytes]

    def address(self, name: str) -> str:
        """Raises KeyError for a file that is not there."""
        self.contents[name]
        return f"{BASE}/static/{self.version}/{name}"


@cache
def assets() -> Assets:
    found = {
        each.name: each.read_bytes()
        for each in sorted(files("server.console").joinpath("static").iterdir(), key=str)
        if each.name.rpartition(".")[2] in _TYPES
    }
    styles = sorted(files("server.console").joinpath("styles").iterdir(), key=str)
    found[STYLE] = b"\n".join(each.read_bytes() for each in styles)
    digest = hashlib.sha256()
    for name, content in found.items():
        digest.update(name.encode() + b"\0" + content)
    return Assets(digest.hexdigest()[:12], found)


@router.get("/static/{version}/{name}")
async def static(version: str, name: str) -> Response:
    """An older version's address gets the file of now, and does not keep it."""
    kept = assets()
    content = kept.contents.get(name)
    if content is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "asset-not-found", "There is no such file.")
    headers = _KEPT if version == kept.version else {"Cache-Control": "no-store"}
    return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
