-- name: facts
-- What recommendations rest on, of each present source.
select s.name, s.kind, p.name as product_name, s.owner, s.owner_guessed_from is not null as guessed,
    s.has_registered_schema, s.field_count, s.messages, s.report, s.schema, s.partitions,
    s.replication, s.first_seen, s.moved_at,
    array(
        select distinct c.team from consumers c
        where c.cluster = s.cluster and c.topic = s.name and c.team is not null order by c.team
    ) as teams,
    array(
        select distinct c.group_id from consumers c
        where c.cluster = s.cluster and c.topic = s.name order by c.group_id
    ) as groups
from sources s
left join products p on p.id = s.product_id
where s.cluster = %(cluster)s and s.status = 'present'
    and (%(names)s::text[] is null or s.name = any(%(names)s))
order by s.name;

-- name: lock
-- Two runs at once would both think that a recommendation is new.
select pg_advisory_xact_lock(hashtext('recommendations'), hashtext(%(cluster)s));

-- name: standing
select * from recommendations where cluster = %(cluster)s order by id;

-- name: add
insert into recommendations (cluster, subject, kind, status, sources, proposal, gist)
values (%(cluster)s, %(subject)s, %(kind)s, 'open', %(sources)s, %(proposal)s, %(gist)s)
returning *;

-- name: update
-- New figures; where its status changes, so that it is open or done again.
update recommendations set status = %(status)s, proposal = %(proposal)s, gist = %(gist)s,
    reopened = %(reopened)s, updated_at = now(),
    opened_at = case when %(again)s then now() else opened_at end
where id = %(id)s
returning *;

-- name: get
select * from recommendations where id = %(id)s;

-- name: get_for_update
select * from recommendations where id = %(id)s for update;

-- name: decide
update recommendations set status = %(status)s, decided_by = %(by)s, decided_at = now(),
    reason = %(reason)s, updated_at = now()
where id = %(id)s
returning *;

-- name: about
-- Open ones about any of these topics, the kinds in the given order.
select r.* from recommendations r
where status = 'open' and sources && %(names)s::text[]
    and exists (
        select from unnest(%(clusters)s::text[], %(names)s::text[]) as hit (cluster, name)
        where hit.cluster = r.cluster and hit.name = any(r.sources)
    )
order by array_position(%(kinds)s::text[], r.kind), r.id
limit %(limit)s;

-- name: list
-- The kinds in the given order, each oldest first; every filter that is given holds.
select r.*, k.place
from recommendations r
cross join lateral (select array_position(%(kinds)s::text[], r.kind) as place) k
where cluster = %(cluster)s
    and (
        %(after_place)s::int is null
        or (k.place, r.id) > (%(after_place)s::int, %(after_id)s::bigint)
    )
    and (%(status)s::text is null or status = %(status)s)
    and (%(kind)s::text is null or kind = %(kind)s)
    and (%(source)s::text is null or sources @> array[%(source)s::text])
order by k.place, r.id
limit %(limit)s;
