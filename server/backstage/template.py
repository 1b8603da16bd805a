"""The scaffolder template, filled in for this server."""

from __future__ import annotations

from importlib.resources import files
from string import Template


def template(*, owner: str, proxy: str, catalog: str) -> str:
    """`proxy` is a path of Backstage such as `/proxy/headwater`, `catalog` a URL for people."""
    text = (files("server.backstage") / "template.yaml").read_text(encoding="utf-8")
    return Template(text).substitute(owner=owner, proxy=proxy, catalog=catalog)
