-- name: queue
-- A scan was asked for.
insert into scans (cluster, requested_by, status) values (%(cluster)s, %(requested_by)s, 'queued')
returning *;

-- name: open
-- The scan of a cluster that waits or runs, oldest first.
select * from scans
where cluster = %(cluster)s and status in ('queued', 'running')
order by id
limit 1;

-- name: start
-- A scan begins, or begins again after its worker was lost.
update scans set status = 'running', started_at = now(), finished_at = null, error = null,
    progress = '{}'
where id = %(id)s
returning *;

-- name: progress
-- How far a running scan got.
update scans set progress = %(progress)s where id = %(id)s and status = 'running';

-- name: finish
-- A scan ended well, or failed with a reason.
update scans set status = %(status)s, progress = %(progress)s, error = %(error)s,
    finished_at = now()
where id = %(id)s
returning *;

-- name: fail
-- A scan ended without having run to its end; its progress stays as it was.
update scans set status = 'failed', error = %(error)s, finished_at = now()
where id = %(id)s and status in ('queued', 'running');

-- name: get
select * from scans where id = %(id)s;

-- name: list
-- Scans, newest first.
select * from scans
where (%(cluster)s::text is null or cluster = %(cluster)s)
    and (%(before)s::bigint is null or id < %(before)s)
order by id desc
limit %(limit)s;
