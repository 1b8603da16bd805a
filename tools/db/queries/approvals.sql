-- name: create
-- One approval per graph thread: a thread that comes again finds the one it made.
insert into approvals (id, thread_id, kind, status, plan, plan_hash, requested_by, expires_at)
values (
    %(id)s, %(thread_id)s, %(kind)s, 'pending', %(plan)s, %(plan_hash)s, %(requested_by)s,
    now() + make_interval(secs => %(seconds)s)
)
on conflict (thread_id) do nothing
returning id;

-- name: of_thread
select id from approvals where thread_id = %(thread_id)s;

-- name: get
-- One that waits beyond its time has expired, whether or not someone has noted it yet.
select a.*, case when a.status = 'pending' and a.expires_at <= now() then 'expired' else a.status
    end as standing
from approvals a
where a.id = %(id)s;

-- name: steps
select name, status, result, detail, attempts, started_at, finished_at
from provisioning_steps
where approval_id = %(id)s
order by place;

-- name: list
-- Newest first, without their steps.
with standing as (
    select a.*, case when a.status = 'pending' and a.expires_at <= now() then 'expired'
        else a.status end as standing
    from approvals a
)
select * from standing
where (%(status)s::text is null or standing = %(status)s)
    and (%(before_at)s::timestamptz is null
        or (created_at, id) < (%(before_at)s::timestamptz, %(before_id)s))
order by created_at desc, id desc
limit %(limit)s;

-- name: claim
-- Of several deciders one gets the row; the plan must be the one that was looked at.
update approvals a
set verdict = %(verdict)s, decided_by = %(by)s, decided_via = %(via)s, decided_at = now(),
    comment = %(comment)s, impact = %(impact)s, plan = %(plan)s, plan_hash = %(plan_hash)s,
    original = case when a.plan_hash = %(plan_hash)s then a.original else a.plan end,
    status = case when %(verdict)s = 'reject' then 'rejected' else 'approved' end,
    finished_at = case when %(verdict)s = 'reject' then now() end
where a.id = %(id)s and a.verdict is null and a.status = 'pending' and a.expires_at > now()
    and a.plan_hash = %(seen_hash)s
returning a.*, a.status as standing;

-- name: revise
-- The requester changed the plan while it waits; nobody else may have changed it meanwhile.
update approvals a
set plan = %(plan)s, plan_hash = %(plan_hash)s
where a.id = %(id)s and a.verdict is null and a.status = 'pending' and a.expires_at > now()
    and a.plan_hash = %(seen_hash)s
returning a.*, a.status as standing;

-- name: expire
-- Note those whose time is over; a decision that is under way has the row and keeps it.
update approvals a
set status = 'expired', finished_at = now()
where a.id in (
    select id from approvals
    where status = 'pending' and verdict is null and expires_at <= now()
    order by expires_at
    limit %(limit)s
    for update skip locked
)
returning a.*, a.status as standing;

-- name: begin
-- Carrying out begins, or goes on after a restart.
update approvals set status = 'provisioning'
where id = %(id)s and status in ('approved', 'provisioning');

-- name: finish
-- Carrying out ended; the first end stays.
update approvals
set status = %(status)s, error = %(error)s, finished_at = now()
where id = %(id)s and status in ('approved', 'provisioning');
