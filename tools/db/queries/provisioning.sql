-- name: plan_steps
-- The steps of an approval, each once; those that are there stay as they are.
insert into provisioning_steps (approval_id, place, name, status)
select %(approval_id)s, step.place, step.name, 'waiting'
from unnest(%(names)s::text[]) with ordinality as step (name, place)
on conflict do nothing;

-- name: steps
select name, status, result, detail, attempts, started_at, finished_at
from provisioning_steps
where approval_id = %(approval_id)s
order by place;

-- name: begin
-- Take a step on. The count of attempts tells this worker from one that was thought dead: whoever
-- began last may write. Nothing begins once a step has failed: from there on things are undone.
update provisioning_steps s
set status = 'doing', attempts = s.attempts + 1, started_at = coalesce(s.started_at, now()),
    detail = null
where s.approval_id = %(approval_id)s and s.name = %(name)s and s.status in ('waiting', 'doing')
    and not exists (
        select from provisioning_steps f where f.approval_id = s.approval_id and f.status = 'failed'
    )
returning s.name, s.status, s.result, s.detail, s.attempts, s.started_at, s.finished_at;

-- name: note
-- What a step is about to make, or why it has not got on.
update provisioning_steps
set result = result || %(result)s, detail = %(detail)s
where approval_id = %(approval_id)s and name = %(name)s and status = 'doing'
    and attempts = %(attempts)s
returning name;

-- name: finish
update provisioning_steps
set status = %(status)s, result = result || %(result)s, detail = %(detail)s, finished_at = now()
where approval_id = %(approval_id)s and name = %(name)s and status = 'doing'
    and attempts = %(attempts)s
returning name;

-- name: undo
-- What was done is undone; the step that failed stays the one that failed.
update provisioning_steps
set status = case when status = 'failed' then status else 'undone' end,
    detail = concat_ws(' ', case when status = 'failed' then detail end, %(detail)s::text),
    result = result || '{"undone": true}', finished_at = now()
where approval_id = %(approval_id)s and name = %(name)s and status in ('done', 'failed')
    and not result ? 'undone';

-- name: lost
-- Approved plans that nobody carries out: their job is gone. Each is given a new one.
select a.id from approvals a
where a.status in ('approved', 'provisioning') and not exists (
    select from procrastinate_jobs j
    where j.task_name = %(task)s and j.args ->> 'approval_id' = a.id
        and j.status in ('todo', 'doing')
)
for update of a skip locked;

-- name: withdraw_product
-- Takes a product back that never came to be: unlike a deleted one it leaves no trace and no id.
delete from products where id = %(id)s;

-- name: claim
-- Claims things for a plan; those that another one holds stay with it.
insert into provisioning_claims (thing, approval_id)
select thing, %(approval_id)s from unnest(%(things)s::text[]) as thing order by thing
on conflict (thing) do nothing;

-- name: claimed_by_others
select thing, approval_id from provisioning_claims
where thing = any(%(things)s::text[]) and approval_id <> %(approval_id)s
order by thing
limit 1;

-- name: release
delete from provisioning_claims where approval_id = %(approval_id)s;
