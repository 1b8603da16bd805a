-- name: pupils
-- Topics that nobody has stated rules for, and that were not taught, or by far fewer messages than
-- there are now; not while something is wrong with them.
select s.name as topic, s.schema from sources s
left join quality_learnt l on l.cluster = s.cluster and l.topic = s.name
where s.cluster = %(cluster)s and s.status = 'present' and s.name <> %(besides)s
    and s.messages >= %(enough)s
    and (l.topic is null or (l.records < %(few)s and s.messages >= 4 * l.records))
    and not exists (
        select from alerts a where a.cluster = s.cluster and a.source = s.name
            and a.status <> 'resolved'
    )
    and not exists (
        select from quality_rules q where q.cluster = s.cluster and q.topic = s.name
            and not coalesce((q.rule ->> 'inferred')::bool, false)
    )
order by s.messages desc, s.name
limit %(limit)s;

-- name: learnt
insert into quality_learnt (cluster, topic, records, state)
values (%(cluster)s, %(topic)s, %(records)s, %(state)s)
on conflict (cluster, topic) do update set records = excluded.records, state = excluded.state,
    learnt_at = now();

-- name: drop_inferred
delete from quality_rules
where cluster = %(cluster)s and topic = %(topic)s and product_id is null
    and (rule ->> 'inferred')::bool and rule_id <> all(%(kept)s);

-- name: put_inferred
-- One that somebody switched off stays off.
insert into quality_rules (cluster, topic, rule_id, rule)
select %(cluster)s, %(topic)s, given.rule_id, given.rule::jsonb
from unnest(%(kept)s::text[], %(rules)s::text[]) as given (rule_id, rule)
on conflict (cluster, topic, rule_id) do update set rule = excluded.rule,
    since = case when quality_rules.rule = excluded.rule then quality_rules.since else now() end
where quality_rules.product_id is null;
