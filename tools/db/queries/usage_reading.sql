-- name: sources
-- One page by name. `owners` and `teams` narrow it to what a team owns or reads; `mine` likewise to
-- what the asker may see. A source that is gone is told of when it is asked for by name.
select s.name, s.cluster, s.owner, s.product_id, p.name as product_name
from sources s
left join products p on p.id = s.product_id
where s.cluster = %(cluster)s
    and (s.status = 'present' or s.name = %(source)s::text)
    and (%(source)s::text is null or s.name = %(source)s::text)
    and (%(product)s::text is null or s.product_id = %(product)s::text)
    and (%(after)s::text is null or s.name > %(after)s::text)
    and (%(owner)s::text is null or lower(s.owner) = %(owner)s::text or exists (
        select from usage_daily d
        where d.cluster = s.cluster and d.topic = s.name
            and lower(d.team) = any(%(team_names)s::text[])
            and d.day between %(since)s and %(until)s
    ))
    and (%(mine)s::text[] is null or lower(s.owner) = any(%(mine)s::text[]) or exists (
        select from usage_daily d
        where d.cluster = s.cluster and d.topic = s.name
            and lower(d.team) = any(%(mine_names)s::text[])
            and d.day between %(since)s and %(until)s
    ))
order by s.name
limit %(limit)s;

-- name: days
-- What was counted of these topics, a row for each reader and day.
select topic, reader, team, day, messages, seconds, lag_first, lag_last, lag_most, first_at, last_at
from usage_daily
where cluster = %(cluster)s and topic = any(%(topics)s::text[])
    and day between %(since)s and %(until)s
order by topic, reader, day;

-- name: views
select name, day, via, principal, views
from usage_views
where cluster = %(cluster)s and kind = %(kind)s and name = any(%(names)s::text[])
    and day between %(since)s and %(until)s
order by name, day;

-- name: searches
-- The most searched for first. Of those beyond the number kept of a day there is no text to show.
with counted as (
    select query, sum(searches)::bigint as searches, sum(nothing_found)::bigint as nothing_found,
        max(day) as last_day
    from usage_searches
    where cluster = %(cluster)s and day between %(since)s and %(until)s and query <> ''
    group by query
)
select * from counted
where (not %(only_nothing)s or nothing_found > 0)
    and (%(after_count)s::bigint is null or (
        case when %(only_nothing)s then nothing_found else searches end, query
    ) < (%(after_count)s::bigint, %(after_query)s::text))
order by case when %(only_nothing)s then nothing_found else searches end desc, query desc
limit %(limit)s;

-- name: unused
-- Topics and products that were looked at from the period's beginning on, and that nothing was
-- written to, or nobody read.
with counted as (
    select topic, min(first_at) filter (where reader = '') as observed_since,
        max(moved_at) filter (where reader = '') as last_written,
        max(moved_at) filter (where reader <> '') as last_read,
        coalesce(sum(messages) filter (
            where reader = '' and day between %(since)s and %(until)s
        ), 0) as written,
        coalesce(sum(messages) filter (
            where reader <> '' and day between %(since)s and %(until)s
        ), 0) as read
    from usage_daily
    where cluster = %(cluster)s
    group by topic
), topics as (
    select s.name, s.owner, s.product_id, s.messages, c.observed_since, c.last_written, c.last_read,
        c.written, c.read
    from sources s
    join counted c on c.topic = s.name
    where s.cluster = %(cluster)s and s.status = 'present'
        and (c.observed_since at time zone 'utc')::date <= %(since)s
), found as (
    select 'product' as kind, p.id as name, p.name as title, p.owner,
        array_agg(t.name order by t.name) as topics, min(t.observed_since) as observed_since,
        max(t.last_written) as last_written, max(t.last_read) as last_read,
        sum(t.messages)::bigint as messages
    from products p
    join topics t on t.product_id = p.id
    where p.deleted_at is null
    group by p.id
    having sum(t.read) = 0
    union all
    select case when t.written = 0 then 'silent' else 'unread' end, t.name, t.name, t.owner,
        array[t.name], t.observed_since, t.last_written, t.last_read, t.messages
    from topics t
    where t.written = 0 or t.read = 0
)
select f.*, coalesce((
        select sum(v.views) from usage_views v
        where v.cluster = %(cluster)s and v.name = f.name
            and v.kind = case when f.kind = 'product' then 'product' else 'source' end
            and v.day between %(since)s and %(until)s
    ), 0)::bigint as views
from found f
where (%(kind)s::text is null or f.kind = %(kind)s::text)
    and (%(owner)s::text is null or lower(f.owner) = %(owner)s::text)
    and (%(mine)s::text[] is null or lower(f.owner) = any(%(mine)s::text[]))
    and (%(after_kind)s::text is null
        or (f.kind, f.name) > (%(after_kind)s::text, %(after_name)s::text))
order by f.kind, f.name
limit %(limit)s;
