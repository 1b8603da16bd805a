-- What happened, out of the tables in which it was noted. `key` is unique, and orders what happened
-- at one moment; each part has an index over (at, key), so that a page is merged from the newest of
-- all parts. `cluster` null: it is of none, or none was noted.
alter table approvals add column number bigint generated always as identity;
alter table source_changes add column cluster text;     -- its source's, so that counting joins nothing
update source_changes c set cluster = s.cluster from sources s where s.id = c.source_id;

create index on source_changes (at, (id * 8));
create index on scans (finished_at, (id * 8 + 1));
create index on alert_events (at, (id * 8 + 2));
create index on recommendations (opened_at, (id * 8 + 3));
create index on audit_log (at, (id * 8 + 4));
create index on approvals (finished_at, (number * 8 + 5));

-- What is left out has no kind or no time: with conditions of its own no part could be merged.
create view activity as
select at, id * 8 as key, cluster,
    case kind when 'new' then 'source.found' when 'vanished' then 'source.gone'
        else 'source.' || kind end as kind,
    (select s.name from sources s where s.id = c.source_id) as subject,
    null::text as title, null::text as by,
    jsonb_build_object('version', version, 'lines', jsonb_array_length(diff)) as facts
from source_changes c
union all
select finished_at, id * 8 + 1, cluster,
    case status when 'done' then 'scan.finished' else 'scan.failed' end,
    id::text, null::text, requested_by, progress - 'failures'
from scans
union all
select at, id * 8 + 2, (select a.cluster from alerts a where a.id = e.alert_id), 'alert.' || kind,
    alert_id::text, data ->> 'title', by, jsonb_build_object('source', data -> 'source')
from alert_events e
union all
select opened_at, id * 8 + 3, cluster, 'recommendation.opened',
    id::text, proposal ->> 'title', null::text, jsonb_build_object('kind', kind)
from recommendations
union all
-- Deeds of people, and of what acts for them.
select at, id * 8 + 4, null::text,
    case
        when action = 'product.delete' then 'product.deleted'
        when action like 'product.%' and before is null then 'product.created'
        when action like 'product.%' then 'product.changed'
        when action in ('recommendation.accepted', 'recommendation.dismissed') then action
        when action = 'approval.revise' then 'approval.revised'
        when action = 'approval.create' then 'approval.requested'
        when action = 'approval.decide' then 'approval.decided'
        when action = 'approval.expire' then 'approval.expired'
    end,
    split_part(target, ':', 2),
    case when action like 'approval.%' then (
        select a.plan #>> '{product,name}' from approvals a where a.id = split_part(target, ':', 2)
    ) end, actor,
    jsonb_build_object('action', action, 'verdict', after -> 'verdict')
from audit_log
union all
-- Plans that were carried out, or could not be.
select finished_at, number * 8 + 5, plan #>> '{topic,cluster}',
    case when status = 'failed' then 'plan.failed'
        when status <> 'active' then null
        when kind = 'promote' then 'source.promoted' else 'plan.done' end,
    case when kind = 'promote' and status = 'active' then plan #>> '{topic,name}' else id end,
    plan #>> '{product,name}', decided_by,
    jsonb_build_object('topic', plan #> '{topic,name}')
from approvals;
