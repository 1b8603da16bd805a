from __future__ import annotations

from typing import Any

import pytest

from core.activity import ActivityKind, title_of
from core.alerts.event import EventKind

KINDS = ActivityKind


@pytest.mark.parametrize(
    ("kind", "subject", "title", "facts", "told"),
    [
        (KINDS.SOURCE_FOUND, "orders", None, {}, "orders was found"),
        (KINDS.SOURCE_GONE, "orders", None, {}, "orders is gone"),
        (
            KINDS.SOURCE_CHANGED, "orders", None, {"lines": 1, "version": 3},
            "The schema of orders changed in 1 place, now version 3",
        ),
        (KINDS.SOURCE_PROMOTED, "orders", "Orders", {}, "orders became the data product Orders"),
        (
            KINDS.SCAN_FINISHED, "7", None, {"total": 1200, "new": 2, "vanished": 0},
            "Scan 7 looked at 1,200 topics: 2 new",
        ),
        (KINDS.SCAN_FINISHED, "7", None, {}, "Scan 7 looked at 0 topics: nothing new"),
        (
            KINDS.PRODUCT_CHANGED, "orders", None, {"action": "product.deprecate"},
            "The data product orders was deprecated",
        ),
        (
            KINDS.PRODUCT_CHANGED, "orders", None, {"action": "product.put"},
            "The data product orders was changed",
        ),
        (
            KINDS.APPROVAL_DECIDED, "apr-1", "Orders", {"verdict": "modify"},
            "The plan of Orders was approved with changes",
        ),
        (
            KINDS.RECOMMENDATION_DISMISSED, "4", None, {},
            "Recommendation 4 was dismissed",
        ),
        (KINDS.ALERT_RESOLVED, "9", "orders: late", {}, "orders: late: resolved"),
    ],
)  # fmt: skip
def test_what_happened_is_told_in_a_line(
    kind: ActivityKind, subject: str, title: str | None, facts: dict[str, Any], told: str
) -> None:
    assert title_of(kind, subject, title, facts) == told


@pytest.mark.parametrize("kind", ActivityKind)
def test_every_kind_is_told_whatever_was_noted(kind: ActivityKind) -> None:
    assert "the-subject" in title_of(kind, "the-subject", None, {}) or kind.about == "alert"


def test_whatever_happens_to_an_alert_has_a_kind() -> None:
    assert {f"alert.{kind.value}" for kind in EventKind} <= {kind.value for kind in ActivityKind}
