-- name: add
insert into consolidations (id, cluster, requested_by, sources, document, created_at)
values (%(id)s, %(cluster)s, %(requested_by)s, %(sources)s, %(document)s, %(created_at)s);

-- name: get
select document, approval_id from consolidations where id = %(id)s;

-- name: proposed
-- The plan that was made of it last.
update consolidations set approval_id = %(approval_id)s where id = %(id)s;

-- name: list
-- Newest first.
select document, approval_id, created_at, id from consolidations
where cluster = %(cluster)s
    and (%(in_progress)s::boolean is null
        or (id in (select o.id from open_consolidations o)) = %(in_progress)s)
    and (
        %(before_at)s::timestamptz is null
        or (created_at, id) < (%(before_at)s::timestamptz, %(before_id)s::text)
    )
order by created_at desc, id desc
limit %(limit)s;
