-- name: list
-- Newest first; every filter that is given holds. What is of no cluster is of all.
select at, key, cluster, kind, subject, title, by, facts
from activity
where kind is not null and coalesce(cluster, %(cluster)s) = %(cluster)s
    and (%(kinds)s::text[] is null or kind = any(%(kinds)s::text[]))
    and at >= coalesce(%(since)s::timestamptz, '-infinity')
    and at <= coalesce(%(until)s::timestamptz, 'infinity')
    and (at, key) < (
        coalesce(%(before_at)s::timestamptz, 'infinity'), coalesce(%(before_key)s::bigint, 0)
    )
order by at desc, key desc
limit %(limit)s;

-- name: counts
-- How often what happened in a stretch. Parts that have none of the kinds are not looked at.
select kind, count(*)::int as count
from activity
where kind = any(%(kinds)s::text[]) and coalesce(cluster, %(cluster)s) = %(cluster)s
    and at >= %(since)s and at <= %(until)s
group by kind;
