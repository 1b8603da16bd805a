-- name: create
insert into api_keys (id, name, principal, roles, teams, made_by, expires_at)
values (%(id)s, %(name)s, %(principal)s, %(roles)s, %(teams)s, %(made_by)s, %(expires_at)s);

-- name: add_secret
insert into api_key_secrets (hash, key_id) values (%(hash)s, %(id)s);

-- name: outdate_secrets
-- Those in force are good for the overlap; one that ends sooner already keeps its end.
update api_key_secrets set until = least(coalesce(until, 'infinity'), now() + %(overlap)s)
where key_id = %(id)s;

-- name: drop_outdated
delete from api_key_secrets where key_id = %(id)s and until <= now();

-- name: rotated
update api_keys set rotated_at = now() where id = %(id)s;

-- name: revoke
update api_keys set revoked_at = now(), revoked_by = %(by)s where id = %(id)s;

-- name: drop_secrets
delete from api_key_secrets where key_id = %(id)s;

-- name: lock
select id from api_keys where id = %(id)s for update;

-- name: get
select k.*, case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired'
        else 'active' end as status,
    (select max(until) from api_key_secrets s where s.key_id = k.id and until > now())
        as overlap_until
from api_keys k where id = %(id)s;

-- name: list
-- Newest first; every filter that is given holds.
select k.*, case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired'
        else 'active' end as status,
    (select max(until) from api_key_secrets s where s.key_id = k.id and until > now())
        as overlap_until
from api_keys k
where (%(principal)s::text is null or principal = %(principal)s)
    and (%(visible_to)s::text is null or %(visible_to)s in (principal, made_by))
    and (%(active)s::bool is null or %(active)s = (revoked_at is null and expires_at > now()))
    and (%(before_at)s::timestamptz is null
        or (made_at, id) < (%(before_at)s::timestamptz, %(before_id)s::text))
order by made_at desc, id desc
limit %(limit)s;

-- name: used
-- Who a secret belongs to, where it is good; that it was used is noted once a minute.
with found as (
    select k.id, k.principal, k.roles, k.teams, k.last_used_at
    from api_key_secrets s join api_keys k on k.id = s.key_id
    where s.hash = %(hash)s and (s.until is null or s.until > now())
        and k.revoked_at is null and k.expires_at > now()
), noted as (
    update api_keys set last_used_at = now()
    from found
    where api_keys.id = found.id
        and (found.last_used_at is null or found.last_used_at < now() - interval '1 minute')
)
select id, principal, roles, teams from found;
