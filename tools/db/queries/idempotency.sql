-- name: find
select result from idempotency_keys where operation = %(operation)s and key = %(key)s;

-- name: keep
-- The first result under a key stays; whoever comes second is told it.
with kept as (
    insert into idempotency_keys (operation, key, result)
    values (%(operation)s, %(key)s, %(result)s)
    on conflict do nothing
    returning result
)
select result from kept
union all
select result from idempotency_keys where operation = %(operation)s and key = %(key)s
limit 1;
