-- name: loads
-- What was measured of each present topic within these days. The bridges that run into a topic are
-- known by the plans of their consolidations.
with counted as (
    select topic,
        coalesce(sum(messages) filter (where reader = ''), 0)::bigint as written,
        coalesce(sum(messages) filter (where reader <> ''), 0)::bigint as read,
        count(distinct reader) filter (where reader <> '') as groups,
        coalesce(sum(seconds) filter (where reader = ''), 0) as seconds
    from usage_daily
    where cluster = %(cluster)s and day between %(since)s and %(until)s
    group by topic
), bridged as (
    select a.plan #>> '{topic,name}' as topic, count(*) as bridges
    from bridges b
    join consolidations c on c.id = b.consolidation_id
    join approvals a on a.id = c.approval_id
    where b.wanted and c.cluster = %(cluster)s
    group by 1
)
select s.name as topic, s.cluster, s.owner, s.product_id, p.name as product_name, s.messages,
    coalesce((s.report ->> 'messages')::bigint, 0) as sampled,
    coalesce((s.report ->> 'bytes')::bigint, 0) as sampled_bytes,
    s.partitions, s.replication,
    coalesce(u.written, 0) as written, coalesce(u.read, 0) as read, coalesce(u.groups, 0) as groups,
    coalesce(u.seconds, 0) as seconds, coalesce(b.bridges, 0) as processors,
    coalesce(s.config ->> 'cleanup.policy', '') like '%%compact%%' as compacted
from sources s
left join products p on p.id = s.product_id
left join counted u on u.topic = s.name
left join bridged b on b.topic = s.name
where s.cluster = %(cluster)s and s.status = 'present'
    and (%(topic)s::text is null or s.name = %(topic)s::text)
order by s.name;

-- name: planned
-- The latest plan for the topic that was carried out, with its estimate.
select id as approval_id, decided_at, plan -> 'cost' as estimate
from approvals
where status = 'active' and plan #>> '{topic,name}' = %(topic)s
    and coalesce(plan #>> '{topic,cluster}', 'default') = %(cluster)s
    and jsonb_typeof(plan -> 'cost') = 'object'
order by decided_at desc nulls last
limit 1;

-- name: keep_book
insert into price_books (name, version, digest, content)
values (%(name)s, %(version)s, %(digest)s, %(content)s)
on conflict (name, version) do nothing;

-- name: book
select digest, since from price_books where name = %(name)s and version = %(version)s;
