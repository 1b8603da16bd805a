"""What a request is called wherever it is told of: never by a caller's own words."""

from __future__ import annotations

from starlette.types import Scope

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def method_of(scope: Scope) -> str:
    """What a caller makes up is `other`."""
    method = str(scope["method"])
    return method if method in METHODS else "other"


def template_of(scope: Scope) -> str:
    """The route's path with its parameters' names; "none" where no route took the request."""
    return str(getattr(scope.get("route"), "path", None) or "none")
