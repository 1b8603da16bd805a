-- name: products
-- Ids that are taken, among this one and those that would be made of it by a number.
select id from products where id = %(id)s or id ~ ('^' || %(id)s || '-[0-9]+$');

-- name: holder
-- The product that a topic belongs to.
select product_id from product_ports where cluster = %(cluster)s and topic = %(topic)s;

-- name: waiting
-- Plans that make or change the same product or topic, and wait for a decision.
select id from approvals
where kind <> 'access' and verdict is null and status = 'pending' and expires_at > now()
    and (plan -> 'product' ->> 'id' = %(id)s
        or (plan -> 'topic' ->> 'name' = %(topic)s and plan -> 'topic' ->> 'cluster' = %(cluster)s))
order by created_at
limit 5;
