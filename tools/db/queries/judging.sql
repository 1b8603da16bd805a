-- name: lock
-- One judge of a cluster at a time, for as long as its connection lives.
select pg_try_advisory_lock(hashtextextended(%(name)s, 0)) as held;

-- name: looks
-- Taken with the verdicts on them: they are gone when this transaction is.
delete from quality_looks where id in (
    select id from quality_looks where cluster = %(cluster)s order by id limit %(limit)s
)
returning id, topic, counted, arrivals, at;

-- name: heard
-- Until when all that came was counted, by the last of those who watch; null where nobody does, and
-- where one has not read yet what there was before it began.
select case when bool_and(heard_at is not null) then min(heard_at) end as heard
from quality_watchers
where cluster = %(cluster)s and at > now() - interval '60 seconds';

-- name: states
select topic, state from quality_judgements where cluster = %(cluster)s;

-- name: put_state
insert into quality_judgements (cluster, topic, state)
values (%(cluster)s, %(topic)s, %(state)s)
on conflict (cluster, topic) do update set state = excluded.state, judged_at = now();

-- name: lags
-- How far the groups of these topics were behind when offsets were last looked at. Asked at every
-- sitting: the day leaves out all earlier ones by the key.
select distinct on (topic, reader) topic, reader as group_id, lag_last as lag, last_at as at
from usage_daily
where cluster = %(cluster)s and topic = any(%(topics)s::text[]) and reader <> ''
    and day >= (%(since)s::timestamptz at time zone 'utc')::date
    and lag_last is not null and last_at > %(since)s
order by topic, reader, day desc;
