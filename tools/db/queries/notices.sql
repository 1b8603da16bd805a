-- name: first_analysis
-- When the cluster's first analysis ended: what was there by then is no news.
select min(finished_at) as ended from analyses where cluster = %(cluster)s and status = 'done';

-- name: add
-- Nothing where the fact was told already.
insert into notices (cluster, fact, team, recommendation_id, text)
values (%(cluster)s, %(fact)s, %(team)s, %(recommendation_id)s, %(text)s)
on conflict (cluster, fact) do nothing
returning id;

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
