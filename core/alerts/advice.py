"""What to do about an alert, by what broke and what came with it."""

from __future__ import annotations

from collections.abc import Sequence

from core.alerts.alert import Alert, AlertFinding, AlertStatus
from core.listing import joined
from core.quality.rule import Metric

_MOST = 3

_STEPS = {
    Metric.FRESHNESS: "See whether the producer runs and reaches Kafka: nothing newer has come.",
    Metric.ROWS: "See whether all producers run: other numbers of records come than must.",
    Metric.VOLUME: "See whether all producers run, and whether something changed in what they "
    "send: the volume is not what is usual at this time.",
    Metric.LAG: "Look at the consumer group that is behind: add instances, or find what holds it "
    "up.",
    Metric.TIMELINESS: "Compare the producer's clock with the broker's, and look for a backlog "
    "before the producer.",
    Metric.UNIQUE: "Look for a producer that sends again without idempotence; until it is found, "
    "consumers have to drop repeats by their key.",
    Metric.ORDER: "See whether the producer's key is still the one that keeps its events in order.",
    Metric.SCHEMA_DRIFT: "Ask for the producer's release notes: compare the versions of the "
    "schema before consumers meet the new one.",
    Metric.DISTRIBUTION: "Compare the values with those of before: a changed unit or mapping looks "
    "like this.",
    Metric.NULL_RATE: "See what fills this field before the producer: it finds less than it did.",
    Metric.DEAD_LETTERS: "Read the headers of the dead letters: they name the reason and the place "
    "of the record that failed.",
}


def steps(alert: Alert, new_schemas: Sequence[str], teams: Sequence[str]) -> tuple[str, ...]:
    """The most telling first. `new_schemas` are ids that came with it and were not seen before;
    `teams` consume the source."""
    if not alert.active:
        return ("Nothing: it is resolved.",)
    told = [*_of_schemas(alert, new_schemas), *_of_findings(alert)]
    if all(finding.inferred for finding in alert.findings):
        told.append(
            "Its rules were inferred from the stream and stated by nobody: where the change is "
            "meant, mute the alert and state the rule that holds from now on."
        )
    if teams:
        told.append(f"Tell those who consume it: {joined(list(teams))}.")
    if alert.status is not AlertStatus.ACKNOWLEDGED:
        told.append(f"Say that you look after it: `headwater alerts ack {alert.id}`.")
    return tuple(told)


def _of_schemas(alert: Alert, new: Sequence[str]) -> list[str]:
    if not new:
        return []
    ids = f"schema id{'' if len(new) == 1 else 's'} {joined(list(new))}"
    owner = alert.team or "whoever produces to it"
    return [
        f"Ask {owner} whether a producer was deployed: {ids} came with it, and not before. Roll it "
        "back, or bring the rules up to date where the change is meant."
    ]


def _of_findings(alert: Alert) -> list[str]:
    broken = [each for each in alert.findings if each.held_since is None] or alert.findings
    told = dict.fromkeys(_STEPS[each.metric] for each in broken if each.metric in _STEPS)
    return [*_records(broken), *list(told)[:_MOST]]


def _records(broken: Sequence[AlertFinding]) -> list[str]:
    """Where to look, of what single records show."""
    places = [place for each in broken for place in each.positions]
    if not places:
        return []
    place = places[0]
    return [
        f"Look at one of its records, such as partition {place.partition}, offset "
        f"{place.offset}, and at what produced it."
    ]
