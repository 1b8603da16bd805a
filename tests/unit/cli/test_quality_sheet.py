"""The quality of topics as a terminal of 80 columns shows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from core.alerts.finding import Position
from core.quality.rule import Dimension, Metric, QualityRule, Severity
from core.quality.score import RuleScore, Score, Slice
from core.quality.summary import Basis, LiveQuality, QualitySummary
from server.cli import quality, watch
from server.cli.quality_sheet import in_a_line, show_sheet

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
LONG = "prod.procurement.europe.supplier-master-events-with-a-long-name.v12"


def rule(field: str, broken: int, **more: Any) -> RuleScore:
    known = QualityRule(
        id=f"{field}-range", metric=Metric.RANGE, field=field, minimum=1, maximum=5, reason="told",
        **more,
    )  # fmt: skip
    return RuleScore(
        rule=known,
        dimension=Dimension.VALIDITY,
        broken=broken,
        checked=2_000,
        share=1 - broken / 2_000,
        positions=(Position(partition=0, offset=17, excerpt="number 99"),),
    )


def score(**more: Any) -> Score:
    given: dict[str, Any] = {
        "source": "supplier-events",
        "since": NOON - timedelta(hours=24),
        "until": NOON,
        "basis": Basis.INFERRED,
        "score": 0.971,
        "records": 2_000,
        "bad": 58,
        "skipped": 0,
        "sampled": 1.0,
        "unread": {"broken_payload": 3},
        "tombstones": 0,
        "dimensions": {Dimension.VALIDITY: 0.981},
        "rules": (
            rule("rating", 35, inferred=True),
            rule("weight", 2, severity=Severity.WARNING),
            rule("size", 0),
        ),
        "previous": 0.985,
        "history": (
            Slice(start=NOON - timedelta(hours=2), minutes=60, records=1_000, bad=8),
            Slice(start=NOON - timedelta(hours=1), minutes=60, records=1_000, bad=50),
        ),
        "updated_at": NOON,
        "lag": 0,
    }
    return Score(**{**given, **more})


def drawn(shown: Any) -> str:
    console = Console(width=80, force_terminal=False, color_system=None, record=True)
    if isinstance(shown, Score):
        show_sheet(console, shown)
    else:
        console.print(shown)
    text = console.export_text()
    assert all(len(line) <= 80 for line in text.splitlines()), text
    return text


def test_a_score_says_what_it_rests_on() -> None:
    text = drawn(score())

    for told in (
        "supplier-events  97.1%  against inferred rules",
        "1,942 of 2,000 are good, in 24 hours",
        "validity 98.1%",
        "··········" + "············█▅  98.5% before: 1.4 points lower now",
        "3 broken payload",
        "rating is at least 1 and at most 5 (inferred)",
        "weight is at least 1 and at most 5 (warning)",
        "0@17 number 99",
        "0 records wait",
    ):
        assert told in text, text
    assert "size" not in text, "a rule that nothing broke"


def test_a_sample_says_so() -> None:
    text = drawn(score(skipped=6_000, sampled=0.25))

    assert "25.0% of all were looked at" in " ".join(text.split())


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"updated_at": None, "lag": None}, "no score: it is not watched yet"),
        ({"lag": 1}, "no score: no record was counted in this time"),
    ],
)
def test_no_score_has_a_reason(more: dict[str, Any], told: str) -> None:
    empty = {"score": None, "records": 0, "bad": 0, "dimensions": {}, "rules": (), "history": ()}

    assert told in drawn(score(**{**empty, **more}))


def test_names_from_messages_move_no_cursor() -> None:
    hostile = rule("a", 5)
    named = hostile.rule.model_copy(update={"field": "a\x1b[2J"})
    text = drawn(score(rules=(hostile.model_copy(update={"rule": named}),)))

    assert "\x1b" not in text
    assert "a\N{REPLACEMENT CHARACTER}[2J is at least" in text


def summary(name: str, share: float | None, previous: float | None = None) -> QualitySummary:
    return QualitySummary(
        source=name, score=share, previous=previous, records=0 if share is None else 1_000,
        bad=0, sampled=1.0, basis=Basis.INFERRED, updated_at=NOON, lag=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "previous", "told"),
    [
        (0.971, 0.985, "97.1%, 1.4 points lower than the day before, against inferred rules"),
        (0.971, 0.971, "97.1%, the same as the day before, against inferred rules"),
        (0.99999, None, "99.9%, against inferred rules"),
        (None, None, "nothing was counted in the last 24 hours"),
    ],
)
def test_a_line_tells_score_change_and_basis(
    share: float | None, previous: float | None, told: str
) -> None:
    assert in_a_line(summary("x", share, previous)) == told


def live(name: str, share: float | None, alerts: int = 0) -> LiveQuality:
    return LiveQuality(
        source=name, score=share, records=300, bad=3, records_per_second=1234.5, sampled=1.0,
        lag=None, updated_at=NOON, trend=(0.9, None, share), alerts=alerts,
    )  # fmt: skip


def test_what_has_alerts_comes_first_then_what_flows_the_worst_of_it_on_top() -> None:
    found = [live("quiet", None), live("good", 0.99), live("bad", 0.5), live("alarmed", 1.0, 1)]
    scores = {"quiet": summary("quiet", 0.2)}

    ordered = [each.source for each in watch.in_order(found, scores)]

    assert ordered == ["alarmed", "bad", "good", "quiet"]


def test_a_look_at_all_topics_fits_80_columns() -> None:
    text = drawn(
        watch.table([live(LONG, 0.5, 3), live("b", None)], {"b": summary("b", 1.0)}, 1, 80)
    )

    assert "50.0%" in text
    assert "1,234" in text
    assert "prod.procurement" in text
    assert "█·▁" in text
    assert "1 not shown" in text


def test_a_list_of_all_topics_fits_80_columns() -> None:
    text = drawn(quality.ranking([summary(LONG, 0.55, 0.6), summary("b", None)], 5))

    assert "▼ 5.0" in text
    assert "3 more: --limit 5" in text
