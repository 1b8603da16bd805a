-- name: switch
-- Rules of a product on or off.
update quality_rules
set active = %(active)s, since = case when active = %(active)s then since else now() end
where product_id = %(product_id)s;

-- name: of_topic
select rule, active, since, product_id, stated_by, switched_by from quality_rules
where cluster = %(cluster)s and topic = %(topic)s
order by rule_id;

-- name: watched
-- Rules that are on, over all topics of a cluster.
select topic, rule, active, since, product_id, stated_by, switched_by from quality_rules
where cluster = %(cluster)s and active
order by topic, rule_id;

-- name: hold
-- One rule, held until the transaction ends; `owned` where a product that is not deleted has it.
select q.rule, q.active, q.since, q.product_id, q.stated_by, q.switched_by,
    p.id is not null and p.deleted_at is null as owned
from quality_rules q
left join products p on p.id = q.product_id
where q.cluster = %(cluster)s and q.topic = %(topic)s and q.rule_id = %(rule_id)s
for update of q;

-- name: ids
select rule_id from quality_rules where cluster = %(cluster)s and topic = %(topic)s
order by rule_id;

-- name: state
-- A rule that a person states; nothing comes back where a product got it meanwhile.
insert into quality_rules (cluster, topic, rule_id, rule, stated_by)
values (%(cluster)s, %(topic)s, %(rule_id)s, %(rule)s, %(by)s)
on conflict (cluster, topic, rule_id) do update set product_id = null, rule = excluded.rule,
    stated_by = excluded.stated_by, since = now(),
    active = quality_rules.active or quality_rules.product_id is not null
where quality_rules.product_id is not distinct from %(known_product)s
returning rule, active, since, product_id, stated_by, switched_by;

-- name: remove
delete from quality_rules
where cluster = %(cluster)s and topic = %(topic)s and rule_id = %(rule_id)s;

-- name: set_active
update quality_rules set active = %(active)s, switched_by = %(by)s, since = now()
where cluster = %(cluster)s and topic = %(topic)s and rule_id = %(rule_id)s
returning rule, active, since, product_id, stated_by, switched_by;

-- name: forget_learnt
-- Inferred rules that the stream teaches no more. Those that a person switched off are kept, so
-- that they stay off when it teaches them again.
delete from quality_rules
where cluster = %(cluster)s and topic = %(topic)s and product_id is null
    and (rule ->> 'inferred')::boolean and active and rule_id <> all (%(rule_ids)s::text[]);

-- name: learn
-- Inferred rules; what a product or a person says under the same id stands. They hold since their
-- words changed: new figures in the reason are no change.
insert into quality_rules (cluster, topic, rule_id, rule)
select %(cluster)s, %(topic)s, given.rule_id, given.rule::jsonb
from unnest(%(rule_ids)s::text[], %(rules)s::text[]) as given (rule_id, rule)
on conflict (cluster, topic, rule_id) do update set rule = excluded.rule,
    since = case when quality_rules.rule - 'reason' = excluded.rule - 'reason'
        then quality_rules.since else now() end
where quality_rules.product_id is null and (quality_rules.rule ->> 'inferred')::boolean;
