"""Which samples and labels a Prometheus query asks for, by a real parser of the language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import promql_parser

from server.metrics.page import Metrics

TARGET = frozenset({"job", "instance"})
"""Labels that Prometheus adds to all it scrapes."""
_SUFFIXES = {
    "counter": ("_total",),
    "histogram": ("_bucket", "_sum", "_count"),
    "gauge": ("",),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """`labels` are those of matchers and groupings, over the whole query."""

    samples: frozenset[str]
    labels: frozenset[str]


def exposed() -> dict[str, frozenset[str]]:
    """The labels of each sample that a server can expose."""
    found: dict[str, frozenset[str]] = {"up": TARGET}
    for family in Metrics().described():
        for suffix in _SUFFIXES[family.type]:
            extra = {"le"} if suffix == "_bucket" else set()
            found[family.name + suffix] = TARGET | labels_of(family.name) | extra
    return found


def labels_of(family: str) -> frozenset[str]:
    return frozenset(LABELS.get(family, ()))


def _labels() -> dict[str, tuple[str, ...]]:
    metrics = Metrics()
    counted = {
        metric._name: metric._labelnames
        for part in (metrics.requests, metrics.models)
        for metric in vars(part).values()
        if hasattr(metric, "_labelnames")
    }
    read = {
        family.name: tuple(getattr(family, "_labelnames", ())) for family in metrics.described()
    }
    return {**read, **counted}


LABELS = _labels()


def asked(query: str) -> Asked:
    """Grafana's variables stand for anything. Raises ValueError for what is no PromQL."""
    plain = query.replace("$__rate_interval", "5m").replace("$job", ".*")
    nodes = list(_nodes(promql_parser.parse(plain)))
    selectors = [node for node in nodes if isinstance(node, promql_parser.VectorSelector)]
    matched = {matcher.name for one in selectors for matcher in one.matchers.matchers}
    grouped = {
        label
        for node in nodes
        if isinstance(node, promql_parser.AggregateExpr) and node.modifier is not None
        for label in node.modifier.labels
    }
    named = frozenset(str(one.name) for one in selectors)
    return Asked(named, frozenset(matched | grouped))


def legend_labels(legend: str) -> frozenset[str]:
    return frozenset(re.findall(r"{{\s*(\w+)\s*}}", legend))


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    below = [getattr(node, name, None) for name in ("lhs", "rhs", "expr", "vector_selector")]
    for one in [*below, *getattr(node, "args", ())]:
        if one is not None:
            yield from _nodes(one)
