-- name: queue_notice
insert into deliveries (notice_id, channel) values (%(notice_id)s, %(channel)s)
on conflict (notice_id, channel) do nothing;

-- name: queue_access_request
insert into deliveries (approval_id, channel) values (%(approval_id)s, %(channel)s)
on conflict (approval_id, channel) do nothing;

-- name: queue_alert_event
insert into deliveries (alert_event_id, alert_id, channel, next_at)
values (%(alert_event_id)s, %(alert_id)s, %(channel)s, now() + %(pause)s)
on conflict (alert_event_id, channel) do nothing;

-- name: of_notices
select * from deliveries where notice_id = any(%(ids)s) order by id;

-- name: of_alert
select * from deliveries where alert_id = %(alert_id)s order by id;

-- name: claim
-- Those whose time has come, each by one worker: one that dies leaves them to the next after a
-- while. A channel that had its share within the hour waits, and so does what an alert says while
-- the channel has not heard what it said before.
with due as (
    select id from deliveries d
    where status = 'queued' and next_at <= now()
        and channel not in (
            select channel from deliveries where sent_at > now() - interval '1 hour'
            group by channel having count(*) >= %(per_hour)s
        )
        and not exists (
            select from deliveries before
            where before.alert_id = d.alert_id and before.channel = d.channel
                and before.status = 'queued' and before.id < d.id
        )
    order by next_at, id
    limit 1
    for update skip locked
)
update deliveries d
set attempts = d.attempts + 1, next_at = now() + %(lease)s
from due where d.id = due.id
returning d.*;

-- name: sent
update deliveries set status = 'sent', sent_at = now(), error = null where id = %(id)s;

-- name: again
update deliveries set next_at = now() + %(pause)s, error = %(error)s where id = %(id)s;

-- name: failed
update deliveries set status = 'failed', error = %(error)s where id = %(id)s;
