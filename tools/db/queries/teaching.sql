-- name: pupils
-- Topics that nobody has stated rules for, and that were not taught, or by far fewer messages than
-- there are now; not while something is wrong with them.
select s.name as topic, s.schema from sources s
left join quality_learnt l on l.cluster = s.cluster and l.topic = s.name
where s.cluster = %(cluster)s and s.status = 'present' and s.name <> %(besides)s
    and (s.messages >= %(enough)s or (l.topic is null and s.name ~* %(letters)s))
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
