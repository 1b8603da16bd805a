"""Answers of the chat as HTML: CommonMark without HTML of its own, without pictures."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from server.console.address import at

_APPROVAL = re.compile(r"apr-[0-9a-f]{12}\Z")


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def rendered(text: str, topics: Collection[str] = ()) -> Markup:
    """`topics` that stand as code, and approvals, are links to their pages."""
    tokens = _parser().parse(text)
    for token in tokens:
        if token.children is not None:
            token.children = [new for old in token.children for new in _linked(old, topics)]
    # Made by the renderer, which escapes all text and lets no HTML of the text through.
    return Markup(_parser().renderer.render(tokens, _parser().options, {}))  # noqa: S704


def _linked(token: Token, topics: Collection[str]) -> list[Token]:
    if token.type != "code_inline":
        return [token]
    if _APPROVAL.match(token.content):
        href = at("approvals", token.content)
    elif token.content in topics:
        href = at("sources", token.content)
    else:
        return [token]
    opened, closed = Token("link_open", "a", 1), Token("link_close", "a", -1)
    opened.attrSet("href", href)
    return [opened, token, closed]
