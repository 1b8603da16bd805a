"""Names that Backstage takes: one for each thing, and never the same for two.

Backstage allows 63 characters, takes `Orders` and `orders` for one name, and wants a letter or a
digit at both ends. A name that already is so stays as it is; any other is made so and ends in a
part of its SHA-256. A name that looks as if it ended so is treated like the others: none can be
taken for one that was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

LONGEST = 63
DEFAULT_NAMESPACE = "default"

_DIGITS = 12
_STEM = LONGEST - _DIGITS - 1
_MADE = re.compile(rf".*-[0-9a-f]{{{_DIGITS}}}")
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_REFERENCE = re.compile(r"(group|user):([^/:]+)/([^/:]+)")


def object_name(text: str) -> str:
    """The name of an entity: `risk.scores.v1` as it is, `Orders` as `orders-<12 hex digits>`."""
    return _fitting(text, _NAME, r"[^a-z0-9._-]+")


def namespace_of(cluster: str) -> str:
    """A cluster's namespace, a DNS label; that of the cluster `default` is Backstage's own."""
    return _fitting(cluster, _LABEL, r"[^a-z0-9]+")


def tags_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags in the signs that Backstage allows, each once; what has none of them is left out."""
    plain = (re.sub(r"[^a-z0-9+#]+", "-", tag.lower())[:LONGEST].strip("-") for tag in tags)
    return tuple(dict.fromkeys(filter(None, plain)))


def team_reference(owner: str) -> tuple[str, str, str] | None:
    """Kind, namespace and name of an owner such as `group:default/fraud-team`; None for no such
    reference. Case tells no two teams apart."""
    found = _REFERENCE.fullmatch(owner.strip().lower())
    return None if found is None else (found[1], namespace_of(found[2]), object_name(found[3]))


def _fitting(text: str, allowed: re.Pattern[str], forbidden: str) -> str:
    if allowed.fullmatch(text) and not _MADE.fullmatch(text):
        return text
    stem = re.sub(forbidden, "-", text.lower())[:_STEM].strip("._-")
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    return f"{stem or 'x'}-{digest}"
