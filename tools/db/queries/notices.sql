-- name: first_analysis
-- When the cluster's first analysis ended: what was there by then is no news.
select min(finished_at) as ended from analyses where cluster = %(cluster)s and status = 'done';

-- name: add
-- Nothing where the fact was told already.
insert into notices (cluster, fact, team, recommendation_id, text)
values (%(cluster)s, %(fact)s, %(team)s, %(recommendation_id)s, %(text)s)
on conflict (cluster, fact) do nothing
returning id;

-- name: queue
insert into notice_deliveries (notice_id, channel) values (%(notice_id)s, %(channel)s)
on conflict (notice_id, channel) do nothing;

-- name: get
select * from notices where id = %(id)s;

-- name: get_for_update
select * from notices where id = %(id)s for update;

-- name: answer
update notices set answer = %(answer)s, answered_by = %(by)s, answered_at = now(),
    comment = %(comment)s
where id = %(id)s
returning *;

-- name: list
-- Newest first; every filter that is given holds.
select * from notices
where cluster = %(cluster)s
    and (%(before_id)s::bigint is null or id < %(before_id)s)
    and (%(team)s::text is null or team = %(team)s)
    and (%(source)s::text is null or text ->> 'source' = %(source)s)
    and (%(answered)s::bool is null or (answer is not null) = %(answered)s)
order by id desc
limit %(limit)s;

-- name: deliveries
select * from notice_deliveries where notice_id = any(%(ids)s) order by id;

-- name: claim
-- Those whose time has come, each by one worker: one that dies leaves them to the next after a
-- while. A channel that had its share within the hour waits.
with due as (
    select id from notice_deliveries
    where status = 'queued' and next_at <= now()
        and channel not in (
            select channel from notice_deliveries where sent_at > now() - interval '1 hour'
            group by channel having count(*) >= %(per_hour)s
        )
    order by next_at, id
    limit 1
    for update skip locked
)
update notice_deliveries d
set attempts = d.attempts + 1, next_at = now() + %(lease)s
from due where d.id = due.id
returning d.*;

-- name: sent
update notice_deliveries set status = 'sent', sent_at = now(), error = null where id = %(id)s;

-- name: again
update notice_deliveries set next_at = now() + %(pause)s, error = %(error)s where id = %(id)s;

-- name: failed
update notice_deliveries set status = 'failed', error = %(error)s where id = %(id)s;
