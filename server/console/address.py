"""Addresses within the console, made of parts that are quoted whatever they hold."""

from __future__ import annotations

from urllib.parse import quote, urlencode

BASE = "/console"


def at(*parts: object, **query: object) -> str:
    """`at("sources", name, tab="schema")`; what is None or empty is left out of the query."""
    path = "/".join(quote(str(part), safe="") for part in parts)
    given = {
        key: str(value).lower() if isinstance(value, bool) else value
        for key, value in query.items()
        if value is not None and value != ""
    }
    return f"{BASE}/{path}" + (f"?{urlencode(given)}" if given else "")


def own(address: str | None) -> str:
    """The address where it is one of the console's own, else its home: nobody is sent elsewhere."""
    given = address or ""
    inside = given == BASE or given.startswith(f"{BASE}/")
    plain = all(char.isprintable() and char != "\\" for char in given)
    return given if inside and plain else at("")
