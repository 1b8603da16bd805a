"""What Postgres knows, read when the page is asked for: the same from every process of a cluster,
so take the maximum over them, not the sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily, Metric
from psycopg.rows import DictRow


@dataclass(frozen=True, slots=True)
class Figure:
    """A gauge: `column` of each row of a query of `figures.sql`, under the row's labels."""

    name: str
    text: str
    query: str
    column: str
    labels: tuple[str, ...] = ()

    def family(self, rows: Iterable[DictRow] = ()) -> Metric:
        family = GaugeMetricFamily(self.name, self.text, labels=self.labels)
        for row in rows:
            if row[self.column] is not None:
                labels = [str(row[label]) for label in self.labels]
                family.add_metric(labels, float(row[self.column]))
        return family


def _gauge(name: str, text: str, source: str, *labels: str) -> Figure:
    query, _, column = source.partition(".")
    return Figure(f"headwater_{name}", text, query, column, labels)


FIGURES: Sequence[Figure] = (
    _gauge("sources", "Present sources by kind", "sources.sources", "kind"),
    _gauge(
        "recommendations_open", "Open recommendations by kind",
        "recommendations.recommendations", "kind",
    ),
    _gauge("scans", "Scans by status, since the catalog began", "scans.scans", "status"),
    _gauge(
        "last_scan_finished_timestamp_seconds", "When the latest finished scan ended",
        "last_scan.finished",
    ),
    _gauge("last_scan_seconds", "How long the latest finished scan took", "last_scan.seconds"),
    _gauge(
        "last_scan", "Counts of the latest finished scan: topics in all, new, failed ...",
        "last_scan_counts.value", "count",
    ),
    _gauge(
        "last_analysis_finished_timestamp_seconds", "When the latest finished analysis ended",
        "last_analysis.finished",
    ),
    _gauge(
        "last_analysis_seconds", "How long the latest finished analysis took",
        "last_analysis.seconds",
    ),
    _gauge(
        "last_analysis", "Counts of the latest finished analysis: sources, pairs, duplicates ...",
        "last_analysis_counts.value", "count",
    ),
    _gauge("watch_topics", "Topics that are or were watched", "watching.topics"),
    _gauge(
        "watch_partitions", "Partitions of the topics that are or were watched",
        "watching.partitions",
    ),
    _gauge(
        "watch_lag_records",
        "Records that watchers have not counted yet, up to the ends of partitions as last seen",
        "watching.lag",
    ),
    _gauge(
        "watch_behind_seconds",
        "Age of the newest counted minute of the partition that lags furthest; 0 where none lags",
        "watching.behind",
    ),
    _gauge(
        "watch_topic_lag_records", "The lag of the topics that metrics_topics names",
        "topic_lag.lag", "topic",
    ),
    _gauge(
        "watchers_alive", "Watchers that gave a sign of life within 15 s, of all servers",
        "watchers.alive",
    ),
    _gauge(
        "watchers_waiting", "Watchers that wait for a server that is away", "watchers.waiting"
    ),
    _gauge("judge_waiting", "Counts that the judge has not looked at yet", "looks.looks"),
    _gauge(
        "judge_waiting_oldest_seconds", "Age of the oldest count that waits for the judge",
        "looks.oldest",
    ),
    _gauge(
        "alerts_open", "Alerts that are not resolved, by severity", "alerts.alerts", "severity"
    ),
    _gauge(
        "alert_events_waiting", "Events of alerts that are not on the topic of alerts yet",
        "alert_events.waiting",
    ),
    _gauge(
        "alert_events_oldest_seconds",
        "Age of the oldest event that waits for the topic of alerts", "alert_events.oldest",
    ),
    _gauge(
        "outbox_deliveries", "Messages to channels by status: queued, sent, failed (given up)",
        "deliveries.deliveries", "status",
    ),
    _gauge(
        "outbox_oldest_due_seconds", "How long the delivery that is due longest has been due",
        "deliveries_due.oldest",
    ),
    _gauge("approvals", "Approvals by status", "approvals.approvals", "status"),
    _gauge(
        "approvals_waiting", "Plans that wait for a person to decide", "approvals_waiting.waiting"
    ),
    _gauge(
        "approvals_waiting_oldest_seconds", "How long the plan that waits longest has waited",
        "approvals_waiting.oldest",
    ),
    _gauge(
        "generations", "Generations by the status of their draft",
        "generations.generations", "status",
    ),
    _gauge(
        "provisioning_steps", "Steps of plans that were approved, by step and status",
        "provisioning.steps", "step", "status",
    ),
    _gauge("jobs", "Jobs by queue and status", "jobs.jobs", "queue", "status"),
    _gauge("jobs_due", "Jobs whose time has come, by queue", "jobs_due.due", "queue"),
    _gauge(
        "jobs_due_oldest_seconds", "How long the job that waits longest has waited for a worker",
        "jobs_due.oldest", "queue",
    ),
    _gauge("bridges_wanted", "Bridges that are to run", "bridges.wanted"),
    _gauge("bridges_running", "Bridges that run", "bridges.running"),
    _gauge("bridges_failing", "Bridges that do not run, with an error", "bridges.failing"),
    _gauge("bridge_lag_records", "Messages still to be carried, as last told", "bridges.lag"),
    _gauge("database_bytes", "Size of Headwater's database", "database.bytes"),
)  # fmt: skip

QUERIES = tuple(dict.fromkeys(figure.query for figure in FIGURES))


def families(rows: Mapping[str, Sequence[DictRow]]) -> list[Metric]:
    """All of them, filled with the rows of their queries."""
    return [figure.family(rows.get(figure.query, ())) for figure in FIGURES]
