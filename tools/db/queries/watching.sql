-- name: heads
-- Topics that have rules, with a hash of all that their counts depend on. `timed` have rules that
-- speak up without a record.
select s.name as topic, md5(concat_ws('|', s.kind, s.fingerprint, l.learnt_at, r.rules)) as hash,
    r.timed
from sources s
join (
    select topic, string_agg(rule::text, ',' order by rule_id) as rules,
        bool_or(rule ->> 'metric' in ('freshness', 'rows', 'lag')) as timed
    from quality_rules where cluster = %(cluster)s and active
    group by topic
) r on r.topic = s.name
left join quality_learnt l on l.cluster = s.cluster and l.topic = s.name
where s.cluster = %(cluster)s and s.status = 'present';

-- name: rules
-- All that some topics are put to.
select s.name as topic, s.kind, s.schema, r.rules, l.state as learnt,
    md5(concat_ws('|', s.kind, s.fingerprint, l.learnt_at, r.texts)) as hash
from sources s
join (
    select topic, jsonb_agg(rule order by rule_id) as rules,
        string_agg(rule::text, ',' order by rule_id) as texts
    from quality_rules
    where cluster = %(cluster)s and active and topic = any(%(topics)s)
    group by topic
) r on r.topic = s.name
left join quality_learnt l on l.cluster = s.cluster and l.topic = s.name
where s.cluster = %(cluster)s and s.status = 'present';

-- name: rules_changed
-- When anything last changed that a watcher goes by.
select greatest(
    (select max(since) from quality_rules where cluster = %(cluster)s),
    (select max(last_seen) from sources where cluster = %(cluster)s),
    (select max(learnt_at) from quality_learnt where cluster = %(cluster)s)
) as at,
    (select count(*) from quality_rules where cluster = %(cluster)s and active) as active;

-- name: offsets
select topic, partition, next_offset, rules from quality_offsets
where cluster = %(cluster)s and (topic, partition) in (
    select * from unnest(%(topics)s::text[], %(partitions)s::int[])
);

-- name: begin
-- Where watching begins; another worker may have begun already.
insert into quality_offsets (cluster, topic, partition, next_offset, start_offset)
select %(cluster)s, given.topic, given.partition, given.start, given.start
from unnest(%(topics)s::text[], %(partitions)s::int[], %(starts)s::bigint[])
    as given (topic, partition, start)
on conflict do nothing;

-- name: hold
-- Until this transaction ends nobody else writes about these partitions; without a partition, about
-- any of the topic. In one order everywhere: two workers that wait for each other would be undone.
select from quality_offsets o
join unnest(%(topics)s::text[], %(partitions)s::int[]) as given (topic, partition)
    on o.topic = given.topic and (given.partition is null or o.partition = given.partition)
where o.cluster = %(cluster)s
order by o.topic, o.partition
for update of o;

-- name: advance
-- Only where nobody else went on from there: those that come back are this worker's.
update quality_offsets o
set next_offset = given.next, high = given.high, rules = given.rules, updated_at = now()
from unnest(%(topics)s::text[], %(partitions)s::int[], %(expected)s::bigint[],
        %(next)s::bigint[], %(high)s::bigint[], %(rules)s::text[])
    as given (topic, partition, expected, next, high, rules)
where o.cluster = %(cluster)s and o.topic = given.topic and o.partition = given.partition
    and o.next_offset = given.expected
returning o.topic, o.partition;

-- name: adopt
insert into quality_adoptions (cluster, topic, partition, rules, from_offset)
values (%(cluster)s, %(topic)s, %(partition)s, %(rules)s, %(from_offset)s);

-- name: windows
-- To be added to, until this transaction ends.
select topic, partition, minutes, start, state from quality_windows
where cluster = %(cluster)s and (topic, partition, minutes, start) in (
    select * from unnest(%(topics)s::text[], %(partitions)s::int[], %(minutes)s::int[],
        %(starts)s::timestamptz[])
)
for update;

-- name: put_windows
insert into quality_windows
    (cluster, topic, partition, minutes, start, records, bad, skipped, state)
select %(cluster)s, * from unnest(%(topics)s::text[], %(partitions)s::int[], %(minutes)s::int[],
    %(starts)s::timestamptz[], %(records)s::bigint[], %(bad)s::bigint[], %(skipped)s::bigint[],
    %(states)b::bytea[])
on conflict (cluster, topic, start, minutes, partition) do update set
    records = excluded.records, bad = excluded.bad, skipped = excluded.skipped,
    state = excluded.state, changed_at = now();

-- name: order
-- What a rule remembers of one partition.
select rule, bucket, hashes, times from quality_memory
where cluster = %(cluster)s and topic = %(topic)s and partition = %(partition)s
    and rule = %(rule)s
order by id;

-- name: values
-- What a rule remembers of a topic, or of one partition of it.
select id, rule, bucket, hashes from quality_memory
where cluster = %(cluster)s and topic = %(topic)s and rule = %(rule)s
    and (%(partition)s::int is null or partition = %(partition)s);

-- name: meanwhile
-- What was written since each rule's memory was read or written last.
select m.id, m.topic, m.rule, m.bucket, m.hashes from quality_memory m
join unnest(%(topics)s::text[], %(rules)s::text[], %(seen)s::bigint[]) as given (topic, rule, seen)
    on m.topic = given.topic and m.rule = given.rule and m.id > given.seen
where m.cluster = %(cluster)s;

-- name: remember
insert into quality_memory (cluster, topic, partition, rule, bucket, hashes, times)
select %(cluster)s, * from unnest(%(topics)s::text[], %(partitions)s::int[], %(rules)s::text[],
    %(buckets)s::bigint[], %(hashes)b::bytea[], %(times)b::bytea[])
returning id, topic, rule;

-- name: forget
-- Buckets that no record of the partition is held against any more, once the workers of the other
-- partitions had time to read them.
delete from quality_memory m
using unnest(%(topics)s::text[], %(partitions)s::int[], %(rules)s::text[], %(buckets)s::bigint[])
    as given (topic, partition, rule, bucket)
where m.cluster = %(cluster)s and m.topic = given.topic and m.partition = given.partition
    and m.rule = given.rule and m.bucket < given.bucket - 2
    and m.written_at < now() - interval '5 minutes';

-- name: look
insert into quality_looks (cluster, topic, counted, arrivals)
select %(cluster)s, * from unnest(%(topics)s::text[], %(counted)s::bytea[], %(arrivals)s::bytea[]);

-- name: alive
insert into quality_watchers (cluster, watcher, at, partitions, heard_at, waiting_for)
values (%(cluster)s, %(watcher)s, now(), %(partitions)s,
    now() - %(heard_ago)s::float8 * interval '1 second', null)
on conflict (cluster, watcher) do update set at = excluded.at, partitions = excluded.partitions,
    heard_at = excluded.heard_at, waiting_for = null;

-- name: gone
delete from quality_watchers where cluster = %(cluster)s and watcher = %(watcher)s;
