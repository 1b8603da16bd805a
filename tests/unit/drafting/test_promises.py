"""How long, how soon, how old, in which order, and only the latest."""

from __future__ import annotations

import pytest

from core.drafting.promises import Promises, heard
from core.drafting.prose import sentences

DAY = 86_400_000


def promised(text: str) -> Promises:
    promises = Promises()
    for sentence in sentences(text):
        heard(promises, sentence)
    return promises


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Keep for two years.", 730),
        ("retain for thirteen months", 395.7),
        ("90 days is plenty", 90),
        ("A week's retention.", 7),
        ("No retention wish, keep the usual week", 7),
        ("three days' history", 3),
        ("Seven years.", 2555),
        ("history for 1 quarter", 91.3),
        ("kept 1 year and 6 months", 547.6),
        ("Deleted after 36 months.", 1095.75),
        ("After 2 years the data has to go.", 730),
        ("billing needs three years", 1095),
        ("The regulator says 6 months and not a day longer.", 182.6),
        ("nobody needs it after 72 hours", 3),
        ("Only 30 days please.", 30),
        ("Retention: 30d; latency: 200ms", 30),
        ("10 Jahre aufbewahren", 3650),
        ("Aufbewahrung 14 Tage", 14),
        ("fifteen months retetnion", 456.6),
    ],
)
def test_how_long_is_heard(text: str, days: float) -> None:
    retention = promised(text).retention

    assert retention is not None
    assert retention.value / DAY == pytest.approx(days, rel=0.01)


@pytest.mark.parametrize(
    "text",
    ["keep forever", "Never delete.", "stored indefinitely", "Nothing is ever deleted.",
     "retained without time limit", "no expiry", "keep until further notice"],
)  # fmt: skip
def test_forever_is_heard(text: str) -> None:
    retention = promised(text).retention

    assert retention is not None
    assert retention.value == -1


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("Consumers need it in < 100 ms.", 100),
        ("must lag by no more than two seconds", 2_000),
        ("Must be readable within half a second", 500),
        ("moderators react within 10s", 10_000),
        ("Sale must show on the seat map in under 1 sec", 1_000),
        ("p99 latency below 20 ms", 20),
        ("50ms end to end", 50),
        ("a delay of one hour is acceptable", 3_600_000),
        ("alerted no later than 10 s after the alarm", 10_000),
        ("dashboards tolerate 15 minutes", 900_000),
    ],
)
def test_how_soon_is_heard(text: str, ms: float) -> None:
    found = promised(text)

    assert found.latency is not None
    assert found.latency.value == ms
    assert found.retention is None


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("a reading older than 30 seconds is useless", 30_000),
        ("late data beyond 20 minutes counts as missing", 1_200_000),
        ("Ignore anything that shows up more than a minute late.", 60_000),
    ],
)
def test_how_old_is_too_old_is_heard(text: str, ms: float) -> None:
    found = promised(text).timeliness

    assert found is not None
    assert found.value == ms


@pytest.mark.parametrize(
    "text",
    ["one reading every ten seconds", "15-minute averages per meter", "a warranty of 24 months",
     "4 million scans a day", "returned within 30 days of purchase", "rolling 7 days", "0 seconds"],
)  # fmt: skip
def test_other_spans_of_time_promise_nothing(text: str) -> None:
    found = promised(text)

    assert (found.retention, found.latency, found.timeliness) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ordering per parcel matters", "parcel"),
        ("readers need order within a pair", "pair"),
        ("key is the booking reference", "booking reference"),
        ("keyed by bike", "bike"),
        ("All events of a truck must arrive in order.", "truck"),
        ("Moves of the same container must stay in sequence.", "container"),
        ("latest grade per supplier is all anyone needs", "supplier"),
        ("The latest version of each hearing is enough.", "hearing"),
    ],
)
def test_what_order_is_kept_within_is_heard(text: str, name: str) -> None:
    assert promised(text).keys[0][0] == (name,)


@pytest.mark.parametrize("text", ["An order consists of an id.", "work order number", "order date"])
def test_an_order_of_goods_is_no_ordering(text: str) -> None:
    assert promised(text).keys == []


@pytest.mark.parametrize(
    ("text", "compacts"),
    [
        ("compacted topic", True),
        ("only the latest state matters", True),
        ("later records replace earlier ones", True),
        ("the newest version of a unit replaces the older", True),
        ("every change is kept, do not compact", False),
        ("we keep the full history", False),
        ("one reading per sensor every ten seconds", False),
    ],
)
def test_only_the_latest_is_heard(text: str, compacts: bool) -> None:
    found = promised(text)

    assert bool(found.compact and not found.uncompacted) is compacts


def test_numbers_of_the_topic_are_heard() -> None:
    found = promised("12 partitions, replication factor 3, full transitive compatibility")

    assert found.partitions is not None
    assert found.partitions.value == 12
    assert found.replication is not None
    assert found.replication.value == 3
    assert found.compatibility is not None
    assert found.compatibility[0] == "FULL_TRANSITIVE"


def test_what_is_said_first_holds() -> None:
    found = promised("Keep 30 days in Kafka. The archive keeps 10 years.")

    assert found.retention is not None
    assert found.retention.value == 30 * DAY
