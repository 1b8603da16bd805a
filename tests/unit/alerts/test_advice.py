"""What to do about an alert follows from what broke and what came with it."""

from __future__ import annotations

import pytest

from core.alerts.advice import steps
from core.alerts.alert import Alert
from core.alerts.deeds import acknowledge, resolve
from core.alerts.finding import Position
from core.quality.rule import Metric
from tests.unit.alerts.looks import Stream, at, finding

HERE = (Position(partition=2, offset=40, excerpt="null"),)


def alert(**more: object) -> Alert:
    stream = Stream()
    stream.look(0, finding(**more))
    (found,) = stream.alerts.values()
    return found


def told(found: Alert, schemas: tuple[str, ...] = (), teams: tuple[str, ...] = ()) -> str:
    return " ".join(steps(found, schemas, teams))


def test_a_schema_that_came_with_it_is_the_first_suspect() -> None:
    said = steps(alert(), ("7",), ("billing", "risk"))

    assert "group:default/orders whether a producer was deployed: schema id 7" in said[0]
    assert "Tell those who consume it: billing and risk." in said


@pytest.mark.parametrize(
    ("metric", "says"),
    [
        (Metric.FRESHNESS, "whether the producer runs"),
        (Metric.LAG, "the consumer group that is behind"),
        (Metric.DISTRIBUTION, "a changed unit"),
        (Metric.UNIQUE, "without idempotence"),
    ],
)
def test_each_trouble_has_its_own_next_step(metric: Metric, says: str) -> None:
    assert says in told(alert(metric=metric))
    assert "deployed" not in told(alert(metric=metric))


def test_a_record_is_pointed_at_where_one_is_known() -> None:
    assert "partition 2, offset 40" in told(alert(positions=HERE))
    assert "Look at one of its records" not in told(alert())


def test_an_inferred_rule_may_be_wrong() -> None:
    assert "stated by nobody" in told(alert(inferred=True))
    assert "stated by nobody" not in told(alert())


def test_what_is_done_is_not_asked_for() -> None:
    open_one = alert()
    taken, ended = acknowledge(open_one, "me", at(9), None), resolve(open_one, "me", at(9), "over")
    assert taken is not None
    assert ended is not None

    assert "headwater alerts ack" in told(open_one)
    assert "headwater alerts ack" not in told(taken.alert)
    assert steps(ended.alert, (), ()) == ("Nothing: it is resolved.",)
