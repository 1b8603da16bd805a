-- Each query's columns are the labels of a figure and its values. What may be absent is there as 0:
-- a graph that has no line says nothing.

-- name: sources
select wanted.kind, count(s.name)::int as sources
from unnest(array['managed', 'discovered']) as wanted (kind)
left join sources s
    on s.kind = wanted.kind and s.cluster = %(cluster)s and s.status = 'present'
group by 1;

-- name: recommendations
select kind, count(*)::int as recommendations
from recommendations where cluster = %(cluster)s and status = 'open' group by kind;

-- name: scans
select wanted.status, count(s.id)::int as scans
from unnest(array['queued', 'running', 'done', 'failed']) as wanted (status)
left join scans s on s.status = wanted.status and s.cluster = %(cluster)s
group by 1;

-- name: last_scan
select extract(epoch from finished_at)::float8 as finished,
    extract(epoch from finished_at - started_at)::float8 as seconds
from scans
where cluster = %(cluster)s and finished_at is not null
order by id desc limit 1;

-- name: last_scan_counts
select told.key as count, told.value::float8 as value
from (
    select progress from scans where cluster = %(cluster)s and finished_at is not null
    order by id desc limit 1
) latest, jsonb_each_text(latest.progress - 'failures' - 'seconds') told;

-- name: last_analysis
select extract(epoch from finished_at)::float8 as finished,
    extract(epoch from finished_at - started_at)::float8 as seconds
from analyses
where cluster = %(cluster)s and finished_at is not null
order by id desc limit 1;

-- name: last_analysis_counts
select told.key as count, told.value::float8 as value
from (
    select progress from analyses where cluster = %(cluster)s and finished_at is not null
    order by id desc limit 1
) latest, jsonb_each_text(latest.progress - 'seconds') told;

-- name: watching
-- A partition lags where its end, as last seen, lies ahead; it is behind by the age of the newest
-- minute that was counted of it.
with partitions as (
    select topic, partition, greatest(high - next_offset, 0) as lag
    from quality_offsets where cluster = %(cluster)s
)
select count(*)::int as partitions, count(distinct topic)::int as topics,
    coalesce(sum(lag), 0)::float8 as lag,
    coalesce(max(extract(epoch from now() - counted.newest)) filter (where lag > 0), 0)::float8
        as behind
from partitions p
left join lateral (
    select max(start) as newest from quality_windows w
    where p.lag > 0 and w.cluster = %(cluster)s and w.topic = p.topic
        and w.partition = p.partition
) counted on true;

-- name: topic_lag
select topic, coalesce(sum(greatest(high - next_offset, 0)), 0)::float8 as lag
from quality_offsets
where cluster = %(cluster)s and topic = any(%(topics)s)
group by topic;

-- name: watchers
select count(*) filter (where at > now() - interval '15 seconds')::int as alive,
    count(*) filter (where waiting_for is not null)::int as waiting
from quality_watchers
where cluster = %(cluster)s and at > now() - interval '1 hour';

-- name: looks
select count(*)::int as looks,
    coalesce(extract(epoch from now() - min(at)), 0)::float8 as oldest
from quality_looks where cluster = %(cluster)s;

-- name: alerts
select wanted.severity, count(a.id)::int as alerts
from unnest(array['error', 'warning']) as wanted (severity)
left join alerts a
    on a.severity = wanted.severity and a.cluster = %(cluster)s and a.status <> 'resolved'
group by 1;

-- name: alert_events
select count(*)::int as waiting,
    coalesce(extract(epoch from now() - min(queued_at)), 0)::float8 as oldest
from alert_outbox where cluster = %(cluster)s and published_at is null;

-- name: deliveries
select wanted.status, count(d.id)::int as deliveries
from unnest(array['queued', 'sent', 'failed']) as wanted (status)
left join deliveries d on d.status = wanted.status
group by 1;

-- name: deliveries_due
select coalesce(extract(epoch from now() - min(next_at)), 0)::float8 as oldest
from deliveries where status = 'queued' and next_at <= now();

-- name: approvals
select case when status = 'pending' and expires_at <= now() then 'expired' else status end
    as status, count(*)::int as approvals
from approvals
group by 1;

-- name: approvals_waiting
select count(*)::int as waiting,
    coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as oldest
from approvals where status = 'pending' and expires_at > now();

-- name: generations
select status, count(*)::int as generations from generations group by status;

-- name: provisioning
select name as step, status, count(*)::int as steps from provisioning_steps group by 1, 2;

-- name: jobs
-- Jobs that succeed are deleted: what is done here was ended by hand.
select queue_name as queue, status::text, count(*)::int as jobs
from procrastinate_jobs group by 1, 2;

-- name: jobs_due
-- Jobs whose time has come, by when they were queued or, of retried ones, when they may run.
select job.queue_name as queue, count(*)::int as due, coalesce(max(
    extract(epoch from now() - coalesce(job.scheduled_at, queued.at))
), 0)::float8 as oldest
from procrastinate_jobs job
left join lateral (
    select min(at) as at from procrastinate_events event where event.job_id = job.id
) queued on true
where job.status = 'todo' and (job.scheduled_at is null or job.scheduled_at <= now())
group by 1;

-- name: bridges
select count(*) filter (where wanted)::int as wanted,
    count(*) filter (where wanted and held_until > now() and error is null)::int as running,
    count(*) filter (where wanted and error is not null)::int as failing,
    coalesce(sum((progress ->> 'lag')::float8) filter (where wanted), 0)::float8 as lag
from bridges;

-- name: database
select pg_database_size(current_database())::float8 as bytes;
