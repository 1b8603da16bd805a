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
    progress = '{}', told_at = now()
where id = %(id)s
returning *;

-- name: progress
-- How far a running scan got.
update scans set progress = %(progress)s, told_at = now()
where id = %(id)s and status = 'running';

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

-- name: requeue
-- The worker of a running scan is stopping; another one starts it anew.
update scans set status = 'queued' where id = %(id)s and status = 'running';

-- name: orphans
-- Scans that wait or run without a job that would run them, and that have been silent for a while.
select * from scans s
where status in ('queued', 'running') and told_at < now() - interval '2 minutes' and not exists (
    select from procrastinate_jobs job
    where job.task_name = %(task)s and job.status in ('todo', 'doing')
        and (job.args ->> 'scan_id')::bigint = s.id
);

-- name: turn
-- How many scans of the same cluster came before.
select count(*)::int as turn
from scans earlier join scans this on this.cluster = earlier.cluster
where this.id = %(id)s and earlier.id < this.id;

-- name: get
select * from scans where id = %(id)s;

-- name: list
-- Scans, newest first.
select * from scans
where (%(cluster)s::text is null or cluster = %(cluster)s)
    and (%(before)s::bigint is null or id < %(before)s)
order by id desc
limit %(limit)s;
