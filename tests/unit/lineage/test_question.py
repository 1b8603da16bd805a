"""Questions about lineage, read off their words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from graph.models.offline.question import Ask, read

NOW = datetime(2026, 6, 1, tzinfo=UTC)
BEFORE = [["fraud-alerts"]]


@pytest.mark.parametrize(
    ("text", "ask", "name", "field", "direction"),
    [
        ("who breaks if supplier-events changes?", Ask.IMPACT, "supplier-events", None, None),
        (
            "If I change supplier-events, who is affected?",
            Ask.IMPACT,
            "supplier-events",
            None,
            None,
        ),
        ("what would break if web.clicks went away", Ask.IMPACT, "web.clicks", None, None),
        ("what is the impact of changing web.clicks", Ask.IMPACT, "web.clicks", None, None),
        ("what depends on web.clicks", Ask.IMPACT, "web.clicks", None, None),
        (
            "who breaks if the field contact_email of supplier-events is renamed?",
            Ask.IMPACT,
            "supplier-events",
            "contact_email",
            None,
        ),
        (
            "which teams are affected when the rating column in supplier-events changes type",
            Ask.IMPACT,
            "supplier-events",
            "rating",
            None,
        ),
        ("who breaks if it changes", Ask.IMPACT, "fraud-alerts", None, None),
        ("where does supplier-events come from?", Ask.LINEAGE, "supplier-events", None, "upstream"),
        ("where does it come from", Ask.LINEAGE, "fraud-alerts", None, "upstream"),
        ("what is upstream of web.clicks", Ask.LINEAGE, "web.clicks", None, "upstream"),
        ("what feeds web.clicks", Ask.LINEAGE, "web.clicks", None, "upstream"),
        ("where does web.clicks go", Ask.LINEAGE, "web.clicks", None, "downstream"),
        ("show me the lineage of web.clicks", Ask.LINEAGE, "web.clicks", None, None),
    ],
)
def test_what_is_asked_of_lineage_is_read_off(
    text: str, ask: Ask, name: str, field: str | None, direction: str | None
) -> None:
    found = read(text, BEFORE, NOW)

    assert (found.ask, found.name, found.field, found.direction) == (ask, name, field, direction)


def test_a_topic_that_is_only_described_is_searched_for_by_its_words() -> None:
    found = read("where does the supplier master data come from?", [], NOW)

    assert (found.ask, found.name, found.text) == (Ask.LINEAGE, None, "supplier master")


@pytest.mark.parametrize(
    "text",
    [
        "who consumes supplier-events",
        "what changed in supplier-events since last week",
        "what is in order-events?",
        "which topics have customer phone numbers?",
        "I need real-time data about deliveries",
        "where can I get machine temperatures from",
        "describe supplier-events",
    ],
)
def test_other_questions_stay_what_they_were(text: str) -> None:
    assert read(text, BEFORE, NOW).ask not in (Ask.LINEAGE, Ask.IMPACT)
