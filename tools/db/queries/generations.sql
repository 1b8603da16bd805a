-- name: create
-- The same id comes of the same Idempotency-Key: whoever comes second makes nothing.
insert into generations (id, request, requested_by, status, stage)
values (%(id)s, %(request)s, %(requested_by)s, 'queued', 'waits for its turn')
on conflict (id) do nothing
returning id;

-- name: get
-- A generation stands where its approval stands, once it has one.
select g.*, a.plan, a.error as approval_error,
    case when a.status = 'pending' and a.expires_at <= now() then 'expired' else a.status
    end as standing
from generations g left join approvals a on a.id = g.approval_id
where g.id = %(id)s;

-- name: list
-- Newest first, without their plans.
select g.*, null::jsonb as plan, a.error as approval_error,
    case when a.status = 'pending' and a.expires_at <= now() then 'expired' else a.status
    end as standing
from generations g left join approvals a on a.id = g.approval_id
where %(before_at)s::timestamptz is null
    or (g.created_at, g.id) < (%(before_at)s::timestamptz, %(before_id)s)
order by g.created_at desc, g.id desc
limit %(limit)s;

-- name: begin
-- A worker takes it on, or takes it on again after its worker was lost.
update generations set status = 'drafting', stage = 'begins', updated_at = now()
where id = %(id)s and status in ('queued', 'drafting')
returning id;

-- name: tell
update generations set stage = %(stage)s, updated_at = now()
where id = %(id)s and status = 'drafting';

-- name: drafted
-- Its plan waits for a decision; the first draft stays.
update generations
set status = 'waiting', stage = %(stage)s, approval_id = %(approval_id)s,
    product_id = %(product_id)s, summary = %(summary)s, updated_at = now()
where id = %(id)s and status in ('queued', 'drafting');

-- name: fail
update generations set status = 'failed', stage = 'failed', error = %(error)s, updated_at = now()
where id = %(id)s and status in ('queued', 'drafting');

-- name: orphans
-- Those that wait or are drafted without a job that would draft them.
select g.id from generations g
where g.status in ('queued', 'drafting') and g.updated_at < now() - interval '1 minute'
    and not exists (
        select from procrastinate_jobs job
        where job.task_name = %(task)s and job.status in ('todo', 'doing')
            and job.args ->> 'generation_id' = g.id
    );
