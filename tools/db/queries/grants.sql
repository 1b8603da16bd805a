-- name: lock
-- What is somebody's own is told by looking at Kafka and here: one after the other.
select pg_advisory_xact_lock(hashtext('grants'), hashtext(%(cluster)s || '/' || %(principal)s));

-- name: unended
select * from grants
where cluster = %(cluster)s and principal = %(principal)s and ended_at is null
order by number;

-- name: open
insert into grants (id, approval_id, cluster, product_id, team, principal, plan, until, status,
    requested_by, approved_by, own, found)
values (%(id)s, %(approval_id)s, %(cluster)s, %(product_id)s, %(team)s, %(principal)s, %(plan)s,
    %(until)s, 'giving', %(requested_by)s, %(approved_by)s, %(own)s, %(found)s)
on conflict (id) do nothing;

-- name: get
select * from grants where id = %(id)s;

-- name: given
update grants set status = 'active', granted_at = now() where id = %(id)s and status = 'giving'
returning *;

-- name: ask_end
-- The first who ends it is the one who did.
update grants
set status = 'ending', ending_as = %(ending_as)s, ended_by = %(by)s, reason = %(reason)s
where id = %(id)s and status = 'active'
returning *;

-- name: expire
-- Those whose time has come are to end; what is being given is waited for.
update grants
set status = 'ending', ending_as = 'expired', ended_by = %(by)s
where status = 'active' and until <= now()
returning *;

-- name: ending
select id from grants where status = 'ending' order by until, number limit %(limit)s;

-- name: ended
update grants
set status = %(status)s, ended_at = now(), kept = %(kept)s, error = null
where id = %(id)s and ended_at is null
returning *;

-- name: delayed
update grants set error = %(error)s
where id = %(id)s and status = 'ending' and error is distinct from %(error)s
returning id;

-- name: list
-- Newest first; every filter that is given holds.
select * from grants
where (%(before)s::bigint is null or number < %(before)s)
    and (%(product_id)s::text is null or product_id = %(product_id)s)
    and (%(team)s::text is null or team = %(team)s)
    and (%(principal)s::text is null or principal = %(principal)s)
    and (%(status)s::text is null or status = %(status)s)
order by number desc
limit %(limit)s;
