-- name: record
-- Who did what to what.
insert into audit_log (actor, action, target, before, after, request_id)
values (%(actor)s, %(action)s, %(target)s, %(before)s, %(after)s, %(request_id)s);

-- name: list
-- Newest first; every filter that is given holds.
select * from audit_log
where (%(actor)s::text is null or actor = %(actor)s)
    and (%(action)s::text is null or action = %(action)s or action like %(family)s)
    and (%(target)s::text is null or target = %(target)s)
    and (%(request_id)s::text is null or request_id = %(request_id)s)
    and (%(since)s::timestamptz is null or at >= %(since)s)
    and (%(until)s::timestamptz is null or at < %(until)s)
    and (%(before_id)s::bigint is null or id < %(before_id)s)
order by id desc
limit %(limit)s;
