-- name: aged
-- Topics with minutes that nobody writes to any more.
select distinct topic from quality_windows
where cluster = %(cluster)s and minutes = 1 and start < %(before)s
limit %(limit)s;

-- name: minutes
-- Of one topic; whoever comes second finds none.
delete from quality_windows
where cluster = %(cluster)s and topic = %(topic)s and minutes = 1 and start < %(before)s
returning partition, date_trunc('hour', start, 'UTC') as hour, state;

-- name: hours
select partition, start as hour, state from quality_windows
where cluster = %(cluster)s and topic = %(topic)s and minutes = 60
    and start = any(%(hours)s)
for update;

-- name: put_hour
insert into quality_windows
    (cluster, topic, partition, minutes, start, records, bad, skipped, state)
values (%(cluster)s, %(topic)s, %(partition)s, 60, %(hour)s, %(records)s, %(bad)s, %(skipped)s,
    %(state)s)
on conflict (cluster, topic, start, minutes, partition) do update set
    records = excluded.records, bad = excluded.bad, skipped = excluded.skipped,
    state = excluded.state, changed_at = now();

-- name: drop
-- Counts that nobody asks for any more, and what rules remembered of topics without traffic.
with windows as (
    delete from quality_windows where cluster = %(cluster)s and start < %(until)s returning 1
), adoptions as (
    delete from quality_adoptions where cluster = %(cluster)s and adopted_at < %(until)s returning 1
)
select (select count(*) from windows) + (select count(*) from adoptions) as dropped;
