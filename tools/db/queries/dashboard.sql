-- name: counts
-- All that is counted of a cluster at this moment.
with present as (
    select name, kind from sources where cluster = %(cluster)s and status = 'present'
), scores as (
    -- Every topic with a score is a source: those that are gone are few, and cheaper to leave out
    -- than all others are to look up.
    select count(score)::int as scored,
        coalesce(sum(score), 0)::float8 as sum_of_scores,
        coalesce(sum(records) filter (where score is not null), 0)::bigint as records,
        count(*) filter (where score < %(floor)s)::int as below_floor
    from source_scores
    where cluster = %(cluster)s and topic not in (
        select name from sources where cluster = %(cluster)s and status <> 'present'
    )
), advised as (
    select kind, count(*)::int as count
    from recommendations
    where cluster = %(cluster)s and status = 'open'
    group by kind
), standing as (
    select severity, count(*)::int as count
    from alerts
    where cluster = %(cluster)s and status <> 'resolved'
    group by severity
)
select now() as at,
    count(*)::int as sources,
    count(*) filter (where kind = 'managed')::int as managed,
    count(*) filter (where kind = 'discovered')::int as discovered,
    count(*) filter (where kind = 'discovered' and name in (
        select r.name from recommended_sources r
        where r.cluster = %(cluster)s and r.kind = 'promote'
    ))::int as candidates,
    count(*) filter (where kind = 'discovered' and name in (
        select r.name from recommended_sources r
        where r.cluster = %(cluster)s and r.kind = 'govern'
    ))::int as needs_governance,
    (select coalesce(jsonb_object_agg(kind, count), '{}') from advised) as recommendations,
    (select coalesce(jsonb_object_agg(severity, count), '{}') from standing) as alerts,
    (select scored from scores),
    (select sum_of_scores from scores),
    (select records from scores),
    (select below_floor from scores),
    (
        select count(*) from approvals where status = 'pending' and expires_at > now()
    )::int as waiting_approvals,
    (
        select count(*) from open_consolidations where cluster = %(cluster)s
    )::int as consolidations,
    (
        select max(measured_at) from dashboard_days where cluster = %(cluster)s
    ) as scored_at
from present;

-- name: lowest
-- The present sources with the lowest scores; of equal ones that of more records first.
select q.topic as source, q.score
from source_scores q
join sources s on s.cluster = q.cluster and s.name = q.topic and s.status = 'present'
where q.cluster = %(cluster)s and q.score is not null
order by q.score, q.records desc, q.topic
limit %(limit)s;

-- name: only_measurer
-- Held by one process until its transaction ends: adding up once is enough.
select pg_try_advisory_xact_lock(hashtext('dashboard'), hashtext(%(cluster)s)) as mine;

-- name: due
-- Whether nobody has measured for a while.
select not exists (
    select from dashboard_days
    where cluster = %(cluster)s and measured_at > now() - make_interval(secs => %(seconds)s)
        and day = (now() at time zone 'UTC')::date
) as due;

-- name: put_scores
-- The scores of the last 24 hours of what is a source; topics of which nothing was counted in them
-- have none.
with counted as materialized (
    select topic, sum(records)::bigint as records, sum(bad)::bigint as bad
    from quality_windows
    where cluster = %(cluster)s and start >= now() - interval '24 hours' and start < now()
        and topic in (select name from sources where cluster = %(cluster)s)
    group by topic
), gone as (
    delete from source_scores q
    where q.cluster = %(cluster)s and not exists (select from counted c where c.topic = q.topic)
)
insert into source_scores (cluster, topic, records, bad)
select %(cluster)s, topic, records, bad from counted
on conflict (cluster, topic) do update set records = excluded.records, bad = excluded.bad
where (source_scores.records, source_scores.bad) <> (excluded.records, excluded.bad);

-- name: put_day
-- Today as measured now.
insert into dashboard_days (
    cluster, day, measured_at, sources, managed, discovered, candidates, needs_governance,
    recommendations, errors, warnings, below_floor, scored, average_score, waiting_approvals
) values (
    %(cluster)s, %(day)s, %(measured_at)s, %(sources)s, %(managed)s, %(discovered)s,
    %(candidates)s, %(needs_governance)s, %(recommendations)s, %(errors)s, %(warnings)s,
    %(below_floor)s, %(scored)s, %(average_score)s, %(waiting_approvals)s
)
on conflict (cluster, day) do update set
    measured_at = excluded.measured_at, sources = excluded.sources, managed = excluded.managed,
    discovered = excluded.discovered, candidates = excluded.candidates,
    needs_governance = excluded.needs_governance, recommendations = excluded.recommendations,
    errors = excluded.errors, warnings = excluded.warnings, below_floor = excluded.below_floor,
    scored = excluded.scored, average_score = excluded.average_score,
    waiting_approvals = excluded.waiting_approvals
where dashboard_days.measured_at <= excluded.measured_at;

-- name: drop_days
delete from dashboard_days
where cluster = %(cluster)s and day <= (now() at time zone 'UTC')::date - %(days)s::int;

-- name: days
-- Oldest first, as many as were measured.
select day, measured_at, sources, managed, discovered, candidates, needs_governance,
    recommendations, errors, warnings, below_floor, scored, average_score, waiting_approvals
from dashboard_days
where cluster = %(cluster)s and day > (now() at time zone 'UTC')::date - %(days)s::int
order by day;
