-- name: windows
-- Of one source, oldest first.
select minutes, start, state from quality_windows
where cluster = %(cluster)s and topic = %(topic)s and start >= %(since)s and start < %(until)s
order by start, partition;

-- name: sums
-- Records and bad ones of each source.
select topic, sum(records)::bigint as records, sum(bad)::bigint as bad,
    sum(skipped)::bigint as skipped
from quality_windows
where cluster = %(cluster)s and start >= %(since)s and start < %(until)s
    and (%(topics)s::text[] is null or topic = any(%(topics)s))
group by topic;

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
