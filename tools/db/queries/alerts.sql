-- name: lock
-- Two looks at one source would both think that an alert is new.
select pg_advisory_xact_lock(hashtext('alerts'), hashtext(%(cluster)s || '/' || %(source)s));

-- name: owner
-- Of the topic as a product, and else of the topic.
select coalesce(p.owner, s.owner) as team,
    p.id is null and s.owner_guessed_from is not null as guessed
from sources s
left join products p on p.id = s.product_id
where s.cluster = %(cluster)s and s.name = %(source)s;

-- name: standing
-- What a finding may still change: active ones, those resolved lately or while they were broken,
-- and whatever one of these beginnings opened.
select id, document from alerts
where cluster = %(cluster)s and source = %(source)s
    and (
        status <> 'resolved' or not held or resolved_at >= %(after)s
        or cause = any(%(causes)s::text[])
    )
order by id
for update;

-- name: has_standing
select exists (
    select from alerts
    where cluster = %(cluster)s and source = %(source)s and (status <> 'resolved' or not held)
) as found;

-- name: add
insert into alerts (
    cluster, source, cause, status, severity, team, held, resolved_at, document
) values (
    %(cluster)s, %(source)s, %(cause)s, %(status)s, %(severity)s, %(team)s, %(held)s,
    %(resolved_at)s, %(document)s
)
returning id;

-- name: update
update alerts set status = %(status)s, severity = %(severity)s, team = %(team)s, held = %(held)s,
    resolved_at = %(resolved_at)s, document = %(document)s
where id = %(id)s;

-- name: add_event
insert into alert_events (alert_id, number, uid, kind, at, by, said, told, data)
values (
    %(alert_id)s, %(number)s, %(uid)s, %(kind)s, %(at)s, %(by)s, %(said)s, %(told)s, %(data)s
)
returning id;

-- name: queue_event
insert into alert_outbox (event_id, cluster, source) values (%(id)s, %(cluster)s, %(source)s);

-- name: active_sources
select distinct source from alerts where cluster = %(cluster)s and status <> 'resolved';

-- name: standing_counts
select source, count(*) as alerts from alerts
where cluster = %(cluster)s and status <> 'resolved'
group by source;

-- name: get
select id, document from alerts where id = %(id)s;

-- name: get_for_update
select id, document from alerts where id = %(id)s for update;

-- name: list
-- Newest first; every filter that is given holds.
select id, document from alerts
where cluster = %(cluster)s
    and (%(before_id)s::bigint is null or id < %(before_id)s)
    and (%(status)s::text is null or status = %(status)s)
    and (%(active)s::bool is null or (status <> 'resolved') = %(active)s)
    and (%(source)s::text is null or source = %(source)s)
    and (%(severity)s::text is null or severity = %(severity)s)
    and (%(team)s::text is null or team = %(team)s)
order by id desc
limit %(limit)s;

-- name: events
select e.*, o.published_at from alert_events e
left join alert_outbox o on o.event_id = e.id
where e.alert_id = %(alert_id)s
order by e.number;

-- name: event
select e.*, o.published_at from alert_events e
left join alert_outbox o on o.event_id = e.id
where e.id = %(id)s;

-- name: only_publisher
-- Held by one process until its transaction ends: the order within a source depends on it.
select pg_try_advisory_xact_lock(hashtext('alert publisher'), hashtext(%(cluster)s)) as mine;

-- name: unpublished
-- The next of each source: what follows waits until it has arrived.
select e.*, o.published_at from (
    select distinct on (source) event_id from alert_outbox
    where cluster = %(cluster)s and published_at is null
    order by source, event_id
    limit %(limit)s
) next
join alert_outbox o using (event_id)
join alert_events e on e.id = o.event_id;

-- name: published
update alert_outbox set published_at = now() where event_id = any(%(ids)s);
