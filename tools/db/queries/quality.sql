-- name: windows
-- Of one source, oldest first.
select minutes, start, state from quality_windows
where cluster = %(cluster)s and topic = %(topic)s and start >= %(since)s and start < %(until)s
order by start, partition;

-- name: sums
-- Records and bad ones of each source, in a stretch and in the one before it.
select topic,
    coalesce(sum(records) filter (where start >= %(since)s), 0)::bigint as records,
    coalesce(sum(bad) filter (where start >= %(since)s), 0)::bigint as bad,
    coalesce(sum(skipped) filter (where start >= %(since)s), 0)::bigint as skipped,
    coalesce(sum(records) filter (where start < %(since)s), 0)::bigint as records_before,
    coalesce(sum(bad) filter (where start < %(since)s), 0)::bigint as bad_before
from quality_windows
where cluster = %(cluster)s and start >= %(before)s and start < %(until)s
    and (%(topics)s::text[] is null or topic = any(%(topics)s))
group by topic;

-- name: sums_of
-- The same of some sources, each looked up by itself: a list of them makes the planner read all.
select t.topic, s.*
from unnest(%(topics)s::text[]) as t (topic)
cross join lateral (
    select
        coalesce(sum(records) filter (where start >= %(since)s), 0)::bigint as records,
        coalesce(sum(bad) filter (where start >= %(since)s), 0)::bigint as bad,
        coalesce(sum(skipped) filter (where start >= %(since)s), 0)::bigint as skipped,
        coalesce(sum(records) filter (where start < %(since)s), 0)::bigint as records_before,
        coalesce(sum(bad) filter (where start < %(since)s), 0)::bigint as bad_before
    from quality_windows
    where cluster = %(cluster)s and topic = t.topic
        and start >= %(before)s and start < %(until)s
) s;

-- name: slices
-- The latest times of each source in slices: `back` counts them from the current minute. Of those
-- that reach into the last minutes also what was counted in these alone.
select topic, floor(extract(epoch from %(current)s - start) / %(seconds)s)::int as back,
    sum(records)::bigint as records, sum(bad)::bigint as bad,
    coalesce(sum(records) filter (where start > %(recent)s), 0)::bigint as recent_records,
    coalesce(sum(bad) filter (where start > %(recent)s), 0)::bigint as recent_bad,
    coalesce(sum(skipped) filter (where start > %(recent)s), 0)::bigint as recent_skipped,
    coalesce(sum(records + skipped) filter (where start >= %(latest)s), 0)::bigint as arrived
from quality_windows
where cluster = %(cluster)s and minutes = 1 and start > %(since)s
group by topic, back;

-- name: latest
-- When and how far each source was counted.
select topic, max(updated_at) as updated_at,
    sum(greatest(high - next_offset, 0))::bigint as lag,
    count(*) filter (where high is null) as unknown
from quality_offsets
where cluster = %(cluster)s and (%(topics)s::text[] is null or topic = any(%(topics)s))
group by topic;

-- name: bases
-- Where the rules of each source come from.
select topic, bool_or(product_id is not null) as contract,
    bool_or(product_id is null and not coalesce((rule ->> 'inferred')::bool, false)) as stated,
    count(*) as rules
from quality_rules
where cluster = %(cluster)s and active
    and (%(topics)s::text[] is null or topic = any(%(topics)s))
group by topic;

-- name: rules
select rule, product_id, since from quality_rules
where cluster = %(cluster)s and topic = %(topic)s and active
order by rule_id;

-- name: adoptions
select partition, rules, from_offset, adopted_at from quality_adoptions
where cluster = %(cluster)s and topic = %(topic)s
order by id desc
limit %(limit)s;
