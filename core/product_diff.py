"""What changed between two versions of a product, its contract included."""

from __future__ import annotations

from collections.abc import Iterator

from core.contract.diff import contract_diff
from core.contract.document import OdcsDocument
from core.product import DataProduct
from core.versioning import Bump, Difference, difference

_TEXTS = ("name", "description", "domain", "owner")
_SHOWN = 60


def product_diff(
    before: DataProduct,
    after: DataProduct,
    contract_before: OdcsDocument | None = None,
    contract_after: OdcsDocument | None = None,
) -> tuple[Difference, ...]:
    """Readable lines, breaking ones first; the lifecycle is a state and no part of a version."""
    found = [*_ports(before, after), *_words(before, after)]
    found += contract_diff(contract_before, contract_after)
    return tuple(sorted(found, key=lambda each: -Bump[each.bump.upper()]))


def _ports(before: DataProduct, after: DataProduct) -> Iterator[Difference]:
    for port in before.ports:
        if port not in after.ports:
            yield difference(f"output port {port.topic}: removed", Bump.MAJOR)
    for port in after.ports:
        if port not in before.ports:
            yield difference(f"output port {port.topic}: added", Bump.MINOR)


def _words(before: DataProduct, after: DataProduct) -> Iterator[Difference]:
    for name in _TEXTS:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield difference(f"{name}: {_short(was)} became {_short(now)}", Bump.PATCH)
    if before.documentation != after.documentation:
        yield difference("documentation: changed", Bump.PATCH)
    if set(before.tags) != set(after.tags):
        yield difference(f"tags: {_tags(before, after)}", Bump.PATCH)


def _tags(before: DataProduct, after: DataProduct) -> str:
    come = [tag for tag in after.tags if tag not in before.tags]
    gone = [tag for tag in before.tags if tag not in after.tags]
    said = [f"added {', '.join(come)}"] * bool(come) + [f"removed {', '.join(gone)}"] * bool(gone)
    return "; ".join(said)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return f"“{plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + '…'}”"
