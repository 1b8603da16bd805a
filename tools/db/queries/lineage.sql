-- name: put_reads
-- What groups read, as measured now; their offsets moved where they are not those of before.
insert into group_reads as r (cluster, group_id, topic, team, committed)
select %(cluster)s, given.* from unnest(%(groups)s::text[], %(topics)s::text[], %(teams)s::text[],
    %(committed)s::jsonb[]) as given (group_id, topic, team, committed)
on conflict (cluster, group_id, topic) do update set
    team = excluded.team, committed = excluded.committed, vanished_at = null,
    moved_at = case
        when r.committed is null or r.committed = excluded.committed then r.moved_at
        else now()
    end;

-- name: vanish_reads
-- What is not read any more: the group is gone, or has no offsets on the topic.
update group_reads r set vanished_at = now()
where r.cluster = %(cluster)s and r.vanished_at is null and r.group_id <> all(%(kept)s::text[])
    and not exists (
        select from unnest(%(groups)s::text[], %(topics)s::text[]) as given (group_id, topic)
        where given.group_id = r.group_id and given.topic = r.topic
    );

-- name: reads
-- Which groups read these topics, and what these groups read.
select r.group_id, r.topic, r.first_seen, coalesce(r.moved_at, r.first_seen) as last_seen,
    r.moved_at is not null as moved, r.vanished_at, c.lag
from group_reads r
left join consumers c
    on c.cluster = r.cluster and c.group_id = r.group_id and c.topic = r.topic
where r.cluster = %(cluster)s
    and (r.topic = any(%(topics)s::text[]) or r.group_id = any(%(groups)s::text[]));

-- name: told
-- Edges of these nodes that were told.
with wanted as (select id from lineage_nodes where key = any(%(keys)s::text[]))
select s.kind as source_kind, s.namespace as source_namespace, s.name as source_name,
    t.kind as target_kind, t.namespace as target_namespace, t.name as target_name,
    e.certainty, e.producer, e.first_seen, e.last_seen
from (
    select * from lineage_edges where source_id in (select id from wanted)
    union
    select * from lineage_edges where target_id in (select id from wanted)
) e
join lineage_nodes s on s.id = e.source_id
join lineage_nodes t on t.id = e.target_id;

-- name: specified
-- Topics of products that were made, and the inputs that their plans name.
select given.input, a.plan #>> '{topic,name}' as topic, a.plan #>> '{product,id}' as product_id,
    a.id as approval_id, coalesce(a.finished_at, a.decided_at, a.created_at) as since
from approvals a
join products p on p.id = a.plan #>> '{product,id}' and p.deleted_at is null
cross join lateral jsonb_array_elements_text(a.plan -> 'inputs') as given (input)
where a.status = 'active' and a.plan #>> '{topic,cluster}' = %(cluster)s
    and given.input <> a.plan #>> '{topic,name}'
    and (given.input = any(%(topics)s::text[])
        or a.plan #>> '{topic,name}' = any(%(topics)s::text[]));

-- name: bridged
-- Bridges that were asked for, with what they last told.
select c.id, c.sources, c.document #>> '{unified,topic}' as topic, b.asked_at, b.told_at,
    coalesce((b.progress ->> 'carried')::bigint, 0) as carried
from bridges b
join consolidations c on c.id = b.consolidation_id
where c.cluster = %(cluster)s and (
    c.sources && %(topics)s::text[]
    or c.document #>> '{unified,topic}' = any(%(topics)s::text[])
    or c.id = any(%(carried)s::text[])
);

-- name: contained
-- Pairs of which one's fields are in the other, which has more, and records were seen in both.
with wanted as (
    select id from sources where cluster = %(cluster)s and name = any(%(topics)s::text[])
)
select l.name as left, r.name as right, p.left_in_right, p.right_in_left, p.compared_at
from source_pairs p
join sources l on l.id = p.left_id
join sources r on r.id = p.right_id
-- Arrays, so that both indexes of the pairs are used: each step of a walk asks for a few topics.
where (p.left_id = any(array(select id from wanted))
        or p.right_id = any(array(select id from wanted)))
    and l.status = 'present' and r.status = 'present'
    and p.relation in ('duplicate', 'overlap')
    and greatest(p.left_in_right, p.right_in_left) >= %(share)s
    and abs(p.left_in_right - p.right_in_left) >= %(more)s
    and (p.alignment #>> '{identifiers,shared}')::float > 0;

-- name: told_fields
-- How fields of these nodes are made, and what is made of them.
with wanted as (select id from lineage_nodes where key = any(%(keys)s::text[]))
select j.namespace as job_namespace, j.name as job_name,
    s.namespace as source_namespace, s.name as source_name, f.source_field,
    t.namespace as target_namespace, t.name as target_name, f.target_field, f.how, f.certainty
from (
    select * from lineage_fields where source_id in (select id from wanted)
    union
    select * from lineage_fields where target_id in (select id from wanted)
) f
join lineage_nodes j on j.id = f.job_id
join lineage_nodes s on s.id = f.source_id
join lineage_nodes t on t.id = f.target_id;

-- name: mapped
-- Mappings of consolidations that became a product, or that a bridge carries.
select c.id, c.document -> 'mappings' as mappings, c.document #>> '{unified,topic}' as topic,
    b.consolidation_id is not null as bridged
from consolidations c
left join bridges b on b.consolidation_id = c.id
left join approvals a on a.id = c.approval_id
where c.cluster = %(cluster)s and (b.consolidation_id is not null or a.status = 'active')
    and (c.sources && %(topics)s::text[]
        or c.document #>> '{unified,topic}' = any(%(topics)s::text[]));

-- name: contained_fields
-- The matched fields of pairs that are among these topics.
select l.name as left, r.name as right, p.left_in_right, p.right_in_left,
    p.alignment -> 'matches' as matches
from source_pairs p
join sources l on l.id = p.left_id
join sources r on r.id = p.right_id
where l.cluster = %(cluster)s and l.name = any(%(topics)s::text[])
    and r.name = any(%(topics)s::text[])
    and p.relation in ('duplicate', 'overlap')
    and greatest(p.left_in_right, p.right_in_left) >= %(share)s
    and abs(p.left_in_right - p.right_in_left) >= %(more)s
    and (p.alignment #>> '{identifiers,shared}')::float > 0;

-- name: topic_facts
select s.name, s.kind, s.status, s.owner, s.owner_guessed_from, s.product_id,
    p.name as product_name, p.owner as product_owner
from sources s
left join products p on p.id = s.product_id and p.deleted_at is null
where s.cluster = %(cluster)s and s.name = any(%(topics)s::text[]);

-- name: group_facts
select r.group_id, max(r.team) as team, bool_and(r.vanished_at is not null) as vanished,
    max(c.state) as state
from group_reads r
left join consumers c
    on c.cluster = r.cluster and c.group_id = r.group_id and c.topic = r.topic
where r.cluster = %(cluster)s and r.group_id = any(%(groups)s::text[])
group by r.group_id;

-- name: latest_runs
-- The latest run of each of these jobs.
select distinct on (n.key) n.key, r.state, r.told_at
from lineage_nodes n
join lineage_runs r on r.job_id = n.id
where n.key = any(%(keys)s::text[])
order by n.key, r.told_at desc;

-- name: put_nodes
insert into lineage_nodes (kind, namespace, name)
select distinct kind, namespace, name
from unnest(%(kinds)s::text[], %(namespaces)s::text[], %(names)s::text[])
    as given (kind, namespace, name)
order by kind, namespace, name
on conflict (key) do nothing;

-- name: node_ids
-- Of those that were ever told of.
select key, id from lineage_nodes where key = any(%(keys)s::text[]);

-- name: put_edges
insert into lineage_edges as e (source_id, target_id, certainty, producer, first_seen, last_seen)
select * from unnest(%(sources)s::bigint[], %(targets)s::bigint[], %(certainties)s::text[],
    %(producers)s::text[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
on conflict (source_id, target_id) do update set
    -- measured is stronger than declared.
    certainty = greatest(e.certainty, excluded.certainty),
    producer = case when excluded.last_seen >= e.last_seen then excluded.producer
        else e.producer end,
    first_seen = least(e.first_seen, excluded.first_seen),
    last_seen = greatest(e.last_seen, excluded.last_seen);

-- name: forget_fields
-- How a job makes the fields of a dataset, unless that was told later than this.
delete from lineage_fields
where job_id = %(job)s and target_id = %(target)s and told_at <= %(at)s;

-- name: put_fields
-- All of one telling, where no later one is kept.
insert into lineage_fields (
    job_id, target_id, source_id, source_field, target_field, how, certainty, told_at
)
select %(job)s, %(target)s, given.*, %(certainty)s, %(at)s
from unnest(%(sources)s::bigint[], %(source_fields)s::text[], %(target_fields)s::text[],
    %(hows)s::text[])
    as given (source_id, source_field, target_field, how)
where not exists (
    select from lineage_fields where job_id = %(job)s and target_id = %(target)s
)
on conflict do nothing;

-- name: put_run
insert into lineage_runs as r (run_id, job_id, state, started_at, ended_at, told_at)
values (%(run_id)s, %(job)s, %(state)s, %(started_at)s, %(ended_at)s, %(at)s)
on conflict (run_id) do update set
    state = case when excluded.told_at >= r.told_at then excluded.state else r.state end,
    started_at = least(r.started_at, excluded.started_at),
    ended_at = greatest(r.ended_at, excluded.ended_at),
    told_at = greatest(r.told_at, excluded.told_at);

-- name: runs
-- Newest first.
select r.run_id, n.namespace, n.name, r.state, r.started_at, r.ended_at, r.told_at
from lineage_runs r
join lineage_nodes n on n.id = r.job_id
where (%(before_at)s::timestamptz is null
        or (r.told_at, r.run_id) < (%(before_at)s::timestamptz, %(before_id)s::uuid))
    and (%(job)s::text is null or n.name = %(job)s)
order by r.told_at desc, r.run_id desc
limit %(limit)s;

-- name: most_read
-- Present topics by how many groups read them.
select r.topic, count(*)::int as groups,
    count(distinct r.team) filter (where r.team is not null)::int as teams
from group_reads r
join sources s on s.cluster = r.cluster and s.name = r.topic and s.status = 'present'
where r.cluster = %(cluster)s and r.vanished_at is null
group by r.topic
order by groups desc, r.topic
limit %(limit)s;

-- name: scanned_since
select name from sources where cluster = %(cluster)s and scanned_at >= %(at)s
order by name
limit %(limit)s;

-- name: put_producers
insert into topic_producers (cluster, topic, producer, team, header)
select %(cluster)s, given.* from unnest(%(topics)s::text[], %(producers)s::text[],
    %(teams)s::text[], %(headers)s::text[]) as given (topic, producer, team, header)
on conflict (cluster, topic, producer) do update set
    team = excluded.team, header = excluded.header, last_seen = now();

-- name: produced
-- Who writes these topics, and what these applications write.
select topic, producer, header, first_seen, last_seen
from topic_producers
where cluster = %(cluster)s
    and (topic = any(%(topics)s::text[]) or producer = any(%(groups)s::text[]));

-- name: producer_facts
select producer, max(team) as team from topic_producers
where cluster = %(cluster)s and producer = any(%(groups)s::text[])
group by producer;
