-- name: switch
-- Rules of a product on or off.
update quality_rules
set active = %(active)s, since = case when active = %(active)s then since else now() end
where product_id = %(product_id)s;

-- name: of_topic
select rule, active, since, product_id from quality_rules
where cluster = %(cluster)s and topic = %(topic)s
order by rule_id;

-- name: watched
-- Rules that are on, over all topics of a cluster.
select topic, rule, active, since, product_id from quality_rules
where cluster = %(cluster)s and active
order by topic, rule_id;
