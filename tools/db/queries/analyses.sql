-- name: queue
insert into analyses (cluster, requested_by, whole, status)
values (%(cluster)s, %(requested_by)s, %(whole)s, 'queued')
returning *;

-- name: waiting
-- An analysis that has not begun yet: whoever asks for another one is given this.
select * from analyses
where cluster = %(cluster)s and status = 'queued' and whole >= %(whole)s
order by id
limit 1;

-- name: start
-- An analysis begins, or begins again after its worker was lost.
update analyses set status = 'running', started_at = coalesce(started_at, now()),
    finished_at = null, error = null, told_at = now()
where id = %(id)s
returning *;

-- name: progress
update analyses set progress = %(progress)s, told_at = now()
where id = %(id)s and status = 'running';

-- name: finish
update analyses set status = %(status)s, progress = coalesce(%(progress)s, progress),
    error = %(error)s, finished_at = now()
where id = %(id)s and status in ('queued', 'running')
returning *;

-- name: requeue
-- The worker of a running analysis is stopping; another one goes on with it.
update analyses set status = 'queued' where id = %(id)s and status = 'running';

-- name: orphans
-- Analyses that wait or run without a job that would run them, and that have been silent.
select id from analyses a
where status in ('queued', 'running') and told_at < now() - interval '2 minutes' and not exists (
    select from procrastinate_jobs job
    where job.task_name = %(task)s and job.status in ('todo', 'doing')
        and (job.args ->> 'analysis_id')::bigint = a.id
);

-- name: get
select * from analyses where id = %(id)s;

-- name: list
-- Newest first.
select * from analyses
where cluster = %(cluster)s and (%(before)s::bigint is null or id < %(before)s)
order by id desc
limit %(limit)s;
