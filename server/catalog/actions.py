"""What can be done about something: requests to this API, which answers carry."""

from __future__ import annotations

from urllib.parse import quote

from pydantic import BaseModel, ConfigDict


class Action(BaseModel):
    """A step that can be taken."""

    model_config = ConfigDict(frozen=True)
    name: str
    method: str
    path: str


def comparing(left: str, right: str) -> Action:
    path = f"/sources/{_path(left)}/comparison/{_path(right)}"
    return Action(name="compare", method="GET", path=path)


def promoting(name: str) -> Action:
    return Action(name="promote", method="POST", path=f"/sources/{_path(name)}/promote")


def _path(name: str) -> str:
    return quote(name, safe="")
