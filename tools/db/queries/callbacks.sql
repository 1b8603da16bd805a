-- name: mint
insert into approval_callbacks (nonce, approval_id, plan_hash, expires_at, made_by, decider)
values (%(nonce)s, %(approval_id)s, %(plan_hash)s, %(expires_at)s, %(made_by)s, %(decider)s);

-- name: get
select nonce, approval_id, plan_hash, expires_at, used_at, decider
from approval_callbacks
where nonce = %(nonce)s;

-- name: use
-- Of several requests with one link one uses it.
update approval_callbacks set used_at = now()
where nonce = %(nonce)s and used_at is null
returning nonce;

-- name: secret
-- The secret of that name: the one that was there first.
with made as (
    insert into own_secrets (name, value) values (%(name)s, %(value)s)
    on conflict do nothing
    returning value
)
select value from made
union all
select value from own_secrets where name = %(name)s
limit 1;
