-- name: lock
-- Two looks at once would both count from the same marks.
select pg_advisory_xact_lock(hashtext('usage'), hashtext(%(cluster)s));

-- name: marks
select topic, reader, offsets, at from usage_marks where cluster = %(cluster)s;

-- name: put_marks
insert into usage_marks (cluster, topic, reader, offsets, at)
select %(cluster)s, mark.topic, mark.reader, mark.offsets::jsonb, %(at)s
from unnest(%(topics)s::text[], %(readers)s::text[], %(offsets)s::text[])
    as mark (topic, reader, offsets)
on conflict (cluster, topic, reader) do update set offsets = excluded.offsets, at = excluded.at;

-- name: add
-- What one look counted, added to its day.
insert into usage_daily as d (cluster, topic, day, reader, team, messages, seconds, lag_first,
    lag_last, lag_most, first_at, last_at, moved_at)
select %(cluster)s, seen.topic, (%(at)s at time zone 'utc')::date, seen.reader, seen.team,
    seen.messages, seen.seconds, seen.lag, seen.lag, seen.lag, %(at)s, %(at)s,
    case when seen.messages > 0 then %(at)s::timestamptz end
from unnest(%(topics)s::text[], %(readers)s::text[], %(teams)s::text[], %(messages)s::bigint[],
    %(seconds)s::double precision[], %(lags)s::bigint[])
    as seen (topic, reader, team, messages, seconds, lag)
on conflict (cluster, topic, day, reader) do update set
    team = coalesce(excluded.team, d.team),
    messages = d.messages + excluded.messages,
    seconds = d.seconds + excluded.seconds,
    lag_first = coalesce(d.lag_first, excluded.lag_first),
    lag_last = coalesce(excluded.lag_last, d.lag_last),
    lag_most = greatest(d.lag_most, excluded.lag_most),
    last_at = excluded.last_at,
    moved_at = coalesce(excluded.moved_at, d.moved_at);

-- name: add_views
insert into usage_views as v (cluster, day, kind, name, via, principal, views)
select seen.cluster, seen.day, seen.kind, seen.name, seen.via, seen.principal, seen.views
from unnest(%(clusters)s::text[], %(days)s::date[], %(kinds)s::text[], %(names)s::text[],
    %(vias)s::text[], %(principals)s::text[], %(views)s::bigint[])
    as seen (cluster, day, kind, name, via, principal, views)
on conflict (cluster, kind, name, day, via, principal)
    do update set views = v.views + excluded.views;

-- name: add_searches
insert into usage_searches as s (cluster, day, query, searches, nothing_found)
select seen.cluster, seen.day, seen.query, seen.searches, seen.nothing_found
from unnest(%(clusters)s::text[], %(days)s::date[], %(queries)s::text[], %(searches)s::bigint[],
    %(nothing)s::bigint[]) as seen (cluster, day, query, searches, nothing_found)
on conflict (cluster, day, query) do update set
    searches = s.searches + excluded.searches,
    nothing_found = s.nothing_found + excluded.nothing_found;

-- name: known_searches
-- Which of these texts have a row of the day already, and how many rows there are.
select day, count(*) as kept,
    coalesce(array_agg(query) filter (where query = any(%(queries)s::text[])), '{}') as known
from usage_searches
where cluster = %(cluster)s and day = any(%(days)s::date[])
group by day;

-- name: forget_days
delete from usage_daily where day < %(before)s;

-- name: forget_views
delete from usage_views where day < %(before)s;

-- name: forget_searches
delete from usage_searches where day < %(before)s;

-- name: forget_marks
delete from usage_marks where at < %(before)s;
