-- name: record
-- Who did what to what.
insert into audit_log (actor, action, target, before, after, request_id)
values (%(actor)s, %(action)s, %(target)s, %(before)s, %(after)s, %(request_id)s);

-- name: list
-- What was done to a target, or to all of them, newest first.
select * from audit_log
where (%(target)s::text is null or target = %(target)s)
    and (%(before_id)s::bigint is null or id < %(before_id)s)
order by id desc
limit %(limit)s;
